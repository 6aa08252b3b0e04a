// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/half_life.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace rxcheck {

BOOST_AUTO_TEST_SUITE(half_life_suite, *boost::unit_test::tolerance(1e-4))

// Kills after 10, 20 and 30 schedules: 60 / 3 * ln 2. Of chi-squared, 17.5345 is the quantile 0.975 at 8 degrees of
// freedom, 1.23734 the quantile 0.025 at 6.
BOOST_AUTO_TEST_CASE(kills_after_different_schedules_give_the_half_life_computed_by_hand) {
  const HalfLife life = half_life_of(10 + 20 + 30, 3);
  BOOST_TEST(life.likeliest == 13.86294);
  BOOST_TEST(life.low == 2 * 60 / 17.5345 * std::log(2));
  BOOST_TEST(life.high == 2 * 60 / 1.23734 * std::log(2));
}

BOOST_AUTO_TEST_CASE(a_campaign_in_vain_makes_it_longer) {
  BOOST_TEST(half_life_of(60 + 800, 3).likeliest == 860 / 3.0 * std::log(2));
}

BOOST_AUTO_TEST_CASE(without_a_kill_only_a_lower_end_is_known) {
  const HalfLife life = half_life_of(100, 0);
  BOOST_TEST(std::isinf(life.likeliest));
  BOOST_TEST(std::isinf(life.high));
  BOOST_TEST(life.low == 2 * 100 / 7.37776 * std::log(2));
  BOOST_TEST(half_life_of(0, 0).low == 0.0);
}

BOOST_AUTO_TEST_CASE(each_half_life_halves_the_probability_of_missing) {
  BOOST_TEST(probability_of_missing(0, 10) == 1.0);
  BOOST_TEST(probability_of_missing(10, 10) == 0.5);
  BOOST_TEST(probability_of_missing(30, 10) == 0.125);
  BOOST_TEST(probability_of_missing(30, INFINITY) == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
