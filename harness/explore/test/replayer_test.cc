// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/replayer.h"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(replayer)

namespace {

using namespace rxcheck;

// Two actors, and one choice: when actor 1 writes RxCx+0x40 in Set for the first time, actor 2 goes on.
struct Fixture {
  Fixture() {
    for (unsigned actor : {1u, 2u}) executive.thread(actor).work = {static_cast<uint8_t>(actor), 1, 0, 0};
    Choice choice;
    choice.at = {{1, 0, 1}, "Set", Access::write, "RxCx+0x40", 1};
    choice.to = {2, 0, 0};
    schedule.choices = {choice};
  }

  // Who goes on when actor 1 stands at this point.
  unsigned at(const std::string& function, const std::string& object, uint32_t occurrence = 1,
              Access access = Access::write) {
    nt::Point point;
    point.line = {1, 0, 1};
    point.function = executive.names().intern(function);
    point.access = access;
    point.object = executive.names().intern(object);
    point.occurrence = occurrence;
    return replayer.preempt_at(point, 1, 1u << 1 | 1u << 2);
  }

  nt::Executive executive;
  Schedule schedule;
  Replayer replayer;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(an_exact_replay_switches_at_the_named_point_only, Fixture) {
  replayer.begin(schedule, executive, Likeness::exact);
  BOOST_TEST(at("Set", "RxCx+0x48") == 1u);
  BOOST_TEST(at("Mark", "RxCx+0x40") == 1u);
  BOOST_TEST(at("Set", "RxCx+0x40", 2) == 1u);
  BOOST_TEST(replayer.left());
  BOOST_TEST(at("Set", "RxCx+0x40") == 2u);
  BOOST_TEST(!replayer.left());
}

BOOST_FIXTURE_TEST_CASE(with_any_offset_the_occurrence_counts_all_fields_of_such_an_object, Fixture) {
  schedule.choices[0].at.occurrence = 3;
  replayer.begin(schedule, executive, Likeness::any_offset);
  BOOST_TEST(at("Set", "RxCx+0x10") == 1u);
  BOOST_TEST(at("Set", "RxVn+0x40") == 1u);
  BOOST_TEST(at("Mark", "RxCx+0x40") == 1u);
  BOOST_TEST(at("Set", "RxCx+0x40", 1, Access::read) == 1u);
  BOOST_TEST(at("Set", "RxCx+0x48") == 1u);
  BOOST_TEST(at("Set", "RxCx+0x48", 2) == 2u);
  BOOST_TEST(!replayer.left());
}

BOOST_FIXTURE_TEST_CASE(with_any_function_the_object_and_the_access_are_what_counts, Fixture) {
  schedule.choices[0].at.occurrence = 2;
  replayer.begin(schedule, executive, Likeness::any_function);
  BOOST_TEST(at("Set", "RxVn+0x40") == 1u);
  BOOST_TEST(at("Mark", "RxCx+0x40") == 1u);
  BOOST_TEST(at("Inlined", "RxCx+0x48") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
