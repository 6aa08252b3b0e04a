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
  result.repro = "rxp 1\nend\n";
  const auto back = mutant_from_bytes(to_bytes(result));
  BOOST_REQUIRE(back.ok());
  BOOST_TEST(to_bytes(*back) == to_bytes(result));
  BOOST_TEST(back->elapsed_s == 0.25);
  BOOST_TEST(!mutant_from_bytes("short").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
