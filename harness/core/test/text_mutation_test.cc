// SPDX-License-Identifier: Apache-2.0
//
// Seeded mutation of good files: whatever the bytes, the parsers answer with a value or with an error of one line that
// has a place and a remedy; what parses prints and parses again to the same.
#include <boost/test/unit_test.hpp>

#include "harness/core/history_text.h"
#include "harness/core/program_text.h"
#include "harness/core/random.h"
#include "harness/core/test/why.h"

namespace rxcheck {
namespace {

constexpr std::string_view kProgram = R"(rxp 1
title a title
connection X: \\server\share
connection \\server\other
path \dir\file
1 connect X: hold -> r1 => SUCCESS
1 open X: \file1 -> f1
2 read f1 bare -> r2
3 set r2 NULL => 0xC0001234
3 reference r2 -> k1
1 dereference k1
1 tree \\server\other -> t1
1 finalize t1 0xff
switch a2.1/worker RxSetMinirdrCancelRoutine write RxCx+0x48 #1 -> a3
pick a1.2 - block IRP%20 #1 -> a2
from seed 7 program 123 schedule 9
expect divergent C46 "read \"r1\" \\ set"
end
)";

constexpr std::string_view kHistory = R"(rxh 1
connection X: \\server\share
1 connect X:
1 open X: \file1 -> f1
2 read f1 -> r1
0 close f1
events
a1.1 call
a2.1 effect submit f1 SUCCESS value=1
a2.1 upcall set_leave r1 A CANCELLED
- callout cancel_routine r1 value=4
a1.2 effect finalize TRUE value=1
a2.1 effect tree status=PENDING
a0.1 skip
end
)";

std::string mutated(std::string text, Random& random) {
  const auto at = [&] { return random.below(static_cast<uint32_t>(text.size()) + 1); };
  for (uint32_t count = 1 + random.below(4); count > 0; --count) {
    const size_t from = at(), length = std::min<size_t>(random.below(12), text.size() - from);
    switch (random.below(6)) {
      case 0:
        text.erase(from, length);
        break;
      case 1:
        text.insert(at(), text.substr(from, length));
        break;
      case 2:
        text.insert(from, 1, static_cast<char>(random.below(256)));
        break;
      case 3:
        text.insert(from, 1, " \n#-=>.:\\%\"/0919aX"[random.below(18)]);
        break;
      case 4:
        if (from < text.size()) text[from] ^= static_cast<char>(1U << random.below(8));
        break;
      case 5: {  // a whole line again, or not at all
        const size_t begin = text.rfind('\n', from) + 1, end = std::min(text.find('\n', from), text.size() - 1) + 1;
        if (begin >= end || text.empty()) break;
        const std::string line = text.substr(begin, end - begin);
        random.chance(1, 2) ? text.insert(begin, line) : text.erase(begin, line.size());
        break;
      }
    }
  }
  return text;
}

void check_error(const Error& error) {
  BOOST_REQUIRE(!error.message.empty() && !error.remedy.empty() && error.place.starts_with("name"));
  for (const char c : error.text()) BOOST_REQUIRE_MESSAGE(c >= ' ' && c <= '~', error.text());
}

constexpr int kRounds = 100'000;

BOOST_AUTO_TEST_SUITE(text_mutation)

BOOST_AUTO_TEST_CASE(no_program_file_surprises_the_parser) {
  Random random(46);
  int parsed = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto file = parse_program(mutated(std::string(kProgram), random), "name");
    if (!file) {
      check_error(file.error());
      continue;
    }
    ++parsed;
    BOOST_REQUIRE(!why_invalid(file->program));
    const auto again = parse_program(print(*file), "again");
    BOOST_REQUIRE_MESSAGE(again.ok(), why(again) << "\n" << print(*file));
    BOOST_REQUIRE(*again == *file);
  }
  BOOST_TEST(parsed > kRounds / 50);
  BOOST_TEST(parsed < kRounds / 2);
}

BOOST_AUTO_TEST_CASE(no_history_file_surprises_the_parser) {
  Random random(47);
  int parsed = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto history = parse_history(mutated(std::string(kHistory), random), "name");
    if (!history) {
      check_error(history.error());
      continue;
    }
    ++parsed;
    const auto again = parse_history(print(*history), "again");
    BOOST_REQUIRE_MESSAGE(again.ok(), why(again) << "\n" << print(*history));
    BOOST_REQUIRE(*again == *history);
  }
  BOOST_TEST(parsed > kRounds / 50);
  BOOST_TEST(parsed < kRounds / 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
