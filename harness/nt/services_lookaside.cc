// SPDX-License-Identifier: Apache-2.0
//
// Interlocked singly linked lists and lookaside lists. A list of the driver's own really holds its entries. A lookaside
// list is made with depth 0, so that the code which drivers have inline finds it full and gives every block back to the
// pool: a block that is used after it was freed is then seen, which a list that keeps it would hide.
#include <algorithm>
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

struct SListEntry {  // SLIST_ENTRY
  SListEntry* next;
};

struct alignas(16)
    SListHeader {  // SLIST_HEADER: the depth is the lowest 16 bits, the address of an entry a multiple of 16
  uint64_t depth;
  uint64_t first;
};

using AllocateRoutine = void*(MS*)(int32_t, uint64_t, uint32_t);
using FreeRoutine = void(MS*)(void*);

struct Lookaside {  // GENERAL_LOOKASIDE
  SListHeader list;
  uint16_t depth;
  uint16_t maximum_depth;
  uint32_t total_allocates;
  uint32_t allocate_misses;
  uint32_t total_frees;
  uint32_t free_misses;
  int32_t type;
  uint32_t tag;
  uint32_t size;
  AllocateRoutine allocate;
  FreeRoutine free;
  uint8_t rest[128 - 0x40];
};
static_assert(offsetof(Lookaside, depth) == 0x10 && offsetof(Lookaside, type) == 0x24);
static_assert(offsetof(Lookaside, allocate) == 0x30 && sizeof(Lookaside) == 128);

constexpr uint64_t kDepthMask = 0xffff;

SListHeader* list_at(Executive& ex, SListHeader* list, void* site) {
  ex.check_object(list, sizeof *list, "use as a list", site);
  return list;
}

SListEntry* first_of(const SListHeader* list) { return reinterpret_cast<SListEntry*>(list->first & ~15ull); }

void set_first(SListHeader* list, SListEntry* entry, uint64_t depth) {
  list->depth = (list->depth & ~kDepthMask) + (kDepthMask + 1) + (depth & kDepthMask);  // and a change counted
  list->first = reinterpret_cast<uint64_t>(entry) | 1;
}

}  // namespace

extern "C" {

void* MS nt_ExAllocatePoolWithTag(int32_t type, uint64_t size, uint32_t tag);
void MS nt_ExFreePool(void* address);

void MS nt_InitializeSListHead(SListHeader* list) {
  ENTER(InitializeSListHead);
  ex.check_memory(list, sizeof *list, "use as a list", site);
  *list = {0, 1};
}

SListEntry* MS nt_ExpInterlockedPopEntrySList(SListHeader* list) {
  ENTER_YIELD(ExpInterlockedPopEntrySList);
  SListEntry* entry = first_of(list_at(ex, list, site));
  ex.synchronize(list, Sync::acquire);
  if (entry == nullptr) return nullptr;
  ex.check_memory(entry, sizeof *entry, "taking an entry off a list", site);
  set_first(list, entry->next, list->depth - 1);
  return entry;
}

// Returns what was the first entry.
SListEntry* MS nt_ExpInterlockedPushEntrySList(SListHeader* list, SListEntry* entry) {
  ENTER_YIELD(ExpInterlockedPushEntrySList);
  SListEntry* old = first_of(list_at(ex, list, site));
  ex.check_memory(entry, sizeof *entry, "putting an entry on a list", site);
  if ((reinterpret_cast<uint64_t>(entry) & 15) != 0)
    ex.violate("fault", "SLIST_ENTRY", "an entry of a list lies at no multiple of 16", site);
  entry->next = old;
  ex.synchronize(list, Sync::release);
  set_first(list, entry, list->depth + 1);
  return old;
}

SListEntry* MS nt_ExpInterlockedFlushSList(SListHeader* list) {
  ENTER_YIELD(ExpInterlockedFlushSList);
  SListEntry* all = first_of(list_at(ex, list, site));
  ex.synchronize(list, Sync::acquire);
  set_first(list, nullptr, 0);
  return all;
}

uint16_t MS nt_ExQueryDepthSList(SListHeader* list) {
  ENTER_YIELD(ExQueryDepthSList);
  return static_cast<uint16_t>(list_at(ex, list, site)->depth & kDepthMask);
}

void MS nt_ExInitializeNPagedLookasideList(Lookaside* lookaside, AllocateRoutine allocate, FreeRoutine free, uint32_t,
                                           uint64_t size, uint32_t tag, uint16_t) {
  ENTER(ExInitializeNPagedLookasideList);
  ex.check_memory(lookaside, sizeof *lookaside, "use as a lookaside list", site);
  if (!ex.belongings.lookaside_lists.add(lookaside))
    ex.violate("initialized-twice", "NPAGED_LOOKASIDE_LIST", "a lookaside list that is in use is initialized again",
               site);
  std::memset(static_cast<void*>(lookaside), 0, sizeof *lookaside);
  lookaside->list.first = 1;
  lookaside->tag = tag;
  lookaside->size = static_cast<uint32_t>(std::max<uint64_t>(size, sizeof(SListEntry)));
  lookaside->allocate = allocate != nullptr ? allocate : &nt_ExAllocatePoolWithTag;
  lookaside->free = free != nullptr ? free : &nt_ExFreePool;
}

void MS nt_ExDeleteNPagedLookasideList(Lookaside* lookaside) {
  ENTER_YIELD(ExDeleteNPagedLookasideList);
  ex.check_memory(lookaside, sizeof *lookaside, "use as a lookaside list", site);
  if (!ex.belongings.lookaside_lists.remove(lookaside))
    ex.violate("uninitialized-object", "NPAGED_LOOKASIDE_LIST",
               "a lookaside list is deleted that was not initialized, or was deleted", site);
}

// Under the caller's spin lock, which all who change the variable give.
uint32_t MS nt_ExInterlockedAddUlong(uint32_t* variable, uint32_t increment, uint64_t* lock) {
  ENTER(ExInterlockedAddUlong);
  const uint8_t irql = ex.running().irql;
  ex.acquire_spin_lock(lock, Service::ExInterlockedAddUlong, site);
  ex.raise_irql(kDispatchLevel);
  ex.check_memory(variable, sizeof *variable, "ExInterlockedAddUlong", site);
  const uint32_t old = *variable;
  *variable = old + increment;
  ex.release_spin_lock(lock, Service::ExInterlockedAddUlong, site);
  ex.restore_irql(irql, site);
  return old;
}

}  // extern "C"

}  // namespace rxcheck::nt
