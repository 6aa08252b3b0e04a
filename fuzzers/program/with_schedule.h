// SPDX-License-Identifier: Apache-2.0
//
// A schedule that names its choices, as departures of an input, which counts them. The numbers hold for the drivers of
// the target and what it has learned: an input is for those.
#pragma once

#include <optional>

#include "fuzzers/program/bytes.h"
#include "harness/core/schedule.h"
#include "harness/targets/target.h"

namespace rxcheck::fuzz {

// The input with the schedule, which its program is run under once. On drivers built otherwise a choice is looked for
// as `rxcheck replay` does, at points that are alike. Nothing if a choice is not met, or if an input cannot say it:
// there are too many, or their numbers are too large.
std::optional<Input> with_schedule(Target& target, Input input, const Schedule& schedule);

}  // namespace rxcheck::fuzz
