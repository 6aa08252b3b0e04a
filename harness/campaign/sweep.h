// SPDX-License-Identifier: Apache-2.0
//
// Sweeps: one program, many times, each time with one thing going wrong at the next possible place. Deterministic: the
// same program and drivers give the same runs.
#pragma once

#include "harness/core/program_text.h"
#include "harness/judge/judge.h"

namespace rxcheck {

struct Swept {
  uint64_t runs = 0;  // that differed from each other
  Verdict verdict = Verdict::clean;
  std::optional<Divergence> divergence{};  // of the first run that was not clean
  ProgramFile file{};                      // ...which this replays
};

// Refuses the first allocation that drivers make for actors, then the second, and so on until there is none to refuse.
Swept refuse_each_allocation(Target& target, Judge& judge, const Program& program);

// The program once for each of its asynchronous requests, with an actor of its own that cancels it. None for a program
// that uses all actors already.
std::vector<Program> with_a_cancel(const Program& program);

// Cancels each asynchronous request at each call and memory access from its beginning to the end of the program.
Swept cancel_everywhere(Target& target, Judge& judge, const Program& program);

}  // namespace rxcheck
