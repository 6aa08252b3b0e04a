// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/access_log.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(access_log)

namespace {

using namespace rxcheck;

// Two actors; when actor 1 is about to write RxCx+0x40 in Set, actor 2 goes on.
struct Fixture {
  Fixture() {
    for (unsigned actor : {1u, 2u}) executive.thread(actor).work = {static_cast<uint8_t>(actor), 1, 0, 0};
    Choice choice;
    choice.at = {{1, 0, 1}, "Set", Access::write, "RxCx+0x40", 1};
    choice.to = {2, 0, 0};
    schedule.choices = {choice};
    log.begin(schedule, executive, history);
  }

  void about_to(unsigned actor, Access access, const std::string& object) {
    nt::Point point;
    point.line = {static_cast<uint8_t>(actor), 0, 1};
    point.function = executive.names().intern("Set");
    point.access = access;
    point.object = executive.names().intern(object);
    log.preempt_at(point, actor, 1u << 1 | 1u << 2);
  }
  void touches(unsigned actor, uint64_t number, nt::Touch how) {
    log.touch(actor, nt::object_name(nt::ObjectKind::memory, number), how, nullptr);
  }

  nt::Executive executive;
  Schedule schedule;
  History history;
  AccessLog log;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(an_access_before_which_its_line_is_stopped_comes_after_those_of_the_others, Fixture) {
  about_to(1, Access::write, "RxCx+0x40");
  about_to(2, Access::read, "RxCx+0x40");
  touches(2, 8, nt::Touch::read);
  touches(1, 8, nt::Touch::write);
  BOOST_REQUIRE(log.accesses().size() == 2u);
  BOOST_TEST(log.accesses()[0].thread == 2u);
  BOOST_TEST(log.accesses()[1].thread == 1u);
  BOOST_TEST(log.accesses()[1].touched[0].writes);
  BOOST_REQUIRE(log.turns().size() == 1u);
  BOOST_TEST(log.turns()[0].from == 1u);
  BOOST_TEST(log.turns()[0].position == 0u);
}

BOOST_FIXTURE_TEST_CASE(the_locks_are_those_held_when_the_access_happens, Fixture) {
  about_to(2, Access::read, "RxCx+0x40");
  executive.thread(2).locks.push({0x1230, false, false});
  touches(2, 8, nt::Touch::read);
  BOOST_REQUIRE(log.accesses()[0].locks.size() == 1u);
  BOOST_TEST(log.accesses()[0].locks[0].address == 0x1230u);
  BOOST_TEST(!log.accesses()[0].locks[0].exclusive);
}

BOOST_FIXTURE_TEST_CASE(a_call_that_touches_nothing_is_written_down_when_its_line_goes_on, Fixture) {
  about_to(2, Access::call, "KeSetEvent");
  BOOST_TEST(log.accesses().empty());
  about_to(2, Access::read, "RxCx+0x48");
  BOOST_REQUIRE(log.accesses().size() == 1u);
  BOOST_TEST(log.accesses()[0].at.object == "KeSetEvent");
  BOOST_TEST(log.accesses()[0].touched.empty());
}

BOOST_FIXTURE_TEST_CASE(a_call_has_all_the_memory_that_it_touches_and_no_other_objects, Fixture) {
  about_to(2, Access::call, "ExFreePoolWithTag");
  touches(2, 8, nt::Touch::write);
  touches(2, 9, nt::Touch::write);
  log.touch(2, nt::object_name(nt::ObjectKind::lock, 8), nt::Touch::acquire, nullptr);
  BOOST_REQUIRE(log.accesses().size() == 1u);
  BOOST_TEST(log.accesses()[0].touched.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
