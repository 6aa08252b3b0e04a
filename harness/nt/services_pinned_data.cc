// SPDX-License-Identifier: Apache-2.0
//
// Stubs of the cache manager's mapping and pinning: no data is ever in memory. Who will not wait is told so; for who
// waits the pages say that a failure is raised as an exception.
#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

#define CACHE_SERVICE(name)                                          \
  void MS nt_enter_##name(void* site) {                              \
    Executive& ex = Executive::current();                            \
    ex.check_irql(service_irql(Service::name), Service::name, site); \
    ex.call_yield(Service::name, site);                              \
  }
CACHE_SERVICE(CcMapData)
CACHE_SERVICE(CcPinRead)
CACHE_SERVICE(CcPinMappedData)
CACHE_SERVICE(CcPreparePinWrite)
#undef CACHE_SERVICE

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

// They enter like every service. Who waits then goes on in ExRaiseStatus as if the driver had called it: a handler
// finds the driver's registers as they were. Bit 0 of the flags, MAP_WAIT and PIN_WAIT and TRUE, says that the driver
// waits; they are the fourth argument, or the fifth.
__asm__(
    ".text\n"
    ".macro nt_cache_service name, flags\n"
    ".globl nt_\\name\n"
    "nt_\\name:\n"
    "  subq $0x38, %rsp\n"
    "  movl \\flags, %eax\n"
    "  movl %eax, 0x30(%rsp)\n"
    "  movq 0x38(%rsp), %rcx\n"
    "  call nt_enter_\\name\n"
    "  testb $1, 0x30(%rsp)\n"
    "  leaq 0x38(%rsp), %rsp\n"
    "  jnz 1f\n"
    "  xorl %eax, %eax\n"
    "  ret\n"
    "1:\n"
    "  movl $0xc000009a, %ecx\n"  // STATUS_INSUFFICIENT_RESOURCES
    "  jmp nt_ExRaiseStatus\n"
    ".endm\n"
    "nt_cache_service CcMapData, %r9d\n"
    "nt_cache_service CcPinRead, %r9d\n"
    "nt_cache_service CcPinMappedData, %r9d\n"
    "nt_cache_service CcPreparePinWrite, 0x60(%rsp)\n"
    ".purgem nt_cache_service\n");

}  // namespace rxcheck::nt
