// SPDX-License-Identifier: Apache-2.0
//
// Who is running.
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

// Never 0, and a multiple of 4, as ids are.
uint64_t MS nt_PsGetCurrentThreadId() {
  ENTER(PsGetCurrentThreadId);
  return (ex.running().number + uint64_t{1}) * 4;
}

}  // extern "C"

}  // namespace rxcheck::nt
