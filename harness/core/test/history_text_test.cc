// SPDX-License-Identifier: Apache-2.0
#include "harness/core/history_text.h"

#include <boost/test/unit_test.hpp>

#include "harness/core/random.h"
#include "harness/core/status.h"
#include "harness/core/test/why.h"

namespace rxcheck {
namespace {

const std::string kHead = R"(rxh 1
connection X: \\server\share
1 connect X:
1 open X: \file1 -> f1
2 read f1 -> r1
0 close f1
events
)";

const std::string kCanonical = kHead + R"(a1.1 call
a1.1 start SUCCESS
a1.1 callout create_v_net_root value=1
a1.1 effect connect value=1
a1.1 return SUCCESS value=1
a1.2 effect open value=1
a2.1 effect submit f1 SUCCESS value=1
a2.1 upcall set_enter r1 A
a2.1 effect set r1 A
- effect cancel r1
a2.1 upcall set_leave r1 A CANCELLED
- callout cancel_routine r1 B
- effect finish r1 CANCELLED
- effect finish a1.1 0xC0001234
a1.2 effect finalize 0xff value=1
a1.2 effect finalize FALSE value=1
a2.1 effect tree status=PENDING value=7
- callout cancel_routine r1 value=4
a2.1 completed CANCELLED
- quiescent
a0.1 skip
- end
end
)";

std::string error_at(const std::string& line) {
  const auto history = parse_history(kHead + line + "\nend\n", "a.rxh");
  return history ? "parses" : history.error().text();
}

BOOST_AUTO_TEST_SUITE(history_text)

BOOST_AUTO_TEST_CASE(the_canonical_text_prints_as_it_was_read) {
  // `start` is an effect: the text above leaves the group out on purpose, and is refused for it.
  BOOST_TEST(parse_history(kCanonical, "a.rxh").error().text() ==
             "a.rxh:9: `start` is no such event; see docs/format-rxh.md");
  std::string text = kCanonical;
  text.replace(text.find("start"), 5, "effect start");
  const auto history = parse_history(text, "a.rxh");
  BOOST_REQUIRE_MESSAGE(history.ok(), why(history));
  BOOST_TEST(history->program_operations == 3U);
  BOOST_TEST(history->events[6].target == 1U);
  BOOST_TEST(history->events[10].status == status::kCancelled);
  BOOST_TEST(print(*history) == text);
  BOOST_TEST(canonical_trace(*history) == text.substr(kHead.size(), text.size() - kHead.size() - 4));
}

BOOST_AUTO_TEST_CASE(any_event_that_names_operations_survives) {
  Random random(1);
  History history = *parse_history(kHead + "end\n", "a.rxh");
  const auto any = [&](uint32_t count) {
    const uint32_t index = random.below(count + 1);
    return index == count ? kNoOperation : static_cast<uint16_t>(index);
  };
  for (unsigned number = 1; number < 128; ++number) {
    const auto kind = static_cast<EventKind>(number);
    if (name_of(kind) == "?") continue;
    for (int i = 0; i < 200; ++i) {
      const uint32_t status = random.chance(1, 2) ? random.below(300) : static_cast<uint32_t>(random.next());
      const uint32_t value = random.chance(1, 2) ? random.below(5) : static_cast<uint32_t>(random.next());
      history.events.push_back({kind, 0, any(4), any(4), 0, status, value});
    }
  }
  const auto again = parse_history(print(history), "again");
  BOOST_REQUIRE_MESSAGE(again.ok(), why(again));
  BOOST_TEST((*again == history));
}

BOOST_AUTO_TEST_CASE(printing_never_fails) {
  History history = *parse_history(kHead + "end\n", "a.rxh");
  history.events.push_back({EventKind::finish, 0, 77, 99, 0, 0, 0});
  BOOST_TEST(canonical_trace(history) == "?77 effect finish ?99 SUCCESS\n");
}

BOOST_AUTO_TEST_CASE(errors_name_the_place_and_the_remedy) {
  BOOST_TEST(error_at("a1.1 call") == "parses");
  BOOST_TEST(error_at("a1.3 call") == "a.rxh:8: `a1.3` is no operation of this history; write `a1.2`, or - for none");
  BOOST_TEST(error_at("a1.1") == "a.rxh:8: the event is missing; write one, as `a1.2 call`");
  BOOST_TEST(error_at("a1.1 effect") == "a.rxh:8: the event is missing; write one, as `a1.2 call`");
  BOOST_TEST(error_at("a1.1 callout open").find("no such event") != std::string::npos);
  BOOST_TEST(error_at("a1.1 return") == "a.rxh:8: the status is missing; write it last, as SUCCESS");
  BOOST_TEST(error_at("a1.1 return GOOD").find("not a status") != std::string::npos);
  BOOST_TEST(error_at("a1.1 effect set r1") == "a.rxh:8: the routine is missing; write A, B, C or NULL");
  BOOST_TEST(error_at("a1.1 effect open f9 value=1").find("nothing of this history") != std::string::npos);
  BOOST_TEST(error_at("a1.1 effect open f1 f1").find("too many words") != std::string::npos);
  for (const char* line :
       {"a1.1 effect open value=0", "a1.1 effect open value=x", "a1.1 effect open value=4294967296",
        "a1.1 effect set r1 value=1", "a1.1 call status=SUCCESS", "a1.1 call status=", "a1.1 call -"})
    BOOST_TEST(error_at(line).starts_with("a.rxh:8: "), line);
  const auto error_of = [](const std::string& text) { return parse_history(text, "a.rxh").error().text(); };
  BOOST_TEST(error_of("rxh 1\nend\n") == "a.rxh: there is no line `events`; put it between operations and events");
  BOOST_TEST(error_of("rxh 1\nexpect clean\nevents\nend\n").find("begins no line before `events`") !=
             std::string::npos);
  BOOST_TEST(error_of("rxh 1\nconnection X: \\\\s\\t\n0 list X:\n1 list X:\nevents\nend\n").find("a.rxh:4: ") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
