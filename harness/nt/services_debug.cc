// SPDX-License-Identifier: Apache-2.0
//
// What stops the system, and what writes to a debugger.
#include <fmt/format.h>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

uint32_t MS nt_DbgPrint(const char*, ...) { return 0; }

void MS nt_KeBugCheckEx(uint32_t code, uint64_t, uint64_t, uint64_t, uint64_t) {
  ENTER(KeBugCheckEx);
  ex.violate("bugcheck", fmt::format("{:#x}", code), "the driver stopped the system", site);
}

}  // extern "C"

}  // namespace rxcheck::nt
