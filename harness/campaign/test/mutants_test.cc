// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/mutants.h"

#include <boost/test/unit_test.hpp>

#include "harness/campaign/mutant_hunt.h"
#include "harness/shrink/test/fake_target.h"

namespace rxcheck {

BOOST_AUTO_TEST_SUITE(mutants_suite)

BOOST_AUTO_TEST_CASE(a_hunt_ends_at_the_first_divergence_and_counts_the_runs) {
  test::FakeTarget target;
  Judge judge;
  const ProgramSource source(1);
  const auto kill = first_divergence(target, judge, source, 1000);
  BOOST_REQUIRE(kill);
  BOOST_TEST(kill->divergence.clause == "planted");
  BOOST_TEST(kill->runs == kill->position.program * kDefaultSchedules + kill->position.schedule + 1);
  BOOST_TEST(!first_divergence(target, judge, source, kill->position.program).has_value());
}

BOOST_AUTO_TEST_CASE(a_result_survives_the_pipe) {
  MutantResult result;
  result.id = "D14";
  result.killed = true;
  result.clause = "C46";
  result.schedules_to_kill = 11;
  result.elapsed_s = 0.25;
  result.hunts = {11, 13};
  result.schedules_run = 824;
  result.repro = "rxp 1\nend\n";
  const auto back = mutant_from_bytes(to_bytes(result));
  BOOST_REQUIRE(back.ok());
  BOOST_TEST(to_bytes(*back) == to_bytes(result));
  BOOST_TEST(back->elapsed_s == 0.25);
  BOOST_TEST(back->schedules_run == 824U);
  BOOST_TEST(!mutant_from_bytes("short").ok());
}

BOOST_AUTO_TEST_CASE(a_patch_says_why_it_survives_or_that_it_is_equivalent) {
  const auto none = note_from("D14 a defect.\nIt survives: nothing.\n\n");
  BOOST_TEST((none.kind == MutantNote::Kind::none));
  const auto survives = note_from("M01 a defect.\n\nSurvives: it needs\nwhat the lab has not.\n\nMore.\n");
  BOOST_TEST((survives.kind == MutantNote::Kind::survives));
  BOOST_TEST(survives.reason == "it needs what the lab has not.");
  const auto equivalent = note_from("M19 no defect.\n\nEquivalent: padding.\n\n");
  BOOST_TEST((equivalent.kind == MutantNote::Kind::equivalent));
  BOOST_TEST(equivalent.reason == "padding.");
  BOOST_TEST(!equivalent.races);
}

BOOST_AUTO_TEST_CASE(a_patch_says_that_its_defect_is_a_data_race) {
  BOOST_TEST(note_from("R01 a race.\n\nRaces: yes\n\n").races);
  BOOST_TEST(!note_from("R01 a race.\nNo Races: yes or no.\n\n").races);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
