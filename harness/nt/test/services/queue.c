/* SPDX-License-Identifier: Apache-2.0
 *
 * Kernel queues.
 */
#include "services.h"

static KQUEUE Queue;
static LIST_ENTRY Entries[3];
static PLIST_ENTRY volatile Got[2];

static VOID RemoveFirst(VOID) { Got[0] = KeRemoveQueue(&Queue, KernelMode, NULL); }
static VOID RemoveSecond(VOID) { Got[1] = KeRemoveQueue(&Queue, KernelMode, NULL); }

NTSTATUS CheckQueue(VOID) {
  LARGE_INTEGER Time;

  Time.QuadPart = 0;
  KeInitializeQueue(&Queue, 0);
  CHECK(KeRemoveQueue(&Queue, KernelMode, &Time) == (PLIST_ENTRY)(ULONG_PTR)STATUS_TIMEOUT);
  CHECK(KeInsertQueue(&Queue, &Entries[0]) == 0);
  CHECK(KeInsertQueue(&Queue, &Entries[1]) == 1);
  CHECK(KeInsertQueue(&Queue, &Entries[2]) == 2);
  CHECK(KeRemoveQueue(&Queue, KernelMode, NULL) == &Entries[0]);
  CHECK(KeRemoveQueue(&Queue, KernelMode, &Time) == &Entries[1]);
  CHECK(KeRemoveQueue(&Queue, KernelMode, NULL) == &Entries[2]);
  Time.QuadPart = -10;
  CHECK(KeRemoveQueue(&Queue, KernelMode, &Time) == (PLIST_ENTRY)(ULONG_PTR)STATUS_TIMEOUT);
  Got[0] = Got[1] = NULL;
  BeginOnAnotherThread(RemoveFirst);
  BeginOnAnotherThread(RemoveSecond);
  CHECK(KeInsertQueue(&Queue, &Entries[0]) == 0); /* to the one that came last */
  CHECK(KeInsertQueue(&Queue, &Entries[1]) == 0);
  AwaitOtherThreads();
  CHECK(Got[1] == &Entries[0] && Got[0] == &Entries[1]);
  return STATUS_SUCCESS;
}

NTSTATUS CheckQueueRundown(VOID) {
  KeInitializeQueue(&Queue, 1);
  CHECK(KeRundownQueue(&Queue) == NULL);
  KeInsertQueue(&Queue, &Entries[0]);
  KeInsertQueue(&Queue, &Entries[1]);
  CHECK(KeRundownQueue(&Queue) == &Entries[0]);
  CHECK(Entries[0].Flink == &Entries[1] && Entries[1].Flink == &Entries[0] && Entries[0].Blink == &Entries[1]);
  Got[0] = NULL;
  BeginOnAnotherThread(RemoveFirst);
  CHECK(Got[0] == NULL);
  CHECK(KeRundownQueue(&Queue) == NULL);
  AwaitOtherThreads();
  CHECK(Got[0] == (PLIST_ENTRY)(ULONG_PTR)STATUS_ABANDONED);
  return STATUS_SUCCESS;
}
