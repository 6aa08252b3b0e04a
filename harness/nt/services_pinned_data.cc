// SPDX-License-Identifier: Apache-2.0
//
// Stubs of the cache manager's mapping and pinning: no data is ever in memory. Who will not wait is told so; for who
// waits the pages say that a failure is raised as an exception.
#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

uint8_t MS nt_not_in_memory() {
  ENTER_YIELD(CcMapData);
  return 0;
}

void MS nt_CcSetDirtyPinnedData(void*, const int64_t*) { ENTER_YIELD(CcSetDirtyPinnedData); }
void MS nt_CcUnpinData(void*) { ENTER_YIELD(CcUnpinData); }

FileObject* MS nt_CcGetFileObjectFromSectionPtrs(const SectionObjectPointers*) {
  ENTER(CcGetFileObjectFromSectionPtrs);
  return nullptr;
}

FileObject* MS nt_CcGetFileObjectFromBcb(void*) {
  ENTER(CcGetFileObjectFromBcb);
  return nullptr;
}

uint8_t MS nt_CcIsThereDirtyData(void*) {
  ENTER(CcIsThereDirtyData);
  return 0;
}

}  // extern "C"

// They go on in ExRaiseStatus as if the driver had called it: a handler finds the driver's registers as they were. Bit
// 0 of the flags, MAP_WAIT and PIN_WAIT and TRUE, says that the driver waits; they are the fourth argument, or the
// fifth.
__asm__(
    ".text\n"
    ".globl nt_CcMapData, nt_CcPinRead, nt_CcPinMappedData, nt_CcPreparePinWrite\n"
    "nt_CcMapData:\n"
    "nt_CcPinRead:\n"
    "nt_CcPinMappedData:\n"
    "  testb $1, %r9b\n"
    "  jmp 1f\n"
    "nt_CcPreparePinWrite:\n"
    "  testb $1, 0x28(%rsp)\n"
    "1:\n"
    "  jz nt_not_in_memory\n"
    "  movl $0xc000009a, %ecx\n"  // STATUS_INSUFFICIENT_RESOURCES
    "  jmp nt_ExRaiseStatus\n");

}  // namespace rxcheck::nt
