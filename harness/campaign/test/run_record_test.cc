// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_record.h"

#include <boost/test/unit_test.hpp>

namespace rxcheck {
namespace {

std::string why_refused(std::string_view text) {
  const auto cells = cells_of_record(text, "run.json");
  return cells ? "" : cells.error().message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_record_suite)

BOOST_AUTO_TEST_CASE(the_cells_of_a_record_are_those_that_were_written) {
  models::CellSet cells;
  cells.set(0);
  cells.set(models::kCells - 1);
  std::string list;
  for (const std::string& name : cells_for_record(cells)) list += (list.empty() ? "\"" : ", \"") + name + "\"";
  const auto read = cells_of_record("{\"verdict\": \"clean\", \"cells\": [" + list + "]}", "run.json");
  BOOST_REQUIRE(read.ok());
  BOOST_TEST((*read == cells));
}

BOOST_AUTO_TEST_CASE(what_is_no_record_is_refused_in_words) {
  for (const char* text : {"", "{", "[]", "7", "{}", "{\"cells\": 7}", "{\"cells\": {}}", "{\"cells\": [\"\xff\"]}"})
    BOOST_TEST(why_refused(text) == "this file has no list of cells", text);
  BOOST_TEST(why_refused("{\"cells\": [7]}") == "number is no cell");
  BOOST_TEST(why_refused("{\"cells\": [\"TRUE nowhere none\"]}").find("is no cell") != std::string::npos);
  BOOST_TEST(why_refused(std::string(100'000, '[')) == "this file has no list of cells");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
