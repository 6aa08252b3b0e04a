// SPDX-License-Identifier: Apache-2.0
//
// For a file whose schedule is not met any more, as after the driver was rebuilt: looks for the same fingerprint in the
// neighbourhood. First other occurrences of the points; then points that are alike but for the offset of the field,
// then for the function as well (harness/core/schedule.h, Likeness); then the schedule without what is not met, then
// none at all; last seeded searches. Deterministic.
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
