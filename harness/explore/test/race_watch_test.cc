// SPDX-License-Identifier: Apache-2.0
//
// The drills of the edges: for each way in which the executive lets threads synchronize, a driver that does (no alarm,
// whoever comes first) and the same without (an alarm, if not in every order).
#include "harness/explore/race_watch.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "harness/nt/test/lab.h"

namespace rxcheck {

namespace {

nt::Lab& lab() {
  static nt::Lab the_lab("races");
  return the_lab;
}

// As harness/nt/test/races numbers them.
const nt::Case kDrills[] = {
    {1, "spin lock"},
    {2, "cancel spin lock"},
    {3, "fast mutex"},
    {4, "mutex"},
    {5, "resource, exclusive"},
    {6, "resource, exclusive and shared"},
    {7, "resource, shared and only read"},
    {8, "resource, exclusive made shared"},
    {9, "event"},
    {10, "semaphore"},
    {11, "queue"},
    {12, "work item"},
    {13, "thread's creation"},
    {14, "thread's end"},
    {15, "DPC"},
    {16, "interlocked flag"},
    {17, "volatile"},
    {18, "neighbours in one word"},
    {19, "free under a lock"},
    {20, "interlocked list"},
};

// What the two parts of a drill break, with either as the first actor, one after the other and taking turns.
std::set<std::string> broken_by(unsigned drill, bool first_synchronizes, bool second_synchronizes) {
  static RaceWatch watch;
  std::set<std::string> rules;
  const unsigned first = 4 * drill + (first_synchronizes ? 1 : 0);
  const unsigned second = 4 * drill + 2 + (second_synchronizes ? 1 : 0);
  lab().executive.set_access_sink(&watch);
  for (const bool turns : {false, true})
    for (const bool swapped : {false, true}) {
      lab().executive.set_scheduler(turns ? &lab().alternating : nullptr);
      watch.begin(lab().executive);
      rules.insert(swapped ? lab().broken_by(second, first) : lab().broken_by(first, second));
    }
  lab().executive.set_access_sink(nullptr);
  return rules;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(race_watch_suite)

BOOST_DATA_TEST_CASE(who_synchronizes_races_with_nobody, boost::unit_test::data::make(kDrills), drill) {
  BOOST_TEST(broken_by(drill.function, true, true) == std::set<std::string>{""}, boost::test_tools::per_element());
}

// Of a lock: the first part takes it all the same.
BOOST_DATA_TEST_CASE(who_does_not_races, boost::unit_test::data::make(kDrills), drill) {
  const bool lock = drill.function <= 6;
  BOOST_TEST(broken_by(drill.function, lock, false).contains("data-race"));
}

BOOST_AUTO_TEST_CASE(a_race_is_called_the_same_whoever_comes_first) {
  RaceWatch watch;
  std::set<std::string> objects;
  lab().executive.set_scheduler(nullptr);
  lab().executive.set_access_sink(&watch);
  for (const bool swapped : {false, true}) {
    watch.begin(lab().executive);
    BOOST_TEST(lab().broken_by(swapped ? 4 * 17 + 2 : 4 * 17, swapped ? 4 * 17 : 4 * 17 + 2) == "data-race");
    objects.insert(lab().executive.violation()->object);
  }
  lab().executive.set_access_sink(nullptr);
  BOOST_REQUIRE(objects.size() == 1);
  BOOST_TEST(*objects.begin() == "races.sys!Unordered+0x0 volatile write in Marked, write in Marked");
}

BOOST_AUTO_TEST_CASE(a_driver_that_races_is_not_told_so_when_nobody_watches) {
  lab().executive.set_access_sink(nullptr);
  lab().executive.set_scheduler(nullptr);
  BOOST_TEST(lab().broken_by(4 * 1, 4 * 1 + 2) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
