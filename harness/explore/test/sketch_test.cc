// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/sketch.h"

#include <boost/test/unit_test.hpp>

#include "harness/explore/generator.h"

namespace rxcheck {

BOOST_AUTO_TEST_SUITE(sketch_suite)

BOOST_AUTO_TEST_CASE(a_sketch_for_any_cell_is_a_valid_program_with_a_delete_of_its_level) {
  const models::CellSet cells = models::reachable_cells();
  Program usual;
  Sketch made;
  for (unsigned cell = 0; cell < models::kCells; ++cell) {
    if (!cells[cell]) continue;
    for (uint64_t seed = 0; seed < 50; ++seed) {
      Random random(seed * models::kCells + cell);
      generate(random, {}, usual);
      sketch(models::cell_at(cell), usual, random, made);
      const auto why = why_invalid(made.program);
      BOOST_REQUIRE_MESSAGE(!why, models::name_of(models::cell_at(cell)) << ": " << why.value_or(""));
      bool deletes = false;
      for (const Operation& op : made.program.operations)
        deletes = deletes || (is_delete(op.kind) && op.level == models::cell_at(cell).level);
      BOOST_REQUIRE(deletes);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_chance_gives_the_same_sketch) {
  Program usual;
  Random first(7), second(7);
  Sketch one, other;
  generate(first, {}, usual);
  generate(second, {}, usual);
  const models::Cell cell = *models::parse_cell("TRUE orphaned cancelled-owed");
  sketch(cell, usual, first, one);
  sketch(cell, usual, second, other);
  BOOST_TEST((one.program == other.program));
  BOOST_TEST(one.stages.size() == other.stages.size());
}

BOOST_AUTO_TEST_CASE(a_window_that_is_a_race_has_stages) {
  Program usual;
  Random random(7);
  generate(random, {}, usual);
  Sketch made;
  sketch(*models::parse_cell("FALSE referenced-trees setting"), usual, random, made);
  BOOST_TEST(!made.stages.empty());
  sketch(*models::parse_cell("FALSE referenced-trees routine"), usual, random, made);
  BOOST_TEST(made.stages.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
