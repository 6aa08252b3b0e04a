/* SPDX-License-Identifier: Apache-2.0
 *
 * Timers, DPCs, delays, time-outs and work items. The tests let 10 seconds pass once nobody can go on.
 */
#include "services.h"

#define SECOND 10000000ll

static KTIMER Timer;
static KDPC Dpc;
static KEVENT Event;
static KSPIN_LOCK Lock;
static volatile LONG Runs;

static LARGE_INTEGER After(LONGLONG Seconds) {
  LARGE_INTEGER Time;

  Time.QuadPart = -Seconds * SECOND;
  return Time;
}

static VOID CountingDpc(PKDPC This, PVOID Context, PVOID Argument1, PVOID Argument2) {
  UNREFERENCED_PARAMETER(This);
  UNREFERENCED_PARAMETER(Argument2);
  /* Only at DISPATCH_LEVEL may this pair be used. */
  KeAcquireSpinLockAtDpcLevel(&Lock);
  Runs += Context == &Runs ? 1 : 100;
  if (Argument1 == &Lock) Runs += 10;
  KeReleaseSpinLockFromDpcLevel(&Lock);
  KeSetEvent(&Event, IO_NO_INCREMENT, FALSE);
}

static VOID Begin(VOID) {
  Runs = 0;
  KeInitializeSpinLock(&Lock);
  KeInitializeEvent(&Event, SynchronizationEvent, FALSE);
  KeInitializeTimer(&Timer);
  KeInitializeDpc(&Dpc, CountingDpc, (PVOID)&Runs);
}

NTSTATUS CheckTimer(VOID) {
  Begin();
  CHECK(!KeReadStateTimer(&Timer));
  CHECK(!KeSetTimer(&Timer, After(1), NULL));
  CHECK(KeSetTimer(&Timer, After(2), NULL));
  CHECK(KeCancelTimer(&Timer));
  CHECK(!KeCancelTimer(&Timer));
  CHECK(!KeSetTimer(&Timer, After(3), NULL));
  CHECK(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(KeReadStateTimer(&Timer));
  CHECK(!KeCancelTimer(&Timer));
  CHECK(!KeSetTimer(&Timer, After(0), NULL));
  CHECK(KeReadStateTimer(&Timer));
  return STATUS_SUCCESS;
}

NTSTATUS CheckSynchronizationTimer(VOID) {
  Begin();
  KeInitializeTimerEx(&Timer, SynchronizationTimer);
  CHECK(!KeSetTimer(&Timer, After(1), NULL));
  KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL);
  CHECK(!KeReadStateTimer(&Timer)); /* the wait took the signal */
  return STATUS_SUCCESS;
}

NTSTATUS CheckPeriodicTimer(VOID) {
  Begin();
  CHECK(!KeSetTimerEx(&Timer, After(1), 2000, &Dpc));
  while (Runs < 4) KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  CHECK(KeCancelTimer(&Timer));
  return STATUS_SUCCESS;
}

NTSTATUS CheckTimerDpc(VOID) {
  Begin();
  KeSetTimer(&Timer, After(1), &Dpc);
  CHECK(Runs == 0);
  KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  CHECK(Runs == 1);
  return STATUS_SUCCESS;
}

NTSTATUS CheckDpc(VOID) {
  KIRQL Old;
  KSPIN_LOCK Other;

  Begin();
  CHECK(KeInsertQueueDpc(&Dpc, &Lock, NULL)); /* runs before the call returns */
  CHECK(Runs == 11);
  KeInitializeSpinLock(&Other);
  KeAcquireSpinLock(&Other, &Old);
  CHECK(KeInsertQueueDpc(&Dpc, NULL, NULL));
  CHECK(!KeInsertQueueDpc(&Dpc, NULL, NULL)); /* queued already */
  CHECK(Runs == 11);
  KeReleaseSpinLock(&Other, Old); /* below DISPATCH_LEVEL it runs */
  CHECK(Runs == 12);
  KeAcquireSpinLock(&Other, &Old);
  CHECK(KeInsertQueueDpc(&Dpc, NULL, NULL));
  CHECK(KeRemoveQueueDpc(&Dpc));
  CHECK(!KeRemoveQueueDpc(&Dpc));
  KeReleaseSpinLock(&Other, Old);
  CHECK(Runs == 12);
  return STATUS_SUCCESS;
}

NTSTATUS CheckDelay(VOID) {
  LARGE_INTEGER Time = After(2);

  CHECK(KeDelayExecutionThread(KernelMode, FALSE, &Time) == STATUS_SUCCESS);
  return STATUS_SUCCESS;
}

NTSTATUS CheckTimedWait(VOID) {
  LARGE_INTEGER Time = After(2);
  KSEMAPHORE Semaphore;

  Begin();
  CHECK(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Time) == STATUS_TIMEOUT);
  KeSetEvent(&Event, IO_NO_INCREMENT, FALSE);
  CHECK(KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Time) == STATUS_SUCCESS);
  KeInitializeSemaphore(&Semaphore, 1, 1);
  CHECK(KeWaitForSingleObject(&Semaphore, Executive, KernelMode, FALSE, &Time) == STATUS_SUCCESS);
  Time.QuadPart = 0;
  CHECK(KeWaitForSingleObject(&Semaphore, Executive, KernelMode, FALSE, &Time) == STATUS_TIMEOUT);
  CHECK(KeReleaseSemaphore(&Semaphore, IO_NO_INCREMENT, 1, FALSE) == 0); /* no unit went to a wait that timed out */
  return STATUS_SUCCESS;
}

static VOID CountingWork(PVOID Parameter) {
  Runs += Parameter == &Runs ? 1 : 100;
  KeSetEvent(&Event, IO_NO_INCREMENT, FALSE);
}

static VOID CountingIoWork(PDEVICE_OBJECT DeviceObject, PVOID Context) {
  Runs += DeviceObject == Device && Context == &Runs ? 10 : 100;
  KeSetEvent(&Event, IO_NO_INCREMENT, FALSE);
}

NTSTATUS CheckWorkItems(VOID) {
  WORK_QUEUE_ITEM Item;
  PIO_WORKITEM IoItem;

  Begin();
  ExInitializeWorkItem(&Item, CountingWork, (PVOID)&Runs);
  ExQueueWorkItem(&Item, DelayedWorkQueue);
  KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  CHECK(Runs == 1);
  IoItem = IoAllocateWorkItem(Device);
  CHECK(IoItem != NULL);
  IoQueueWorkItem(IoItem, CountingIoWork, DelayedWorkQueue, (PVOID)&Runs);
  KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  CHECK(Runs == 11);
  IoFreeWorkItem(IoItem);
  return STATUS_SUCCESS;
}
