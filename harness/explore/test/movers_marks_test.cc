// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "harness/core/random.h"
#include "harness/explore/movers.h"

namespace rxcheck {

namespace {

using nt::ObjectKind;
using nt::Touch;

constexpr unsigned kThreads = 4;

// What one thread does at one position.
struct Act {
  unsigned thread;
  uint64_t position;
  uint64_t object;
  Touch how;
};

// Reads, writes and updates of few cells, waits, and sections under two locks, by threads that take turns.
std::vector<Act> acts(Random& random, unsigned count) {
  std::vector<Act> result;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned thread = random.below(kThreads);
    const uint64_t cell = object_name(ObjectKind::memory, 1 + random.below(3));
    const uint64_t lock = object_name(ObjectKind::lock, 1 + random.below(2));
    const uint64_t position = 10 + random.below(8);
    constexpr Touch kTouches[] = {Touch::read, Touch::write, Touch::update};
    const Act act{thread, position, cell, kTouches[random.below(3)]};
    switch (random.below(4)) {
      case 0:
        result.push_back({thread, 100 + lock % 2, lock, Touch::acquire});
        result.push_back(act);
        result.push_back({thread, 110 + lock % 2, lock, Touch::release});
        break;
      case 1:
        result.push_back({thread, position, object_name(ObjectKind::dispatcher, 1), Touch::wake});
        break;
      default:
        result.push_back(act);
        break;
    }
  }
  return result;
}

// What the movers answer to them, and what each thread then knows. With `marks`, one is set before each transition, and
// they are counted.
std::vector<uint64_t> answers(Movers& movers, const std::vector<Act>& acts, size_t* marks = nullptr) {
  std::vector<uint64_t> result;
  const auto choose = [&](unsigned thread) {
    if (marks != nullptr) {
      movers.mark();
      ++*marks;
    }
    movers.choose(thread);
  };
  unsigned running = kThreads;
  for (const Act& act : acts) {
    if (act.thread != running) choose(running = act.thread);
    const bool stays = movers.stays(act.thread, act.position, std::nullopt);
    if (!stays) choose(act.thread);
    const auto told = movers.touch(act.thread, act.object, act.how, static_cast<uint32_t>(act.object & 0xff));
    result.push_back(stays ? 1 : 0);
    result.push_back(told ? static_cast<uint64_t>(*told) : ~0ull);
    const auto clock = movers.clock(act.thread);
    result.insert(result.end(), clock.begin(), clock.end());
  }
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(movers_marks_suite)

// An execution that begins as one before it: after that one was taken back, and from nothing.
BOOST_AUTO_TEST_CASE(after_a_mark_was_come_back_to_all_is_as_if_nothing_had_come_after_it) {
  unsigned different = 0;
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    Random random(seed);
    const std::vector<Act> beginning = acts(random, 12), one = acts(random, 12), other = acts(random, 12);
    Movers movers;
    movers.begin();
    // What all of it teaches comes first: marks hold while nothing is learned.
    for (bool learned = true; learned;) {
      learned = false;
      for (const std::vector<Act>* end : {&one, &other}) {
        movers.begin_execution();
        answers(movers, beginning);
        answers(movers, *end);
        learned = learned || movers.learned();
      }
    }
    movers.begin_execution();
    answers(movers, beginning);
    const std::vector<uint64_t> expected = answers(movers, other);

    movers.begin_execution();
    size_t marks = 0, later = 0;
    answers(movers, beginning, &marks);
    movers.mark();
    answers(movers, one, &later);
    for (int again = 0; again < 2; ++again) {
      movers.back_to(marks);
      BOOST_TEST_REQUIRE((answers(movers, other, &later) == expected), "seed " << seed);
    }

    movers.begin_execution();
    answers(movers, beginning);
    answers(movers, one);
    if (answers(movers, other) != expected) ++different;
  }
  BOOST_TEST(different > 400u);  // what is not taken back would show
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
