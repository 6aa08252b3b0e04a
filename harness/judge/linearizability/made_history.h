// SPDX-License-Identifier: Apache-2.0
//
// Histories made from a seed, for benchmarks and tests: processes that call, take effect and return in an order that
// chance decides. They are linearizable because each operation takes effect once between call and return, unless a
// stale get or read is asked for.
#pragma once

#include <cstdint>

#include "harness/core/random.h"
#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

struct MadeHistory {
  uint32_t operations = 0;
  uint32_t processes = 0;      // most of them have an operation open at any moment
  uint32_t keys = 1;           // kv only
  uint32_t values = 5;         // cas-register only
  uint32_t lost_permille = 0;  // operations that never return; half of them have taken effect
  // An observation late in the history is of a state of long ago: with unique texts no order explains it.
  bool stale = false;
};

// Operations of KvModel; appended texts are unique.
TimedHistory make_kv_history(Random& random, const MadeHistory& wanted);
// Operations of CasRegisterModel.
TimedHistory make_register_history(Random& random, const MadeHistory& wanted);

}  // namespace rxcheck::linear
