// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/half_life.h"

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>
#include <numbers>

namespace rxcheck {

namespace {

constexpr double kTail = 0.025;

// Twice the schedules, over their mean to a kill, are chi-squared with two degrees of freedom a kill if the campaigns
// end with one; if they end without, with up to two more.
double mean_at(double schedules, uint64_t kills, double quantile) {
  const boost::math::chi_squared distribution(2 * static_cast<double>(kills));
  return 2 * schedules / boost::math::quantile(distribution, quantile);
}

}  // namespace

HalfLife half_life_of(uint64_t schedules, uint64_t kills) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  const auto run = static_cast<double>(schedules);
  HalfLife life{kNone, 0, kNone};
  if (schedules == 0) return life;
  life.low = mean_at(run, kills + 1, 1 - kTail) * std::numbers::ln2;
  if (kills == 0) return life;
  life.likeliest = run / static_cast<double>(kills) * std::numbers::ln2;
  life.high = mean_at(run, kills, kTail) * std::numbers::ln2;
  return life;
}

double probability_of_missing(uint64_t schedules, double half_life) {
  return std::exp2(-static_cast<double>(schedules) / half_life);
}

}  // namespace rxcheck
