/* SPDX-License-Identifier: Apache-2.0
 *
 * races.sys: for each way to synchronize, two parts that use the same memory, for two actors. An IOCTL function code is
 * 4 * drill + 2 * part + 1 if they synchronize, as the drills of harness/explore/test/race_watch_test.cc number them.
 */
#include "races.h"

PDEVICE_OBJECT Device;
ULONG Shared;
volatile ULONG Seen;

static KSPIN_LOCK Lock;
static FAST_MUTEX FastMutex;
static KMUTEX Mutex;
static ERESOURCE Resource;
static KEVENT Event;
static KSEMAPHORE Semaphore;
static KQUEUE Queue;
static LIST_ENTRY QueueEntry;

/* --- locks: the first part always takes it --- */

static VOID UnderSpinLock(ULONG Part, BOOLEAN Takes) {
  KIRQL Old;

  UNREFERENCED_PARAMETER(Part);
  if (Takes) KeAcquireSpinLock(&Lock, &Old);
  ++Shared;
  if (Takes) KeReleaseSpinLock(&Lock, Old);
}

static VOID UnderCancelLock(ULONG Part, BOOLEAN Takes) {
  KIRQL Old;

  UNREFERENCED_PARAMETER(Part);
  if (Takes) IoAcquireCancelSpinLock(&Old);
  ++Shared;
  if (Takes) IoReleaseCancelSpinLock(Old);
}

static VOID UnderFastMutex(ULONG Part, BOOLEAN Takes) {
  UNREFERENCED_PARAMETER(Part);
  if (Takes) ExAcquireFastMutex(&FastMutex);
  ++Shared;
  if (Takes) ExReleaseFastMutex(&FastMutex);
}

static VOID UnderMutex(ULONG Part, BOOLEAN Takes) {
  UNREFERENCED_PARAMETER(Part);
  if (Takes) KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
  ++Shared;
  if (Takes) KeReleaseMutex(&Mutex, FALSE);
}

/* Two who write, exclusive. */
static VOID UnderResource(ULONG Part, BOOLEAN Takes) {
  UNREFERENCED_PARAMETER(Part);
  KeEnterCriticalRegion();
  if (Takes) ExAcquireResourceExclusiveLite(&Resource, TRUE);
  ++Shared;
  if (Takes) ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

/* One who writes, exclusive, and one who reads, shared. */
static VOID ReadUnderResource(ULONG Part, BOOLEAN Takes) {
  if (Part == 0) {
    UnderResource(Part, Takes);
    return;
  }
  KeEnterCriticalRegion();
  if (Takes) ExAcquireResourceSharedLite(&Resource, TRUE);
  Seen = Shared;
  if (Takes) ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

/* Whoever has it shared only reads; or both write. */
static VOID SharedResource(ULONG Part, BOOLEAN Takes) {
  UNREFERENCED_PARAMETER(Part);
  KeEnterCriticalRegion();
  ExAcquireResourceSharedLite(&Resource, TRUE);
  if (Takes)
    Seen = Shared;
  else
    ++Shared;
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

/* Exclusive access that has become shared, and then another's. */
static VOID ConvertedResource(ULONG Part, BOOLEAN Takes) {
  if (Part != 0) {
    ReadUnderResource(Part, Takes);
    return;
  }
  KeEnterCriticalRegion();
  ExAcquireResourceExclusiveLite(&Resource, TRUE);
  ++Shared;
  ExConvertExclusiveToSharedLite(&Resource);
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

/* --- what one part sets and the other waits for --- */

static VOID ByEvent(ULONG Part, BOOLEAN Waits) {
  if (Part == 0) {
    ++Shared;
    KeSetEvent(&Event, IO_NO_INCREMENT, FALSE);
    return;
  }
  if (Waits) KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  ++Shared;
}

static VOID BySemaphore(ULONG Part, BOOLEAN Waits) {
  if (Part == 0) {
    ++Shared;
    KeReleaseSemaphore(&Semaphore, IO_NO_INCREMENT, 1, FALSE);
    return;
  }
  if (Waits) KeWaitForSingleObject(&Semaphore, Executive, KernelMode, FALSE, NULL);
  ++Shared;
}

static VOID ByQueue(ULONG Part, BOOLEAN Waits) {
  if (Part == 0) {
    ++Shared;
    if (Waits) KeInsertQueue(&Queue, &QueueEntry);
    return;
  }
  if (Waits) KeRemoveQueue(&Queue, KernelMode, NULL);
  ++Shared;
}

static VOID (*const Drills[])(ULONG, BOOLEAN) = {
    UnderSpinLock,     UnderCancelLock, UnderFastMutex,    UnderMutex,  UnderResource,
    ReadUnderResource, SharedResource,  ConvertedResource, ByEvent,     BySemaphore,
    ByQueue,           ByWorkItem,      ByThreadStart,     ByThreadEnd, ByDpc,
    Interlocked,       Marked,          Neighbours,        ByFree,      ByList,
};

/* In the drills of locks who leaves synchronization out is the second. */
static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  const ULONG Code = (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xff;
  const ULONG Drill = Code >> 2;
  const ULONG Part = Code >> 1 & 1;
  NTSTATUS Status = STATUS_INVALID_DEVICE_REQUEST;

  UNREFERENCED_PARAMETER(DeviceObject);
  if (Drill >= 1 && Drill <= RTL_NUMBER_OF(Drills)) {
    Drills[Drill - 1](Part, (Code & 1) != 0);
    Status = STATUS_SUCCESS;
  }
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject) {
  UNREFERENCED_PARAMETER(DriverObject);
  StopMemory();
  ExDeleteResourceLite(&Resource);
  IoDeleteDevice(Device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\races");

  UNREFERENCED_PARAMETER(RegistryPath);
  DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  DriverObject->DriverUnload = Unload;
  KeInitializeSpinLock(&Lock);
  ExInitializeFastMutex(&FastMutex);
  KeInitializeMutex(&Mutex, 0);
  KeInitializeEvent(&Event, NotificationEvent, FALSE);
  KeInitializeSemaphore(&Semaphore, 0, 1);
  KeInitializeQueue(&Queue, 1);
  ExInitializeResourceLite(&Resource);
  StartMemory();
  StartLines();
  return IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
}
