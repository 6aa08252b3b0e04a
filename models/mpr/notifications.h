// SPDX-License-Identifier: Apache-2.0
//
// The part of the contract that is about notifyees. Pure.
#pragma once

#include <optional>
#include <string>

#include "models/mpr/contract.h"

namespace rxcheck::mpr {

// Clause C88, of one cancel attempt. `state` is the connection's before it.
std::optional<Refusal> judge_notifications(const Program& program, const Step& step, const models::ClauseSet& clauses,
                                           const std::string& state);

}  // namespace rxcheck::mpr
