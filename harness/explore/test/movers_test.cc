// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/movers.h"

#include <boost/test/unit_test.hpp>

namespace rxcheck {

namespace {

using nt::ObjectKind;
using nt::Touch;

constexpr uint64_t kCell = nt::object_name(ObjectKind::memory, 7);
constexpr uint64_t kLock = nt::object_name(ObjectKind::lock, 1);
constexpr uint64_t kOtherLock = nt::object_name(ObjectKind::lock, 2);
constexpr uint64_t kHistory = nt::object_name(ObjectKind::history, 0);

// One execution: threads come to positions and touch, as an exploration would have them.
class Execution {
 public:
  explicit Execution(Movers& movers) : movers_(movers) { movers.begin_execution(); }
  // The thread comes to the position; if it may not simply stay there, it is chosen. True if it stayed.
  bool at(unsigned thread, uint64_t position, std::optional<Movers::Lock> lock = std::nullopt) {
    if (thread != thread_) {
      movers_.choose(thread);  // at first it is where nothing is known
      thread_ = thread;
    }
    if (movers_.stays(thread, position, lock)) return true;
    movers_.choose(thread);
    return false;
  }
  std::optional<Touch> touch(uint64_t object, Touch how, uint32_t lock_class = 0) {
    return movers_.touch(thread_, object, how, lock_class);
  }
  std::optional<Touch> acquire(uint64_t lock, uint32_t lock_class) { return touch(lock, Touch::acquire, lock_class); }
  std::optional<Touch> release(uint64_t lock, uint32_t lock_class) { return touch(lock, Touch::release, lock_class); }
  // Writes the cell under the lock.
  void section(unsigned thread, uint64_t position, uint64_t lock, uint32_t lock_class) {
    at(thread, position, Movers::Lock{lock_class, true});
    acquire(lock, lock_class);
    at(thread, position + 1);
    touch(kCell, Touch::write);
    at(thread, position + 2);
    release(lock, lock_class);
  }

