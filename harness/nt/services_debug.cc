// SPDX-License-Identifier: Apache-2.0
//
// What stops the system, and what writes to a debugger.
#include <fmt/format.h>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

// Nobody reads what these would print.
uint32_t MS nt_DbgPrint(const char*, ...) { return 0; }
uint32_t MS nt_DbgPrintEx(uint32_t, uint32_t, const char*, ...) { return 0; }
uint32_t MS nt_vDbgPrintEx(uint32_t, uint32_t, const char*, void*) { return 0; }

// No debugger is there to go on.
void MS nt_DbgBreakPoint() {
  ENTER(DbgBreakPoint);
  ex.violate("bugcheck", "DbgBreakPoint", "the driver stopped at a breakpoint of its own", site);
}

void MS nt_RtlAssert(const char* assertion, const char*, uint32_t line, const char*) {
  ENTER(RtlAssert);
  ex.violate("bugcheck", "RtlAssert", fmt::format("an assertion of the driver failed, line {}: {}", line, assertion),
             site);
}

void MS nt_KeBugCheckEx(uint32_t code, uint64_t, uint64_t, uint64_t, uint64_t) {
  ENTER(KeBugCheckEx);
  ex.violate("bugcheck", fmt::format("{:#x}", code), "the driver stopped the system", site);
}

}  // extern "C"

}  // namespace rxcheck::nt
