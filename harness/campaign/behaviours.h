// SPDX-License-Identifier: Apache-2.0
//
// Behaviours: what counts as something new in a run. A behaviour is the life of one operation: its kind, force level
// and whether it leaves a request behind, then every event that it made or that was done to its request or handle, with
// its status, in their order. Which operation, connection or view it was, and what happened to others in between, is
// left out. A cancel that comes before, between or after an operation's steps makes another life; the same steps beside
// something unrelated do not.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/core/history.h"

namespace rxcheck {

// One 64-bit hash for each operation of the history, the environment's too. Overwrites `lives`, reuses its memory.
// Pure.
void behaviours_of(const History& history, std::vector<uint64_t>& lives);

}  // namespace rxcheck
