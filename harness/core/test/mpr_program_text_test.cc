// SPDX-License-Identifier: Apache-2.0
#include "harness/core/mpr_program_text.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <sstream>

#include "harness/core/mpr_history.h"
#include "harness/core/program_text.h"
#include "harness/core/test/why.h"
#include "harness/core/text_file.h"

namespace rxcheck::mpr {
namespace {

const std::string kCanonical = R"(rxp 1
surface mpr
title a bit of everything
provider rxnp1
provider rxnp2 serves \\beta ignores-force ignores-open-files cancels-share
notifyee rxhear1
connection X: \\alpha\share
connection \\beta\share
1 netadd X: => NO_ERROR
1 netadd \\beta\share WNetAddConnection2A
1 netopen X: -> f1 => NO_ERROR
1 netopen X: current -> f2
1 netcancel X: FALSE => ERROR_OPEN_FILES
1 netcancel X: TRUE WNetCancelConnection2W => 1234
1 netclose f2
1 netlist X:
expect divergent C74 "C74 | busy | netcancel"
end
)";

std::string error_of(const std::string& text) {
  const auto file = mpr::parse_program(text, "a.rxp");
  return file ? "parses" : file.error().text();
}

// The error about one line after a good head of four.
std::string error_at(const std::string& line) {
  return error_of("rxp 1\nsurface mpr\nprovider np\nconnection X: \\\\s\\t\n" + line + "\nend\n");
}

std::string without_comments(const std::string& text) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with('#')) kept += line + "\n";
  return kept;
}

BOOST_AUTO_TEST_SUITE(mpr_program_text)