 private:
  Movers& movers_;
  unsigned thread_ = ~0u;
};

Movers fresh() {
  Movers movers;
  movers.begin();
  return movers;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(movers_suite)

BOOST_AUTO_TEST_CASE(what_two_threads_write_without_a_lock_makes_both_positions_racing) {
  Movers movers = fresh();
  Execution run(movers);
  run.at(1, 10);
  run.touch(kCell, Touch::write);
  run.at(2, 20);
  run.touch(kCell, Touch::read);
  BOOST_TEST(movers.learned());
  BOOST_TEST(movers.racing_positions() == 2u);
}

BOOST_AUTO_TEST_CASE(what_two_threads_write_under_one_lock_does_not) {
  Movers movers = fresh();
  Execution run(movers);
  run.section(1, 10, kLock, 1);
  run.section(2, 20, kLock, 1);
  BOOST_TEST(!movers.learned());
}

BOOST_AUTO_TEST_CASE(two_locks_of_a_class_keep_nothing_apart) {
  Movers movers = fresh();
  Execution run(movers);
  run.section(1, 10, kLock, 1);
  run.section(2, 20, kOtherLock, 1);
  BOOST_TEST(movers.racing_positions() == 2u);
}

// The order of two sections that have only the lock in common is not explored, so it proves nothing.
BOOST_AUTO_TEST_CASE(a_lock_that_is_not_held_at_both_accesses_keeps_nothing_apart) {
  Movers movers = fresh();
  Execution run(movers);
  run.at(1, 10);
  run.touch(kCell, Touch::write);
  run.at(1, 11, Movers::Lock{1, true});
  run.acquire(kLock, 1);
  run.release(kLock, 1);
  run.at(2, 20, Movers::Lock{1, true});
  run.acquire(kLock, 1);
  run.release(kLock, 1);
  run.at(2, 21);
  run.touch(kCell, Touch::write);
  BOOST_TEST(movers.racing_positions() == 2u);
}

BOOST_AUTO_TEST_CASE(a_lock_that_another_thread_has_given_back_is_held_no_more) {
  Movers movers = fresh();
  Execution run(movers);
  run.at(1, 10, Movers::Lock{1, true});
  run.acquire(kLock, 1);
  run.at(2, 20);
  run.release(kLock, 1);
  run.at(1, 11);
  run.touch(kCell, Touch::write);
  run.section(2, 30, kLock, 1);
  BOOST_TEST(movers.racing_positions() == 2u);
}

BOOST_AUTO_TEST_CASE(each_position_at_which_a_thread_meets_another_is_learned) {
  Movers movers = fresh();
  Execution run(movers);
  run.at(1, 10);
  run.touch(kCell, Touch::read);
  run.at(1, 11);
  run.touch(kCell, Touch::read);
  run.at(2, 20);
  run.touch(kCell, Touch::write);
  BOOST_TEST(movers.racing_positions() == 3u);
}

BOOST_AUTO_TEST_CASE(a_second_step_that_cannot_be_moved_needs_a_choice_before) {
  Movers movers = fresh();
  {
    Execution run(movers);
    run.at(1, 10);
    run.touch(kHistory, Touch::write);
    BOOST_TEST(run.at(1, 11));
    run.touch(kHistory, Touch::write);
    BOOST_TEST(movers.learned());
  }
  Execution run(movers);
  run.at(1, 10);
  run.touch(kHistory, Touch::write);
  BOOST_TEST(!run.at(1, 11));
  run.touch(kHistory, Touch::write);
  BOOST_TEST(!movers.learned());
}

BOOST_AUTO_TEST_CASE(after_a_release_nothing_is_acquired_without_a_choice) {
  Movers movers = fresh();
  Execution run(movers);
  BOOST_TEST(run.at(1, 10, Movers::Lock{1, true}));
  run.acquire(kLock, 1);
  run.release(kLock, 1);
  BOOST_TEST(!run.at(1, 11, Movers::Lock{1, true}));
}

BOOST_AUTO_TEST_CASE(a_lock_orders_nothing_until_somebody_has_a_chance_while_it_is_held) {
  Movers movers = fresh();
  {
    Execution run(movers);
    run.at(1, 10, Movers::Lock{1, true});
    BOOST_TEST(!run.acquire(kLock, 1).has_value());
    run.at(2, 20);  // it is the other's turn
    BOOST_TEST(movers.learned());
    BOOST_TEST(movers.split_sections() == 1u);
  }
  Execution run(movers);
  run.at(1, 10, Movers::Lock{1, true});
  BOOST_TEST((run.acquire(kLock, 1) == Touch::acquire));
  BOOST_TEST((run.release(kLock, 1) == Touch::release));
  BOOST_TEST(!run.at(1, 30, Movers::Lock{1, true}));  // others may hold it
  BOOST_TEST((run.acquire(kLock, 1) == Touch::pass));
  BOOST_TEST(!run.release(kLock, 1).has_value());
}

BOOST_AUTO_TEST_CASE(locks_that_are_taken_crosswise_are_taken_apart) {
  Movers movers = fresh();
  Execution run(movers);
  run.at(1, 10, Movers::Lock{1, true});
  run.acquire(kLock, 1);
  run.acquire(kOtherLock, 2);
  run.release(kOtherLock, 2);
  run.release(kLock, 1);
  BOOST_TEST(!movers.learned());
  run.at(2, 20, Movers::Lock{2, true});
  run.acquire(kOtherLock, 2);
  run.acquire(kLock, 1);
  BOOST_TEST(movers.split_sections() == 4u);
}

BOOST_AUTO_TEST_CASE(who_holds_a_lock_when_nobody_can_go_on_is_taken_apart) {
  Movers movers = fresh();
  Execution run(movers);
  run.at(1, 10, Movers::Lock{1, true});
  run.acquire(kLock, 1);
  movers.stuck();
  BOOST_TEST(movers.split_sections() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
