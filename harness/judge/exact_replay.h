// SPDX-License-Identifier: Apache-2.0
//
// Whether a schedule shows something: one run of the program, exactly as the schedule says, and the judge's word on it.
// Nothing if it is clean, or could not be followed to its end.
#pragma once

#include <optional>

#include "harness/core/program.h"
#include "harness/core/schedule.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck {

std::optional<Divergence> shown_exactly(Target& target, Judge& judge, const Program& program, const Schedule& schedule);

}  // namespace rxcheck
