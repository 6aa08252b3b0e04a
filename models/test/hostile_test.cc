// SPDX-License-Identifier: Apache-2.0
//
// Histories that no driver makes: the models refuse or ignore them, and stay within their memory.
#include <boost/test/unit_test.hpp>

#include "models/reference/reference.h"
#include "models/shadow/shadow.h"
#include "models/test/programs.h"

using namespace rxcheck;
using namespace rxcheck::models;

namespace {

constexpr uint32_t kStatuses[] = {0, 0x103, 0xC0000107, 0xC0000108, 0xC0000120, 0xC00000C4, 0xC0000225, 1, 0xff};

Event random_event(Random& random, size_t operations) {
  Event event;
  event.kind = static_cast<EventKind>(random.below(80));
  event.operation = static_cast<uint16_t>(random.chance(1, 20) ? random.next() : random.below(operations + 1));
  event.target = static_cast<uint16_t>(random.chance(1, 20) ? random.next() : random.below(operations + 1));
  event.status = kStatuses[random.below(std::size(kStatuses))];
  event.value = random.chance(1, 10) ? static_cast<uint32_t>(random.next()) : random.below(4);
  return event;
}

// Everything off, so that the machine goes on after what it would refuse.
ClauseSet nothing_enforced() {
  ClauseSet none;
  for (unsigned id = 0; id < kClauseLimit; ++id) none.switch_off(static_cast<ClauseId>(id));
  return none;
}

void judge_all(const History& history) {
  static Reference reference;
  static Reference indifferent(nothing_enforced());
  static Shadow shadow;
  (void)reference.judge(history);
  (void)reference.describe();
  BOOST_TEST(!indifferent.judge(history).has_value());
  (void)indifferent.describe();
  (void)shadow.compare(history);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile)

BOOST_AUTO_TEST_CASE(random_events_never_crash_the_models) {
  History history;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    history.program = test::random_program(random, 1 + random.below(20));
    for (Operation& op : history.program.operations) {
      if (random.chance(1, 20)) op.slot = static_cast<int32_t>(random.next());
      if (random.chance(1, 20)) op.connection = static_cast<uint8_t>(random.next());
      if (random.chance(1, 20)) op.kind = static_cast<OpKind>(random.below(kOpKinds));
    }
    history.events.clear();
    for (unsigned i = random.below(300); i > 0; --i)
      history.events.push_back(random_event(random, history.program.operations.size()));
    judge_all(history);
  }
}

BOOST_AUTO_TEST_CASE(damaged_histories_never_crash_the_models) {
  History history;
  Shadow shadow;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    shadow.run(test::random_program(random, 3 + random.below(20)), random, history);
    for (unsigned i = 1 + random.below(6); i > 0 && !history.events.empty(); --i) {
      const size_t at = random.below(static_cast<uint32_t>(history.events.size()));
      const size_t other = random.below(static_cast<uint32_t>(history.events.size()));
      switch (random.below(4)) {
        case 0:
          history.events.erase(history.events.begin() + static_cast<ptrdiff_t>(at));
          break;
        case 1:
          history.events.insert(history.events.begin() + static_cast<ptrdiff_t>(at), history.events[other]);
          break;
        case 2:
          std::swap(history.events[at], history.events[other]);
          break;
        default:
          history.events[at] = random_event(random, history.program.operations.size());
      }
    }
    judge_all(history);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_history_is_accepted) {
  judge_all(History());
  BOOST_TEST(!Reference().judge(History()).has_value());
  BOOST_TEST(!Shadow().compare(History()).has_value());
}

BOOST_AUTO_TEST_CASE(a_refused_history_leaves_no_trace_in_the_next) {
  Reference reference;
  Shadow shadow;
  History good;
  History bad;
  Random random(7);
  test::ProgramBuilder b;
  b.connect();
  b.open();
  b.disconnect(Level::not_forced);
  shadow.run(b.program, random, good);
  Shadow(Fault{2}).run(b.program, random, bad);
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(reference.judge(bad).has_value());
    BOOST_TEST(!reference.judge(good).has_value());
  }
}

BOOST_AUTO_TEST_SUITE_END()
