/* SPDX-License-Identifier: Apache-2.0
 *
 * What is interlocked, volatile, small, freed, or on a list.
 */
#include "races.h"

static volatile LONG Flag;
static volatile ULONG Unordered;
static struct {
  USHORT Low;
  UCHAR Middle;
  UCHAR High;
} Small;
static KSPIN_LOCK BlockLock;
static PULONG Block;

typedef struct DECLSPEC_ALIGN(16) _LISTED {
  SLIST_ENTRY Entry;
  ULONG Value;
} LISTED;
static SLIST_HEADER List;
static LISTED Listed;

VOID StartMemory(VOID) {
  KeInitializeSpinLock(&BlockLock);
  Block = ExAllocatePoolWithTag(NonPagedPool, 64, TAG);
  InitializeSListHead(&List);
}

VOID StopMemory(VOID) {
  if (Block != NULL) ExFreePoolWithTag(Block, TAG);
}

/* The flag says that the other part has written; a volatile one does not make it so. */
VOID Interlocked(ULONG Part, BOOLEAN IsInterlocked) {
  if (Part == 0) {
    ++Shared;
    if (IsInterlocked)
      InterlockedExchange(&Flag, 1);
    else
      Flag = 1;
  } else if (IsInterlocked ? InterlockedOr(&Flag, 0) != 0 : Flag != 0) {
    ++Shared;
  }
}

VOID Marked(ULONG Part, BOOLEAN IsMarked) {
  if (Part == 0)
    Unordered = 1;
  else if (IsMarked)
    Unordered = 2;
  else
    *(ULONG *)&Unordered = 2;
}

VOID Neighbours(ULONG Part, BOOLEAN Different) {
  if (Part == 0)
    Small.Middle = 1;
  else if (Different)
    Small.Low = 2, Small.High = 3;
  else
    RtlZeroMemory(&Small, sizeof(Small));
}

/* One part frees the block, the other writes in it if it is there. */
VOID ByFree(ULONG Part, BOOLEAN Locked) {
  PULONG Taken = NULL;
  KIRQL Old;

  if (Part == 0) {
    KeAcquireSpinLock(&BlockLock, &Old);
    Taken = Block;
    Block = NULL;
    KeReleaseSpinLock(&BlockLock, Old);
    ExFreePoolWithTag(Taken, TAG);
    return;
  }
  KeAcquireSpinLock(&BlockLock, &Old);
  Taken = Block;
  if (!Locked) KeReleaseSpinLock(&BlockLock, Old);
  if (Taken != NULL) Taken[4] = 1;
  if (Locked) KeReleaseSpinLock(&BlockLock, Old);
}

VOID ByList(ULONG Part, BOOLEAN TakesOut) {
  if (Part == 0) {
    Listed.Value = 1;
    InterlockedPushEntrySList(&List, &Listed.Entry);
  } else if (!TakesOut || InterlockedPopEntrySList(&List) != NULL) {
    Listed.Value = 2;
  }
}
