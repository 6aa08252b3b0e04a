// SPDX-License-Identifier: Apache-2.0
#include "harness/core/schedule.h"

#include <algorithm>

namespace rxcheck {

unsigned switches_in(const Schedule& schedule) {
  return static_cast<unsigned>(std::ranges::count(schedule.choices, Choice::Kind::switch_, &Choice::kind));
}

}  // namespace rxcheck
