// SPDX-License-Identifier: Apache-2.0
//
// Judges the histories of all executions for which one stands (harness/explore/linear_extensions.h), each history once
// in an exploration.
//
// First without regard to spin locks. That allows histories, too, that no execution makes; if they conform all the
// same, as they mostly do, nothing more need be known, and executions that differ in their sections alone are one. Only
// where one does not, histories are made as locks allow them.
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/explore/digest_set.h"
#include "harness/explore/event_order.h"
#include "harness/explore/linear_extensions.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck {

class OtherOrders {
 public:
  struct Judged {
    std::optional<Divergence> found;  // by the first history that does not conform
    std::vector<uint8_t> threads;     // found: the order of decisions that shows it, for Plan::follow
  };

  // For Plan::order of each execution.
  EventOrder& order() { return order_; }
  // Walks over so many states of LinearExtensions at most: 268 million and 1,024 more with each judge() in all; in one
  // some four million, and few once one had more. REQUIRES: `run` came to its end with order() told, and is judged to
  // be clean.
  Judged judge(Judge& judge, const RunResult& run);

  bool all() const { return all_; }               // else there are histories that were not judged: too many states
  uint64_t histories() const { return judged_; }  // that were judged and conform

 private:
  // What visits of histories find that were not judged before.
  struct Seen {
    std::optional<Divergence> found;
    bool all = true;  // no history is left
  };
  Seen look(Judge& judge, const RunResult& run);

  EventOrder order_;
  LinearExtensions extensions_;
  DigestSet looked_at_;  // orders of events without locks: all their histories that were looked at conform
  DigestSet doubtful_;   // ...not all of them do, but those may be none that an execution makes
  DigestSet exact_;      // orders with locks
  DigestSet histories_;  // that conform
  History history_;
  std::vector<uint32_t> steps_;  // of the history that was found
  uint64_t judged_ = 0;
  uint64_t states_left_ = 1 << 28;
  bool all_ = true;
};

}  // namespace rxcheck
