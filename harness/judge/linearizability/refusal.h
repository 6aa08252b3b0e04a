// SPDX-License-Identifier: Apache-2.0
//
// Why a history is not linearizable, for people: how far it can be explained, what refused each operation that could
// have come next, and a small part of it that cannot be explained by itself.
//
// The longest accepted prefix ends before a return: linearizability is closed under prefixes, so there is one return at
// which it is lost. The small part is found by leaving operations out as in delta debugging (Zeller and Hildebrandt,
// "Simplifying and isolating failure-inducing input", 2002). What is left out is not simply gone, as then a get would
// be refused for want of the put that it saw: it may still take effect, at any time or never. What is refused even so
// is refused without the others, too, and so is the whole.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/judge/linearizability/search.h"

namespace rxcheck::linear {

struct Candidate {
  uint32_t operation = 0;
  std::string reason;
};

struct Refusal {
  uint32_t last = 0;               // the operation whose return cannot be explained
  uint32_t accepted = 0;           // returns before it that are known to be explained: all, if the budget sufficed
  std::vector<uint32_t> order;     // an order of them; some that are still open may stand in it
  std::vector<Candidate> refused;  // each that could come next there; none if the budget did not suffice
  std::vector<uint32_t> smallest;  // by calls; refused by itself
  bool minimal = false;            // every operation of `smallest` is needed
};

// REQUIRES: the search refuses the operations. `limits.steps` bounds the work; what is not found within is left coarse.
Refusal explain_refusal(Model& model, std::span<const TimedOperation> operations, SearchLimits limits);

}  // namespace rxcheck::linear
