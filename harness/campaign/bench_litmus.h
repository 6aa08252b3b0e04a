// SPDX-License-Identifier: Apache-2.0
//
// How fast strategies are on programs without a driver (harness/explore/litmus.h), each beside the same program run
// straight through as often, without a scheduler's choices.
#pragma once

#include "harness/campaign/bench.h"

namespace rxcheck {

// Random schedules a second of a cancel against a completion, three actors.
Result<Measured> measure_litmus_random();
// Complete executions a second of two actors with ten sections each under one mutex, all 184,756 of them.
Result<Measured> measure_litmus_exhaustive();

}  // namespace rxcheck
