// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/pct_bound.h"

#include <boost/test/unit_test.hpp>

namespace rxcheck {
namespace {

// Of a program that one schedule of depth 2 finds a bug in with probability 1/points.
ProgramGuarantee one_in(uint32_t points) {
  ProgramGuarantee program;
  program.add(1, points, 2);
  return program;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pct_bound_suite, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(a_schedule_finds_a_bug_of_its_depth_with_one_in_n_times_k_for_each_change_point) {
  BOOST_TEST(pct_bound(4, 100, 1) == 1.0 / 4);
  BOOST_TEST(pct_bound(4, 100, 2) == 1.0 / 400);
  BOOST_TEST(pct_bound(4, 100, 3) == 1.0 / 40'000);
}

BOOST_AUTO_TEST_CASE(nothing_is_guaranteed_where_lines_or_yield_points_are_not_known) {
  BOOST_TEST(pct_bound(0, 100, 2) == 0.0);
  BOOST_TEST(pct_bound(4, 0, 2) == 0.0);
  ProgramGuarantee program;
  program.add(0, 100, 2);
  BOOST_TEST(program.detection(1) == 0.0);
  BOOST_TEST(!program.covers(2));
}

BOOST_AUTO_TEST_CASE(what_one_schedule_misses_the_next_may_find) {
  ProgramGuarantee program = one_in(2);
  program.add(1, 2, 2);
  BOOST_TEST(program.detection(2) == 0.75);
}

BOOST_AUTO_TEST_CASE(a_deeper_schedule_counts_for_a_shallower_bug_with_its_own_bound_and_never_the_other_way) {
  ProgramGuarantee program;
  program.add(2, 10, 3);
  for (unsigned depth = 1; depth <= 3; ++depth) BOOST_TEST(program.detection(depth) == 1.0 / 200);
  BOOST_TEST(program.covers(3));
  BOOST_TEST(!program.covers(2));
  BOOST_TEST(one_in(2).detection(3) == 0.0);
  BOOST_TEST(one_in(2).covers(1));
}

BOOST_AUTO_TEST_CASE(one_line_leaves_no_choice_so_a_bug_without_change_points_is_found_for_certain) {
  ProgramGuarantee program;
  program.add(1, 100, 1);
  BOOST_TEST(program.detection(1) == 1.0);
  PctTally tally;
  tally.add_program(program);
  tally.add_program(program);
  BOOST_TEST(tally.in_every_program(1) == 1.0);
}

BOOST_AUTO_TEST_CASE(over_programs_there_is_a_least_a_median_and_what_all_find_together) {
  PctTally tally;
  for (const uint32_t points : {2u, 16u, 4u}) tally.add_program(one_in(points));
  tally.add_program(ProgramGuarantee{});  // without a PCT schedule
  BOOST_TEST(tally.depths[1].programs == 3U);
  BOOST_TEST(tally.least(2) == 1.0 / 16);
  BOOST_TEST(tally.median(2) == 1.0 / 4);
  BOOST_TEST(tally.in_every_program(2) == 1 - 0.5 * 0.75 * 15 / 16);
  BOOST_TEST(tally.least(3) == 0.0);
  BOOST_TEST(tally.median(3) == 0.0);
  BOOST_TEST(tally.in_every_program(3) == 0.0);
}

BOOST_AUTO_TEST_CASE(what_is_reported_is_never_more_than_what_is_guaranteed) {
  for (uint32_t points = 1; points < 3000; points += 7) {
    PctTally tally;
    tally.add_program(one_in(points));
    BOOST_TEST(tally.least(2) <= one_in(points).detection(2) * (1 + 1e-12));
    BOOST_TEST(tally.least(2) > one_in(points).detection(2) * 0.9);
  }
}

BOOST_AUTO_TEST_CASE(schedules_that_meet_more_yield_points_than_expected_are_counted) {
  PctTally tally;
  tally.add_schedule(100, 100);
  tally.add_schedule(101, 100);
  BOOST_TEST(tally.schedules == 2U);
  BOOST_TEST(tally.overran == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
