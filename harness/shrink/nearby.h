// SPDX-License-Identifier: Apache-2.0
//
// For a file whose schedule is not met any more, as after the driver was rebuilt: looks for the same fingerprint in the
// neighbourhood. First other occurrences of the point that is not met, then the schedule without it, then none at all,
// then short seeded searches. Deterministic.
#pragma once

#include <optional>
#include <string>

#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

// A case that shows the fingerprint; nothing if there is none near.
std::optional<Case> find_nearby(Target& target, Judge& judge, const Case& left, const std::string& fingerprint);

}  // namespace rxcheck
