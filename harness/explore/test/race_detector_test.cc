// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/race_detector.h"

#include <boost/test/unit_test.hpp>

namespace rxcheck {

namespace {

using nt::MemoryUse;

constexpr uint64_t kAddress = 0x1000;
constexpr uint64_t kLock = 7;

class Watched : public RaceDetector {
 public:
  // True if it races.
  bool use(unsigned thread, MemoryUse how, uint64_t address = kAddress, uint32_t size = 4) {
    last = access({static_cast<uint8_t>(thread), how, thread, nullptr}, address, size);
    return last.has_value();
  }
  std::optional<Race> last;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(race_detector_suite)

BOOST_AUTO_TEST_CASE(a_read_races_with_a_write_that_nothing_orders) {
  Watched watched;
  BOOST_TEST(!watched.use(1, MemoryUse::write));
  BOOST_REQUIRE(watched.use(2, MemoryUse::read));
  BOOST_TEST(watched.last->address == kAddress);
  BOOST_TEST(watched.last->earlier.thread == 1);
  BOOST_TEST((watched.last->later.use == MemoryUse::read));
}

BOOST_AUTO_TEST_CASE(reads_race_with_no_read) {
  Watched watched;
  for (unsigned thread = 0; thread < 8; ++thread) BOOST_TEST(!watched.use(thread, MemoryUse::read));
  BOOST_TEST(watched.use(9, MemoryUse::write));
}

BOOST_AUTO_TEST_CASE(a_release_orders_with_an_acquisition_of_the_same_object_only) {
  Watched watched;
  watched.use(1, MemoryUse::write);
  watched.release(1, kLock);
  watched.acquire(2, kLock);
  BOOST_TEST(!watched.use(2, MemoryUse::write));
  watched.release(2, kLock);
  watched.acquire(3, kLock + 1);
  BOOST_TEST(watched.use(3, MemoryUse::write));
}

BOOST_AUTO_TEST_CASE(what_comes_after_the_release_is_not_ordered) {
  Watched watched;
  watched.release(1, kLock);
  watched.use(1, MemoryUse::write);
  watched.acquire(2, kLock);
  BOOST_TEST(watched.use(2, MemoryUse::read));
}

BOOST_AUTO_TEST_CASE(order_is_passed_on) {
  Watched watched;
  watched.use(1, MemoryUse::write);
  watched.release(1, kLock);
  watched.acquire(2, kLock);
  watched.release(2, kLock + 1);
  watched.acquire(3, kLock + 1);
  BOOST_TEST(!watched.use(3, MemoryUse::write));
}

BOOST_AUTO_TEST_CASE(every_one_of_several_readers_must_come_before_a_write) {
  Watched watched;
  watched.use(1, MemoryUse::read);
  watched.use(2, MemoryUse::read);
  watched.release(2, kLock);
  watched.acquire(3, kLock);
  BOOST_REQUIRE(watched.use(3, MemoryUse::write));
  BOOST_TEST(watched.last->earlier.thread == 1);
}

BOOST_AUTO_TEST_CASE(a_barrier_orders_all_with_all) {
  Watched watched;
  watched.use(1, MemoryUse::write);
  watched.barrier();
  BOOST_TEST(!watched.use(2, MemoryUse::write));
  BOOST_TEST(watched.use(3, MemoryUse::write));
}

BOOST_AUTO_TEST_CASE(interlocked_uses_race_with_plain_ones_and_not_with_each_other) {
  Watched watched;
  watched.use(1, MemoryUse::interlocked);
  BOOST_TEST(!watched.use(2, MemoryUse::interlocked));
  BOOST_TEST(!watched.use(3, MemoryUse::marked_read));
  BOOST_TEST(!watched.use(3, MemoryUse::interlocked_read));
  BOOST_TEST(watched.use(4, MemoryUse::read));
}

BOOST_AUTO_TEST_CASE(interlocked_uses_order_and_volatile_ones_do_not) {
  for (const bool interlocked : {true, false}) {
    Watched watched;
    watched.use(1, MemoryUse::write);
    watched.use(1, interlocked ? MemoryUse::interlocked : MemoryUse::marked_write, kAddress + 64);
    watched.use(2, interlocked ? MemoryUse::interlocked_read : MemoryUse::marked_read, kAddress + 64);
    BOOST_TEST(watched.use(2, MemoryUse::read) == !interlocked);
  }
}

BOOST_AUTO_TEST_CASE(a_free_races_with_whatever_is_not_before_it) {
  for (const MemoryUse use : {MemoryUse::read, MemoryUse::marked_read, MemoryUse::interlocked}) {
    Watched watched;
    watched.use(1, use, kAddress + 20);
    BOOST_REQUIRE(watched.use(2, MemoryUse::free, kAddress, 64));
    BOOST_TEST(watched.last->address == kAddress + 20);
  }
}

BOOST_AUTO_TEST_CASE(neighbours_in_one_word_are_not_taken_for_one) {
  Watched watched;
  watched.use(1, MemoryUse::write, kAddress, 1);
  BOOST_TEST(!watched.use(2, MemoryUse::write, kAddress + 1, 1));
  BOOST_TEST(!watched.use(3, MemoryUse::write, kAddress + 4, 4));
  BOOST_REQUIRE(watched.use(4, MemoryUse::read, kAddress - 8, 16));
  BOOST_TEST(watched.last->address == kAddress);
}

BOOST_AUTO_TEST_CASE(a_use_of_two_words_is_one_of_each) {
  Watched watched;
  watched.use(1, MemoryUse::write, kAddress + 6, 4);
  BOOST_TEST(!watched.use(2, MemoryUse::write, kAddress, 6));
  BOOST_TEST(!watched.use(2, MemoryUse::write, kAddress + 10, 6));
  BOOST_TEST(watched.use(2, MemoryUse::write, kAddress + 8, 1));
}

BOOST_AUTO_TEST_CASE(nothing_is_left_of_the_run_before) {
  Watched watched;
  for (uint64_t i = 0; i < 10'000; ++i) watched.use(1, MemoryUse::write, kAddress + 8 * i);
  watched.begin();
  for (uint64_t i = 0; i < 10'000; ++i) BOOST_REQUIRE(!watched.use(2, MemoryUse::write, kAddress + 8 * i));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
