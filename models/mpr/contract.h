// SPDX-License-Identifier: Apache-2.0
//
// The contract of the surface `mpr`: what the documentation of WNetCancelConnection and of connection notifications
// lets an application and its notifyees see, whatever router and providers are underneath. Clauses C74 to C78 and C88
// of the catalogue. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "harness/core/mpr_history.h"
#include "models/reference/clauses.h"

namespace rxcheck::mpr {

// The clauses that are judged here, and not by the kernel surface's models.
inline constexpr std::array<models::ClauseId, 6> kClauses = {74, 75, 76, 77, 78, 88};

// What the contract does not allow.
struct Refusal {
  models::ClauseId clause = 0;
  size_t step = 0;    // index into History::steps
  std::string state;  // of the connection concerned: "busy", "connected", "absent"
  std::string expected;
  std::string observed;
};

// The first step that breaks one of `clauses`; nothing if the history conforms. A clause that is switched off is not
// enforced, and what happened is then taken as the state.
std::optional<Refusal> judge(const History& history, const models::ClauseSet& clauses = {});

}  // namespace rxcheck::mpr
