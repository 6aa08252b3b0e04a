// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/good_turing.h"

#include <algorithm>
#include <cmath>

namespace rxcheck {

double probability_of_new(const Discovery& met) {
  if (met.trials == 0) return 1;
  return static_cast<double>(met.trials_with_a_new) / static_cast<double>(met.trials);
}

double error_of_new(const Discovery& met) {
  if (met.trials < 2) return 1;
  const auto n = static_cast<double>(met.trials);
  const double changes = 2 * static_cast<double>(met.twice) / (n * (n - 1));
  return std::min(1.0, std::sqrt(1 / n + 6 * changes));
}

double new_in_next(const Discovery& met) {
  return met.trials == 0 ? 0 : static_cast<double>(met.once) / static_cast<double>(met.trials);
}

double undiscovered(const Discovery& met) {
  if (met.trials == 0 || met.once == 0) return 0;
  const auto n = static_cast<double>(met.trials), once = static_cast<double>(met.once);
  return (n - 1) / n * once * (once - 1) / (2 * (static_cast<double>(met.twice) + 1));
}

}  // namespace rxcheck
