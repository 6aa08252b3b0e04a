// SPDX-License-Identifier: Apache-2.0
//
// Pool, after its routine pages in wdm.h.
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

void* allocate_pool(Executive& ex, int32_t type, uint64_t size, uint32_t tag, void* site) {
  if ((type & 1) != 0 && ex.running().irql > kApcLevel)
    ex.violate("irql", "ExAllocatePoolWithTag", "paged pool is allocated at DISPATCH_LEVEL", site);
  if (size == 0) ex.violate("zero-allocation", tag_name(tag), "pool is asked for no bytes", site);
  if (size > (1u << 20)) return nullptr;
  void* memory = ex.allocate_for_driver(static_cast<uint32_t>(size), tag);
  if (memory != nullptr && (type & 1) != 0) ex.pool().mark_paged(*ex.pool().find(memory));
  return memory;
}

}  // namespace

extern "C" {

void* MS nt_ExAllocatePoolWithTag(int32_t type, uint64_t size, uint32_t tag) {
  ENTER_YIELD(ExAllocatePoolWithTag);
  return allocate_pool(ex, type, size, tag, site);
}

// The priority says how dear the memory is when little is left; here it is as dear to all.
void* MS nt_ExAllocatePoolWithTagPriority(int32_t type, uint64_t size, uint32_t tag, int32_t) {
  ENTER_YIELD(ExAllocatePoolWithTagPriority);
  return allocate_pool(ex, type, size, tag, site);
}

void MS nt_ExFreePoolWithTag(void* address, uint32_t tag) {
  ENTER_YIELD(ExFreePoolWithTag);
  ex.free_for_driver(address, tag, site);
}

void MS nt_ExFreePool(void* address) {
  ENTER_YIELD(ExFreePool);
  ex.free_for_driver(address, 0, site);
}

}  // extern "C"

}  // namespace rxcheck::nt
