/* SPDX-License-Identifier: Apache-2.0
 *
 * Other threads for the checks of locks: work items, of which as many as three may be under way.
 */
#include "services.h"

#define MANY 3

static struct {
  WORK_QUEUE_ITEM Item;
  VOID (*Routine)(VOID);
  KEVENT Ended;
} Others[MANY];
static KEVENT Begun;
static ULONG UnderWay;

static VOID Run(PVOID Parameter) {
  VOID (*Routine)(VOID) = Others[(ULONG_PTR)Parameter].Routine;

  KeSetEvent(&Begun, IO_NO_INCREMENT, FALSE);
  Routine();
  KeSetEvent(&Others[(ULONG_PTR)Parameter].Ended, IO_NO_INCREMENT, FALSE);
}

VOID BeginOnAnotherThread(VOID (*Routine)(VOID)) {
  LARGE_INTEGER Moment;

  KeInitializeEvent(&Begun, SynchronizationEvent, FALSE);
  KeInitializeEvent(&Others[UnderWay].Ended, NotificationEvent, FALSE);
  Others[UnderWay].Routine = Routine;
  ExInitializeWorkItem(&Others[UnderWay].Item, Run, (PVOID)(ULONG_PTR)UnderWay);
  ExQueueWorkItem(&Others[UnderWay].Item, DelayedWorkQueue);
  UnderWay++;
  KeWaitForSingleObject(&Begun, Executive, KernelMode, FALSE, NULL);
  Moment.QuadPart = -1; /* passes only when nobody can go on */
  KeDelayExecutionThread(KernelMode, FALSE, &Moment);
}

VOID AwaitOtherThreads(VOID) {
  while (UnderWay != 0) KeWaitForSingleObject(&Others[--UnderWay].Ended, Executive, KernelMode, FALSE, NULL);
}

VOID OnAnotherThread(VOID (*Routine)(VOID)) {
  BeginOnAnotherThread(Routine);
  AwaitOtherThreads();
}
