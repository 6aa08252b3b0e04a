// SPDX-License-Identifier: Apache-2.0
//
// Makes a failing case small: removes operations, merges actors, removes switches and other choices, and makes what is
// left plainer, as long as the fingerprint stays. Every candidate is replayed exactly, so a race is never a matter of
// luck. Chunks first, then singles (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002),
// and all passes again until none finds anything: then no single operation (with what depends on it), choice or actor
// can be spared. Deterministic: bounded by a count of runs, not by time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

struct ShrinkOptions {
  uint64_t budget = 100'000;   // runs
  std::function<bool()> stop;  // asked before every run; true ends the work early
};

struct Shrunk {
  Case smallest;
  Divergence divergence;  // as the smallest case shows it
  History history;
  unsigned operations = 0;
  unsigned actors = 0;
  unsigned switches = 0;
  uint64_t candidates_tried = 0;
  bool minimal = false;  // no single removal keeps the fingerprint; false if the budget ran out or `stop` said so
};

// Nothing if `start`, replayed exactly, does not show the fingerprint.
std::optional<Shrunk> shrink(Target& target, Judge& judge, const Case& start, const std::string& fingerprint,
                             const ShrinkOptions& options = {});

}  // namespace rxcheck
