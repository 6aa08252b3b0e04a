// SPDX-License-Identifier: Apache-2.0
//
// The files in corpora/scenarios: documented behaviours with their results written down before any run. Whether drivers
// keep to them is tested where there are targets; here, that every file is what it should be.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "harness/core/program_text.h"
#include "harness/core/test/why.h"
#include "harness/core/text_file.h"

namespace rxcheck {
namespace {

std::vector<std::filesystem::path> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(RXCHECK_SOURCE_DIR "/corpora/" + folder))
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::vector<std::filesystem::path> scenario_files() { return files_of("scenarios"); }

std::string without_comments(const std::string& text) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with('#')) kept += line + "\n";
  return kept;
}

// "c46-..." or "net-use-...": lower-case words.
bool is_well_named(const std::string& stem) {
  const auto dash = stem.find('-');
  if (dash == std::string::npos) return false;
  const std::string head = stem.substr(0, dash);
  const bool clause =
      head.size() >= 3 && head[0] == 'c' && head.find_first_not_of("0123456789", 1) == std::string::npos;
  return (clause || stem.starts_with("net-use-")) &&
         stem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

BOOST_AUTO_TEST_SUITE(scenarios)

BOOST_AUTO_TEST_CASE(every_file_is_valid_and_canonical) {
  const auto files = scenario_files();
  BOOST_TEST(files.size() >= 45U);
  for (const auto& path : files) {
    const auto text = read_text_file(path.string(), kMaxProgramFileBytes);
    BOOST_REQUIRE_MESSAGE(text.ok(), why(text));
    const auto file = parse_program(*text, path.string());
    BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
    BOOST_TEST(!why_invalid(file->program), path);
    BOOST_TEST(print(*file) == without_comments(*text), path);
  }
}

BOOST_AUTO_TEST_CASE(every_variant_has_a_file_of_its_own) {
  std::set<std::string> named;
  for (const auto& path : files_of("variants")) {
    const auto text = read_text_file(path.string(), kMaxProgramFileBytes);
    BOOST_REQUIRE_MESSAGE(text.ok(), why(text));
    const auto file = parse_program(*text, path.string());
    BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
    BOOST_TEST(text->starts_with("rxp 1\n# C"), path);
    BOOST_TEST(print(*file) == without_comments(*text), path);
    BOOST_TEST(names_of(file->program.variants) == path.stem().string());
    named.insert(path.stem().string());
  }
  BOOST_TEST(named.size() == kVariants);
}

BOOST_AUTO_TEST_CASE(every_file_says_what_it_shows_and_where_that_is_written) {
  for (const auto& path : scenario_files()) {
    const std::string stem = path.stem().string();
    BOOST_TEST((path.extension() == ".rxp" && is_well_named(stem)), path);
    const std::string text = *read_text_file(path.string(), kMaxProgramFileBytes);
    const ProgramFile file = *parse_program(text, path.string());
    BOOST_TEST(text.starts_with("rxp 1\n# C"), path);
    if (stem[0] == 'c') {
      const std::string clause = "# C" + std::to_string(std::stoi(stem.substr(1)));
      BOOST_TEST((text.substr(6).starts_with(clause + ".") || text.substr(6).starts_with(clause + ",")), path);
    }
    BOOST_TEST(!file.program.title.empty(), path);
    BOOST_TEST(
        std::ranges::any_of(file.program.operations, [](const Operation& op) { return op.expected.has_value(); }),
        path);
    // A result that is written down holds under every schedule, so there is none in the file.
    BOOST_TEST(file.schedule.choices.empty(), path);
    BOOST_TEST(!file.expectation.has_value(), path);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
