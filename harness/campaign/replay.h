// SPDX-License-Identifier: Apache-2.0
//
// Runs one program file exactly, as often as wanted, and says what it is.
#pragma once

#include <optional>
#include <string>

#include "harness/core/program_text.h"
#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

// What a replay has shown, on whichever surface.
struct Shown {
  Verdict verdict = Verdict::clean;
  std::optional<Divergence> divergence;
  std::string trace_sha256;  // of the canonical trace; "" if nothing was run
  std::string message;       // left-schedule, lab-fault, incomplete, nondeterministic: what happened
};

struct Replayed : Shown {
  std::optional<Case> nearby;  // left-schedule: where the expected fingerprint is still to be had
  RunResult run;               // the last
};

// A file that expects a data race makes the target look for them from now on. REQUIRES: repeat >= 1. All runs must give
// the same verdict, fingerprint and trace, or it is nondeterministic.
Replayed replay(Target& target, Judge& judge, const ProgramFile& file, unsigned repeat = 1);

}  // namespace rxcheck
