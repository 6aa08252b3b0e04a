// SPDX-License-Identifier: Apache-2.0
//
// Whether a concurrent history is linearizable: a search for an order of its operations that the model accepts and that
// keeps the order of operations of which one returned before the other was called (Wing and Gong, "Testing and
// verifying concurrent objects", 1993), with the configurations that were met remembered (Lowe, "Testing for
// linearizability", 2017), just in time: an operation takes effect only when the next return cannot be explained
// without it.
//
// What is left out without loss:
// - while the return of an operation is to be explained, operations on other objects are not tried: they commute with
// it;
// - if an object is found to have no order, what was chosen for other objects is not tried again in other ways: the
// search
//   goes back to the last choice for that object (backjumping: Prosser, "Hybrid algorithms for the constraint
//   satisfaction problem", 1993);
// - an open operation that changes nothing and can return what it returned takes effect at once, and nothing else is
//   tried;
// - of operations that never return and are alike, the one called first goes first; one that changes nothing never
// goes;
// - a state is given up from which the next result that somebody observes on the object cannot come about any more.
//
// Deterministic: steps, verdict and order follow from the history alone.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/judge/linearizability/model.h"

namespace rxcheck::linear {

struct SearchLimits {
  uint64_t steps = 0;
  uint64_t bytes = 0;
};

enum class Outcome : uint8_t { accepted, refused, out_of_steps, out_of_memory };

struct SearchResult {
  Outcome outcome = Outcome::refused;
  uint64_t steps = 0;           // of the model
  uint64_t work = 0;            // what is held against the limit: steps, and comparisons at a fraction
  uint64_t configurations = 0;  // remembered
  // accepted: the order found, as indices of operations; those that are missing never took effect. refused: if `goal`
  // was given, the order of the first longest attempt.
  std::vector<uint32_t> order;
  State state = 0;  // after `order`
};

inline constexpr uint32_t kNoGoal = 0xffffffff;

// `goal` names an operation that no state is given up for, and asks for the longest attempt if all fail.
SearchResult search(Model& model, std::span<const TimedOperation> operations, SearchLimits limits,
                    uint32_t goal = kNoGoal);

}  // namespace rxcheck::linear
