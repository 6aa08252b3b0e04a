/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests with locations that they do not have, requests that are cancelled or built, devices; and what looks like
 * one of these wrongs and is none ("correct").
 */
#include "faulty.h"

static KEVENT Done;
static ERESOURCE Resource;
static KSPIN_LOCK Lock;
static UCHAR Small[80];
static volatile PIRP Shared;

static NTSTATUS NTAPI KeepRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(DeviceObject);
  UNREFERENCED_PARAMETER(Irp);
  KeSetEvent((PRKEVENT)Context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static PIRP OwnRequest(ULONG Code) {
  PIRP Irp = IoAllocateIrp(Lower->StackSize, FALSE);

  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
  IoGetNextIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode = Code;
  IoSetCompletionRoutine(Irp, KeepRequest, &Done, TRUE, TRUE, TRUE);
  return Irp;
}

static VOID SendAndFree(PIRP Irp) {
  IoCallDriver(Lower, Irp);
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  IoFreeIrp(Irp);
}

/* The location of its own is for what it wants to know at the completion. */
static VOID UseOwnLocation(VOID) {
  PIRP Irp = IoAllocateIrp((CCHAR)(Lower->StackSize + 1), FALSE);

  IoSetNextIrpStackLocation(Irp);
  IoGetCurrentIrpStackLocation(Irp)->DeviceObject = Upper;
  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
  IoSetCompletionRoutine(Irp, KeepRequest, &Done, TRUE, TRUE, TRUE);
  SendAndFree(Irp);
}

static VOID CancelWithResource(VOID) {
  PIRP Irp = OwnRequest(LowerWaitsForCancel);

  ExInitializeResourceLite(&Resource);
  IoCallDriver(Lower, Irp);
  KeEnterCriticalRegion();
  ExAcquireResourceExclusiveLite(&Resource, TRUE);
  IoCancelIrp(Irp);
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
  KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  IoFreeIrp(Irp);
  ExDeleteResourceLite(&Resource);
}

/* Fails if `Size` bytes are not to be had. */
static BOOLEAN Build(ULONG Code, ULONG Size) {
  IO_STATUS_BLOCK Block;
  KEVENT Event;
  PIRP Irp;

  KeInitializeEvent(&Event, NotificationEvent, FALSE);
  Irp = IoBuildDeviceIoControlRequest(Code, Lower, NULL, 0, Small, Size, FALSE, &Event, &Block);
  if (Irp == NULL) return FALSE;
  if ((Code & 3) == METHOD_OUT_DIRECT && Irp->MdlAddress == NULL) KeBugCheckEx(Code, 0, 0, 0, 0);
  IoCallDriver(Lower, Irp);
  KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
  return TRUE;
}

static VOID NTAPI DoNothing(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  PsTerminateSystemThread(STATUS_SUCCESS);
}

/* The handle of its thread is closed: it leads nowhere. */
static VOID UseClosedHandle(VOID) {
  HANDLE Thread;
  PVOID Object;

  PsCreateSystemThread(&Thread, 0, NULL, NULL, NULL, DoNothing, NULL);
  ZwClose(Thread);
  if (NT_SUCCESS(ObReferenceObjectByHandle(Thread, 0, NULL, KernelMode, &Object, NULL))) KeBugCheckEx(0, 0, 0, 0, 0);
}

static VOID MapAtDispatchLevel(VOID) {
  LARGE_INTEGER Offset = {{0, 0}};
  PVOID Bcb, Buffer;
  KIRQL Old;

  KeAcquireSpinLock(&Lock, &Old);
  CcMapData(NULL, &Offset, 1, MAP_WAIT, &Bcb, &Buffer);
  KeReleaseSpinLock(&Lock, Old);
}

static PDEVICE_OBJECT OneMoreDevice(VOID) {
  PDEVICE_OBJECT Device = NULL;

  IoCreateDevice(Lower->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
  return Device;
}

BOOLEAN MisuseRequests(ULONG Code, PIRP Irp) {
  PDEVICE_OBJECT Device;
  PVOID Memory, Object;
  PIRP Own;
  KIRQL Old;
  ULONG i;

  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  switch (Code) {
    case 110: /* no-more-stack-locations: a completion routine where there is none */
      IoSetCompletionRoutine(Irp, KeepRequest, &Done, TRUE, TRUE, TRUE);
      return TRUE;
    case 111: /* no-more-stack-locations: a copy to where there is none */
      IoCopyCurrentIrpStackLocationToNext(Irp);
      return TRUE;
    case 112: /* no-more-stack-locations: above all of them */
      IoSkipCurrentIrpStackLocation(Irp);
      IoSkipCurrentIrpStackLocation(Irp);
      IoCallDriver(Lower, Irp);
      return TRUE;
    case 113: /* correct */
      UseOwnLocation();
      return TRUE;
    case 114: /* correct */
      CancelWithResource();
      return TRUE;
    case 115: /* correct: its completion routine is for what is no success, as a warning */
      Own = OwnRequest(LowerWarns);
      IoSetCompletionRoutine(Own, KeepRequest, &Done, FALSE, TRUE, FALSE);
      SendAndFree(Own);
      return TRUE;
    case 116: /* overrun: the lower driver claims to have returned more than there is room for */
      Build(LowerClaims64, 8);
      return TRUE;
    case 117: /* correct: more than there is */
      if (Build(METHOD_BUFFERED, 65 << 20)) KeBugCheckEx(Code, 0, 0, 0, 0);
      return TRUE;
    case 118: /* correct: a handle that nobody made */
      if (NT_SUCCESS(ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)0x1028, 0, NULL, KernelMode, &Object, NULL)))
        KeBugCheckEx(Code, 0, 0, 0, 0);
      return TRUE;
    case 119: /* correct */
      UseClosedHandle();
      return TRUE;
    case 120: /* wild-access: a major function that there is none of */
      Own = OwnRequest(0);
      IoGetNextIrpStackLocation(Own)->MajorFunction = 0x80;
      SendAndFree(Own);
      return TRUE;
    case 121: /* correct, whatever is refused */
      Build(METHOD_OUT_DIRECT, 8);
      return TRUE;
    case 122: /* likewise */
      Build(METHOD_BUFFERED, 8);
      return TRUE;
    case 123: /* irql: waits for the cache */
      MapAtDispatchLevel();
      return TRUE;
    case 124: /* wild-access: cancels what is no request */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 512, TAG);
      IoCancelIrp(Memory);
      ExFreePoolWithTag(Memory, TAG);
      return TRUE;
    case 125: /* leak: took it back, and leaves it there */
      IoCallDriver(Lower, OwnRequest(0));
      return TRUE;
    case 126: /* device-deleted-in-use: another is on top */
      Device = OneMoreDevice();
      IoAttachDeviceToDeviceStack(OneMoreDevice(), Device);
      IoDeleteDevice(Device);
      return TRUE;
    case 127: /* use-after-free: attaches to what was deleted */
      Device = OneMoreDevice();
      IoDeleteDevice(Device);
      IoAttachDeviceToDeviceStack(Upper, Device);
      return TRUE;
    case 128: /* with 129, irp-after-completion: frees what the other waits to cancel */
      Own = OwnRequest(0);
      IoAcquireCancelSpinLock(&Old);
      Shared = Own;
      for (i = 0; i < 200; ++i) KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
      IoReleaseCancelSpinLock(Old);
      IoFreeIrp(Own);
      return TRUE;
    case 129:
      while (Shared == NULL) KeSetEvent(&Done, IO_NO_INCREMENT, FALSE);
      IoCancelIrp(Shared);
      return TRUE;
    case 130: /* fault, in a service: a null pointer */
      KeSetEvent((PRKEVENT)(ULONG_PTR)0x20, IO_NO_INCREMENT, FALSE);
      return TRUE;
    default:
      return FALSE;
  }
}
