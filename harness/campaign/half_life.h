// SPDX-License-Identifier: Apache-2.0
//
// The half-life of a defect's survival: after how many schedules half of all campaigns would have found it. Supposed is
// that every schedule finds it with the same small probability, whatever was run before: the number of schedules to the
// first find is then exponential, as far as whole numbers can be (Lawless, "Statistical Models and Methods for Lifetime
// Data", 2003, section 4.1: estimate and interval with censored lives). Pure.
#pragma once

#include <cstdint>

namespace rxcheck {

// In schedules. Infinite where there is no such number.
struct HalfLife {
  double likeliest = 0;  // maximum likelihood: schedules run / kills * ln 2
  double low = 0;        // of the interval that holds the true one in 95 of 100 cases, at least
  double high = 0;
};

// `schedules`: run in all, over campaigns that found it until they did and campaigns that did not until their end.
HalfLife half_life_of(uint64_t schedules, uint64_t kills);

// The probability that a campaign of so many schedules does not find it. REQUIRES: half_life > 0.
double probability_of_missing(uint64_t schedules, double half_life);

}  // namespace rxcheck
