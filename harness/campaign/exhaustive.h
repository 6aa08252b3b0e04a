// SPDX-License-Identifier: Apache-2.0
//
// All interleavings of one program on one set of drivers, up to those that differ only in the order of what does not
// conflict (harness/explore/dpor.h): a verdict about all of them instead of about some. What it covers: sequentially
// consistent interleavings of the accesses and kernel calls that lines of the program's actors make until the last
// actor is done; memory on stacks is taken to belong to its thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

struct ExhaustiveOptions {
  uint64_t most_executions = 1'000'000;  // those that were left count, too
  std::function<bool()> interrupted = [] { return false; };
  std::function<void(uint64_t executions)> progress = [](uint64_t) {};
};

struct Exhaustive {
  enum class End : uint8_t { conforms, divergent, out_of_budget, interrupted, lab_fault } end = End::conforms;
  uint64_t complete = 0;   // executions, each of another trace
  uint64_t blocked = 0;    // executions that were left because others have shown the same
  uint64_t histories = 0;  // of explore_all: that were judged beside those of executions
  bool in_part = false;    // out_of_budget: all executions were run, but they stand for more histories than were judged
  double part = 0;         // out_of_budget, of explore_all: explored of what is known (Dpor::explored_part)
  unsigned bound = 0;      // of explore_bounded
  std::string why;         // lab_fault: in words
  // divergent:
  std::optional<Divergence> divergence;
  Case failing;  // its schedule is recorded
};

// The same for schedules with few departures from the baseline (harness/explore/preemption_bounding.h): all with at
// most `most_departures`. `complete` counts runs; `bound` is the number of departures up to which all have been run.
Exhaustive explore_bounded(Target& target, Judge& judge, const Program& program, unsigned most_departures,
                           const ExhaustiveOptions& options);

// The same for so many schedules as campaigns make them, by the strategies mix and pos in turn. What is often met is
// met here at once, while an exploration of all comes to it in its own order.
Exhaustive explore_sample(Target& target, Judge& judge, const Program& program, uint64_t seed,
                          const ExhaustiveOptions& options);

// REQUIRES: the program is valid, and the target has learned. Stops at the first divergence.
Exhaustive explore_all(Target& target, Judge& judge, const Program& program, const ExhaustiveOptions& options);

}  // namespace rxcheck
