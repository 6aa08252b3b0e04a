// SPDX-License-Identifier: Apache-2.0
//
// Judges a history of the surface `mpr`: the contract, then the results that the program expects. Pure.
#pragma once

#include <optional>

#include "harness/core/mpr_history.h"
#include "harness/judge/verdict.h"
#include "models/reference/clauses.h"

namespace rxcheck::mpr {

// Nothing if the history conforms. `event` is the index of the step.
std::optional<Divergence> find_divergence(const History& history, const models::ClauseSet& clauses);

}  // namespace rxcheck::mpr
