// SPDX-License-Identifier: Apache-2.0
//
// What properties about drivers have in common: a target with drivers that were built beside the tests, and failures
// that say how to see them again: the seed of the schedule, and a file that `rxcheck replay` takes.
#pragma once

#include <fmt/format.h>
#include <rapidcheck.h>

#include <memory>
#include <string>

#include "harness/campaign/plan.h"
#include "harness/core/program_text.h"
#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/inproc.h"

namespace rxcheck {

// The drivers of this folder below the build's `driver`, "" for the shipped ones, having learned. nullptr if that
// fails.
std::unique_ptr<InprocTarget> learned_drivers(const std::string& folder);

struct FirstShown {
  Divergence divergence;
  Case failing;  // its schedule is recorded
};

// The first divergence of the program among four schedules that follow from the seed.
std::optional<FirstShown> first_shown(Target& target, const Program& program, uint64_t seed);

// "with schedule seed 7: C46/...", then the file.
std::string report_of(const FirstShown& shown, uint64_t seed);

}  // namespace rxcheck
