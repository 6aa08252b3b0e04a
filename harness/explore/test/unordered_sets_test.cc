// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/unordered_sets.h"

#include <boost/test/unit_test.hpp>

#include "harness/explore/movers.h"

namespace rxcheck {

namespace {

using nt::memory_object;
using nt::SetUse;
using nt::Touch;

struct Links {
  void* next = nullptr;
  void* previous = nullptr;
};
alignas(16) Links g_set, g_entry, g_other;
alignas(8) uint64_t g_number;

struct Fixture {
  UnorderedSets sets;
  Fixture() { sets.begin(); }
  // As RxSetAdd and RxSetRemove do.
  void update(unsigned thread, const Links& entry, SetUse use) {
    sets.use(thread, &g_set, &entry, use);
    sets.touch(thread, memory_object(&entry), Touch::write);
    sets.touch(thread, memory_object(&g_set), Touch::write);
    sets.use(thread, &g_set, &entry, SetUse::done);
  }
  bool is_told_as(unsigned thread, const void* address, Touch how, const void* as, Touch told_as) {
    const auto told = sets.touch(thread, memory_object(address), how);
    return told.object == memory_object(as) && told.how == told_as;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(unordered_sets, Fixture)

BOOST_AUTO_TEST_CASE(what_an_update_touches_is_an_update_of_the_set) {
  sets.use(1, &g_set, &g_entry, SetUse::adds);
  BOOST_TEST(is_told_as(1, &g_entry.next, Touch::write, &g_set, Touch::update));
  BOOST_TEST(is_told_as(1, &g_set.previous, Touch::read, &g_set, Touch::update));
  sets.use(1, &g_set, nullptr, SetUse::done);
  sets.use(1, &g_set, nullptr, SetUse::counts);
  BOOST_TEST(is_told_as(1, &g_number, Touch::write, &g_set, Touch::update));
  BOOST_TEST(!sets.learned());
}

BOOST_AUTO_TEST_CASE(a_look_at_the_set_reads_it_and_conflicts_with_updates) {
  sets.use(1, &g_set, nullptr, SetUse::looks);
  BOOST_TEST(is_told_as(1, &g_set.next, Touch::read, &g_set, Touch::read));
  BOOST_TEST(conflict(Touch::read, Touch::update));
  BOOST_TEST(!conflict(Touch::update, Touch::update));
  BOOST_TEST(conflict(Touch::write, Touch::update));
}

BOOST_AUTO_TEST_CASE(another_thread_and_other_memory_are_told_as_they_are) {
  sets.use(1, &g_set, &g_entry, SetUse::adds);
  BOOST_TEST(is_told_as(2, &g_number, Touch::write, &g_number, Touch::write));
  sets.use(1, &g_set, nullptr, SetUse::done);
  BOOST_TEST(is_told_as(1, &g_number, Touch::write, &g_number, Touch::write));
  BOOST_TEST(!sets.learned());
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_written_while_it_is_in_the_set_gives_the_set_an_order) {
  update(1, g_entry, SetUse::adds);
  BOOST_TEST(is_told_as(2, &g_entry.previous, Touch::write, &g_entry.previous, Touch::write));
  BOOST_TEST(sets.learned());
  sets.begin_execution();
  BOOST_TEST(!sets.learned());
  sets.use(1, &g_set, &g_entry, SetUse::adds);
  BOOST_TEST(is_told_as(1, &g_set, Touch::write, &g_set, Touch::write));
}

BOOST_AUTO_TEST_CASE(an_entry_is_anybodys_before_it_is_in_the_set_and_after) {
  BOOST_TEST(is_told_as(1, &g_entry, Touch::write, &g_entry, Touch::write));
  update(1, g_entry, SetUse::adds);
  update(1, g_other, SetUse::adds);
  update(2, g_entry, SetUse::removes);
  BOOST_TEST(is_told_as(2, &g_entry, Touch::write, &g_entry, Touch::write));
  BOOST_TEST(is_told_as(2, &g_entry.previous, Touch::write, &g_entry.previous, Touch::write));
  BOOST_TEST(!sets.learned());
  sets.touch(2, memory_object(&g_other), Touch::read);
  BOOST_TEST(sets.learned());
}

BOOST_AUTO_TEST_CASE(a_number_that_is_changed_by_something_else_gives_the_set_an_order) {
  sets.use(1, &g_set, nullptr, SetUse::counts);
  sets.touch(1, memory_object(&g_number), Touch::write);
  sets.use(1, &g_set, nullptr, SetUse::done);
  sets.touch(1, memory_object(&g_number), Touch::read);
  BOOST_TEST(sets.learned());
}

BOOST_AUTO_TEST_CASE(a_driver_can_say_that_the_order_matters) {
  update(1, g_entry, SetUse::adds);
  sets.use(2, &g_set, nullptr, SetUse::ordered);
  BOOST_TEST(sets.learned());
  sets.begin();
  BOOST_TEST(!sets.learned());
  sets.use(1, &g_set, &g_entry, SetUse::adds);
  BOOST_TEST(is_told_as(1, &g_set, Touch::write, &g_set, Touch::update));
}

BOOST_AUTO_TEST_CASE(updates_that_no_lock_keeps_apart_are_writes) {
  Movers movers;
  movers.begin();
  const auto update_by = [&](unsigned thread) {
    movers.choose(thread);
    movers.stays(thread, 7, std::nullopt);
    return *movers.touch(thread, memory_object(&g_set), Touch::update);
  };
  movers.begin_execution();
  update_by(1);
  update_by(2);
  BOOST_TEST(movers.learned());
  movers.begin_execution();
  BOOST_TEST((update_by(1) == Touch::write));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
