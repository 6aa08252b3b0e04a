// SPDX-License-Identifier: Apache-2.0
//
// The shadow model: a deterministic twin of a driver at the level of effects. As a *twin* it follows the effects of a
// history in their order and predicts everything else (every status, callout and value); what differs is drift. As a
// *target* it carries a program out by itself, operation by operation, interleaving the actors by a seeded choice at
// effects, and makes a history. Pure: no I/O, no clock, no threads. A Shadow is used for one history at a time and may
// be reused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/history.h"
#include "harness/core/random.h"

namespace rxcheck::models {

// Where a driver's history and the shadow part.
struct Drift {
  size_t event = 0;
  uint16_t operation = kNoOperation;
  uint8_t clause = 0;  // the clause that fixes the predicted value, 0 if none does
  std::string predicted;
  std::string observed;
};

// One-line faults of the shadow, one for every clause: a shadow that runs with it makes histories that the reference
// must refuse naming that clause. `clause` 0 means no fault.
struct Fault {
  uint8_t clause = 0;
};
// The clauses that have a fault.
std::span<const uint8_t> faults();

class Shadow {
 public:
  explicit Shadow(Fault fault = {});
  ~Shadow();
  Shadow(Shadow&&) noexcept;
  Shadow& operator=(Shadow&&) noexcept;

  // Twin: nothing if the history is what this shadow would have done with the same effects in the same order.
  std::optional<Drift> compare(const History& history);

  // Target: runs the program, choosing among runnable actors with `random`, and brings it to its end (releases,
  // answers, closes, lists and deletes what is left) as the environment does on a real target. `history` is
  // overwritten.
  void run(const Program& program, Random& random, History& history);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rxcheck::models
