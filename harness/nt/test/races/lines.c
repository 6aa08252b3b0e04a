/* SPDX-License-Identifier: Apache-2.0
 *
 * Work items, threads, DPCs.
 */
#include "races.h"

static WORK_QUEUE_ITEM WorkItem;
static KEVENT Done;
static KDPC Dpc;
static KSPIN_LOCK One;
static KSPIN_LOCK Other;

static VOID NTAPI Work(PVOID Parameter) {
  UNREFERENCED_PARAMETER(Parameter);
  ++Shared;
  KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
}

static VOID NTAPI Thread(PVOID Parameter) {
  UNREFERENCED_PARAMETER(Parameter);
  ++Shared;
  PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID NTAPI Deferred(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2) {
  UNREFERENCED_PARAMETER(Self);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(Argument1);
  UNREFERENCED_PARAMETER(Argument2);
  ++Shared;
}

VOID StartLines(VOID) {
  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  KeInitializeDpc(&Dpc, Deferred, NULL);
  KeInitializeSpinLock(&One);
  KeInitializeSpinLock(&Other);
  ExInitializeWorkItem(&WorkItem, Work, NULL);
}

VOID ByWorkItem(ULONG Part, BOOLEAN Before) {
  if (Part != 0) return;
  if (Before) ++Shared;
  ExQueueWorkItem(&WorkItem, DelayedWorkQueue);
  if (!Before) ++Shared;
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  ++Shared;
}

static PVOID Create(VOID) {
  OBJECT_ATTRIBUTES Attributes;
  HANDLE Handle;
  PVOID Object;

  InitializeObjectAttributes(&Attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
  if (!NT_SUCCESS(PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, &Attributes, NULL, NULL, Thread, NULL))) return NULL;
  ObReferenceObjectByHandle(Handle, THREAD_ALL_ACCESS, NULL, KernelMode, &Object, NULL);
  ZwClose(Handle);
  return Object;
}

static VOID Await(PVOID Object) {
  KeWaitForSingleObject(Object, Executive, KernelMode, FALSE, NULL);
  ObDereferenceObject(Object);
}

VOID ByThreadStart(ULONG Part, BOOLEAN Before) {
  PVOID Object;

  if (Part != 0) return;
  if (Before) ++Shared;
  Object = Create();
  if (!Before) ++Shared;
  Await(Object);
}

VOID ByThreadEnd(ULONG Part, BOOLEAN Waits) {
  PVOID Object;

  if (Part != 0) return;
  Object = Create();
  if (!Waits) ++Shared;
  Await(Object);
  if (Waits) ++Shared;
}

/* The DPC is queued at DISPATCH_LEVEL, so another line may be the next that is below, and runs it: the second part. */
VOID ByDpc(ULONG Part, BOOLEAN Before) {
  KIRQL Old;
  ULONG i;

  for (i = 0; Part != 0 && i < 8; ++i) {
    KeAcquireSpinLock(&Other, &Old);
    KeReleaseSpinLock(&Other, Old);
  }
  if (Part != 0) return;
  KeAcquireSpinLock(&One, &Old);
  if (Before) ++Shared;
  KeInsertQueueDpc(&Dpc, NULL, NULL);
  for (i = 0; i < 4; ++i) KeResetEvent(&Done); /* points at which the other goes on */
  if (!Before) ++Shared;
  KeReleaseSpinLock(&One, Old);
}
