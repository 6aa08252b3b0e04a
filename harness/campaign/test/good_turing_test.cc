// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/good_turing.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "harness/campaign/behaviour_sample.h"
#include "harness/core/random.h"

namespace rxcheck {
namespace {

// A world of behaviours, the i-th shown by a trial with probability 1/(i + 2).
constexpr uint32_t kBehaviours = 4000;

std::vector<uint64_t> trial_in_the_world(Random& random) {
  std::vector<uint64_t> shown;
  for (uint32_t i = 0; i < kBehaviours; ++i)
    if (random.chance(1, i + 2)) shown.push_back(mix64(i));
  return shown;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(good_turing_suite, *boost::unit_test::tolerance(1e-9))

BOOST_AUTO_TEST_CASE(the_next_is_new_as_often_as_a_trial_was_alone_with_something) {
  const Discovery met{100, 60, 30, 5, 25};
  BOOST_TEST(probability_of_new(met) == 0.25);
  BOOST_TEST(new_in_next(met) == 0.3);
}

BOOST_AUTO_TEST_CASE(the_error_is_that_of_independent_trials_and_of_behaviours_that_two_share) {
  BOOST_TEST(error_of_new({100, 60, 30, 0, 25}) == 0.1);
  BOOST_TEST(error_of_new({100, 600, 30, 99, 25}) == std::sqrt(0.01 + 0.12));
}

BOOST_AUTO_TEST_CASE(the_lower_bound_of_the_undiscovered_is_chaos) {
  BOOST_TEST(undiscovered({100, 60, 10, 4, 9}) == 0.99 * 90 / 10);
  BOOST_TEST(undiscovered({100, 60, 10, 0, 9}) == 0.99 * 90 / 2);
  BOOST_TEST(undiscovered({100, 60, 0, 4, 0}) == 0.0);
}

BOOST_AUTO_TEST_CASE(without_trials_everything_is_new) {
  BOOST_TEST(probability_of_new({}) == 1.0);
  BOOST_TEST(error_of_new({}) == 1.0);
  BOOST_TEST(new_in_next({}) == 0.0);
  BOOST_TEST(undiscovered({}) == 0.0);
}

BOOST_AUTO_TEST_CASE(in_a_world_that_is_known_the_estimates_are_near_the_truth) {
  Random random(1);
  for (const unsigned trials : {50u, 200u, 800u}) {
    BehaviourSample sample;
    for (unsigned trial = 0; trial < trials; ++trial) sample.add(trial, trial_in_the_world(random));
    const auto entries = sample.entries();
    double none_new = 1, expected_new = 0, unseen = 0;
    for (uint32_t i = 0; i < kBehaviours; ++i) {
      if (std::ranges::binary_search(entries, mix64(i), {}, &BehaviourSample::Entry::hash)) continue;
      none_new *= 1 - 1.0 / (i + 2);
      expected_new += 1.0 / (i + 2);
      ++unseen;
    }
    const Discovery met = sample.discovery();
    BOOST_TEST_CONTEXT("after " << trials << " trials") {
      BOOST_TEST(std::abs(probability_of_new(met) - (1 - none_new)) < 2 * error_of_new(met));
      BOOST_TEST(std::abs(new_in_next(met) - expected_new) < 0.25 * expected_new);
      BOOST_TEST(undiscovered(met) < 1.1 * unseen);
      BOOST_TEST(undiscovered(met) > 0.1 * unseen);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