BOOST_AUTO_TEST_CASE(the_canonical_text_prints_as_it_was_read) {
  const auto file = mpr::parse_program(kCanonical, "a.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  BOOST_TEST(print(*file) == kCanonical);
  BOOST_TEST((*mpr::parse_program(print(*file), "a.rxp") == *file));
  BOOST_TEST(file->program.providers.size() == 2U);
  BOOST_TEST(file->program.operations.size() == 8U);
}

BOOST_AUTO_TEST_CASE(every_scenario_and_known_divergence_is_valid_and_canonical) {
  for (const std::string folder : {"mpr", "known/wine-mpr"}) {
    unsigned count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(RXCHECK_SOURCE_DIR "/corpora/" + folder)) {
      if (entry.path().extension() != ".rxp") continue;
      const auto text = read_text_file(entry.path().string(), kMaxProgramFileBytes);
      BOOST_REQUIRE_MESSAGE(text.ok(), why(text));
      const auto file = mpr::parse_program(*text, entry.path().string());
      BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
      BOOST_TEST(print(*file) == without_comments(*text), entry.path());
      BOOST_TEST(!file->program.title.empty(), entry.path());
      BOOST_TEST(file->expectation.has_value() == (folder != "mpr"), entry.path());
      const std::string stem = entry.path().stem().string();
      BOOST_TEST(text->starts_with("rxp 1\n# C" + stem.substr(1, stem.find('-') - 1) + "."), entry.path());
      ++count;
    }
    BOOST_TEST(count >= 4U);
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_said_in_one_line_with_its_place_and_a_remedy) {
  BOOST_TEST(error_of("rxp 1\nsurface moon\nend\n") == "a.rxp:2: this surface is not known; write `surface mpr`");
  BOOST_TEST(error_of("rxp 1\nend\n") == "a.rxp: the program is empty; write `surface mpr` and operations");
  BOOST_TEST(
      error_of("rxp 1\ntitle a\nend\n") ==
      "a.rxp:2: this is a program of the kernel's surface; leave out --surface mpr, or write `surface mpr` first");
  BOOST_TEST(error_at("1 netlist Y:") ==
             "a.rxp:5: there is no connection `Y:`; declare it above the operations with a `connection` line");
  BOOST_TEST(error_at("1 netclose f1") == "a.rxp:5: nothing above opens `f1`; open it with `netopen X: -> f1` first");
  BOOST_TEST(error_at("2 netlist X:") == "a.rxp:5: `2` is not an actor; this surface has actor 1 only");
  BOOST_TEST(
      error_at("1 connect X:") ==
      "a.rxp:5: `connect` is not an operation of this surface; use netadd, netcancel, netopen, netclose or netlist");
  BOOST_TEST(error_at("1 netcancel X:") ==
             "a.rxp:5: netcancel is written otherwise; write `1 netcancel X: FALSE|TRUE [WNetCancelConnection2A]`");
  BOOST_TEST(error_at("1 netlist X: => FILES_OPEN") ==
             "a.rxp:5: `FILES_OPEN` is not a Win32 error; write a name as ERROR_OPEN_FILES, or 2401");
  BOOST_TEST(
      error_at("provider np2") ==
      "a.rxp:5: `provider` comes too late; order: surface, title, providers, notifyees, connections, operations, "
      "expect");
  BOOST_TEST(error_at("connection X: \\\\s\\u") ==
             "a.rxp:5: there are two connections X:; name each connection once, as `X: \\\\server\\share`");
  BOOST_TEST(
      error_of("rxp 1\nsurface mpr\nprovider np\nprovider np\nend\n").starts_with("a.rxp:4: `np` is there twice"));
  BOOST_TEST(error_of("rxp 1\nsurface mpr\nprovider np flies\nend\n").starts_with("a.rxp:3: `flies` is not a fault"));
  BOOST_TEST(error_of("rxp 1\nsurface mpr\nprovider N/P\nend\n").starts_with("a.rxp:3: `N/P` is not a name"));
  for (const auto* line : {"1", "1 netopen X:", "1 netopen X: -> 1f", "1 netadd X: -> f1", "1 netadd X: WNetNothing",
                           "1 netcancel X: MAYBE", "1 netopen X: FALSE -> f1", "expect maybe", "provider", "notifyee",
                           "connection X:", "switch a1 f call o #1 -> a2"})
    BOOST_TEST(error_at(line).starts_with("a.rxp:5: "), line);
}

BOOST_AUTO_TEST_CASE(no_file_cut_short_is_taken_for_a_program) {
  for (size_t length = 0; length + 1 < kCanonical.size(); ++length)
    BOOST_TEST(!mpr::parse_program(kCanonical.substr(0, length), "a.rxp").ok(), length);
}

BOOST_AUTO_TEST_CASE(the_kernels_reader_says_how_such_a_file_is_run) {
  const auto file = rxcheck::parse_program(kCanonical, "a.rxp");
  BOOST_REQUIRE(!file.ok());
  BOOST_TEST(
      file.error().text() ==
      "a.rxp:2: this is a program of another surface than the kernel's; use `rxcheck replay --surface mpr`, which "
      "runs it");
}

BOOST_AUTO_TEST_CASE(callouts_are_read_as_they_are_written) {
  const Callout callouts[] = {
      {Callout::Kind::provider_add, "np", "\\\\s\\t", false, false, 67, 0},
      {Callout::Kind::provider_cancel, "np", "X:", true, false, 2401, 0},
      {Callout::Kind::add_notify, "hear", "\\\\s\\t", false, false, 0, 0},
      {Callout::Kind::cancel_notify, "hear", "X:", false, true, 2250, 7},
  };
  for (const Callout& callout : callouts) BOOST_TEST((parse_callout(text_of(callout)) == callout), text_of(callout));
  for (const auto* text : {"", "np", "np NPCancelConnection X: MAYBE 0", "np NPCancelConnection X: TRUE",
                           "np NPCancelConnection X: TRUE 0 0", "np NPFly X: 0", "hear CancelConnectNotify X: PRE 0 0",
                           "np NPAddConnection3 X: \\\\s\\t x"})
    BOOST_TEST(!parse_callout(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::mpr
