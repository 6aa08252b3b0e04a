// SPDX-License-Identifier: Apache-2.0
//
// Compares a history with the results that a person wrote into a scenario before it was run. An asynchronous operation
// may be expected by what it returns or by what its request completes with. Pure.
#pragma once

#include <optional>
#include <string>

#include "harness/core/history.h"

namespace rxcheck {

struct Unmet {
  uint16_t operation = kNoOperation;
  size_t event = 0;  // where the other result was seen; events.size() if there was none
  std::string expected;
  std::string observed;
};

// The first operation, in the program's order, whose result is not the expected one.
std::optional<Unmet> unmet_expectation(const History& history);

}  // namespace rxcheck
