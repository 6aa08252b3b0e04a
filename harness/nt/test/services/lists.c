/* SPDX-License-Identifier: Apache-2.0
 *
 * Interlocked singly linked lists, lookaside lists, pool with a priority.
 */
#include "services.h"

static NPAGED_LOOKASIDE_LIST Lookaside;
static SLIST_HEADER List;
static DECLSPEC_ALIGN(16) struct {
  SLIST_ENTRY Entry;
  ULONG_PTR Rest;
} Entries[3];
static ULONG Allocated;
static ULONG Freed;

static PVOID NTAPI CountingAllocate(POOL_TYPE Type, SIZE_T Size, ULONG Tag) {
  ++Allocated;
  return ExAllocatePoolWithTag(Type, Size, Tag);
}

static VOID NTAPI CountingFree(PVOID Block) {
  ++Freed;
  ExFreePoolWithTag(Block, TAG);
}

NTSTATUS CheckList(VOID) {
  InitializeSListHead(&List);
  CHECK(ExQueryDepthSList(&List) == 0);
  CHECK(ExpInterlockedPopEntrySList(&List) == NULL);
  CHECK(ExpInterlockedPushEntrySList(&List, &Entries[0].Entry) == NULL);
  CHECK(ExpInterlockedPushEntrySList(&List, &Entries[1].Entry) == &Entries[0].Entry);
  CHECK(ExpInterlockedPushEntrySList(&List, &Entries[2].Entry) == &Entries[1].Entry);
  CHECK(ExQueryDepthSList(&List) == 3);
  CHECK(ExpInterlockedPopEntrySList(&List) == &Entries[2].Entry); /* the last first */
  CHECK(ExQueryDepthSList(&List) == 2);
  CHECK(ExpInterlockedFlushSList(&List) == &Entries[1].Entry && Entries[1].Entry.Next == &Entries[0].Entry);
  CHECK(ExQueryDepthSList(&List) == 0);
  CHECK(ExpInterlockedPopEntrySList(&List) == NULL);
  return STATUS_SUCCESS;
}

NTSTATUS CheckLookaside(VOID) {
  PVOID First, Second;

  ExInitializeNPagedLookasideList(&Lookaside, NULL, NULL, 0, 48, TAG, 0);
  First = ExAllocateFromNPagedLookasideList(&Lookaside);
  CHECK(First != NULL);
  ((PUCHAR)First)[47] = 1; /* all of it is the driver's */
  ExFreeToNPagedLookasideList(&Lookaside, First);
  Second = ExAllocateFromNPagedLookasideList(&Lookaside);
  CHECK(Second != NULL && Second != First); /* no block is handed out twice */
  ExFreeToNPagedLookasideList(&Lookaside, Second);
  ExDeleteNPagedLookasideList(&Lookaside);
  return STATUS_SUCCESS;
}

NTSTATUS CheckLookasideRoutines(VOID) {
  PVOID Block;

  Allocated = Freed = 0;
  ExInitializeNPagedLookasideList(&Lookaside, CountingAllocate, CountingFree, 0, 32, TAG, 0);
  Block = ExAllocateFromNPagedLookasideList(&Lookaside);
  CHECK(Block != NULL && Allocated == 1 && Freed == 0);
  ExFreeToNPagedLookasideList(&Lookaside, Block);
  CHECK(Freed == 1);
  ExDeleteNPagedLookasideList(&Lookaside);
  return STATUS_SUCCESS;
}

NTSTATUS CheckPoolPriority(VOID) {
  PVOID Block = ExAllocatePoolWithTagPriority(NonPagedPool, 24, TAG, NormalPoolPriority);

  CHECK(Block != NULL);
  ExFreePoolWithTag(Block, TAG);
  return STATUS_SUCCESS;
}

NTSTATUS CheckInterlockedAdd(VOID) {
  KSPIN_LOCK Lock;
  ULONG Value = 5;

  KeInitializeSpinLock(&Lock);
  CHECK(ExInterlockedAddUlong(&Value, 3, &Lock) == 5);
  CHECK(Value == 8 && Lock == 0);
  KeFlushQueuedDpcs(); /* breaks a rule above PASSIVE_LEVEL */
  return STATUS_SUCCESS;
}
