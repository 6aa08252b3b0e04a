// SPDX-License-Identifier: Apache-2.0
//
// The examples in docs/format-*.md are files that this version reads.
#include <boost/test/unit_test.hpp>

#include "harness/core/history_text.h"
#include "harness/core/program_text.h"
#include "harness/core/test/why.h"
#include "harness/core/text_file.h"

namespace rxcheck {
namespace {

// The first fenced block of the page that begins with `first`.
std::string example(const std::string& page, const std::string& first) {
  const auto text = read_text_file(RXCHECK_SOURCE_DIR "/docs/" + page, 1 << 20);
  BOOST_REQUIRE_MESSAGE(text.ok(), why(text));
  const size_t begin = text->find("```\n" + first + "\n");
  BOOST_REQUIRE(begin != std::string::npos);
  const size_t end = text->find("```", begin + 4);
  return text->substr(begin + 4, end - begin - 4);
}

BOOST_AUTO_TEST_SUITE(format_pages)

BOOST_AUTO_TEST_CASE(the_example_of_a_program_file) {
  const auto file = parse_program(example("format-rxp.md", "rxp 1"), "format-rxp.md");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_TEST(file->schedule.choices.size() == 1U);
  BOOST_TEST((file->provenance && file->expectation));
}

BOOST_AUTO_TEST_CASE(the_example_of_a_history_file) {
  const std::string text = example("format-rxh.md", "rxh 1");
  const auto history = parse_history(text, "format-rxh.md");
  BOOST_REQUIRE_MESSAGE(history.ok(), why(history));
  BOOST_TEST(print(*history) == text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
