// SPDX-License-Identifier: Apache-2.0
//
// From one execution of an exploration with movers (movers.h) to the next.
#pragma once

#include "harness/explore/dpor.h"
#include "harness/explore/movers.h"

namespace rxcheck {

// Makes ready for the next execution; false if there is none. If the last one has taught something about movers, the
// exploration begins anew, and what was counted so far counts no more.
inline bool next_execution(Dpor& dpor, const Movers& movers) {
  if (!movers.learned()) return dpor.more();
  dpor.begin();
  return true;
}

}  // namespace rxcheck
