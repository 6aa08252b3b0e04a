/* SPDX-License-Identifier: Apache-2.0
 *
 * services.sys: an IOCTL function code for each check, in the order of this table, from 1.
 */
#include "services.h"

PDEVICE_OBJECT Device;

static NTSTATUS (*const Checks[])(VOID) = {
    CheckTimer,
    CheckPeriodicTimer,
    CheckTimerDpc,
    CheckDpc,
    CheckDelay,
    CheckTimedWait,
    CheckWorkItems,
    CheckSynchronizationTimer,
    CheckMutex,
    CheckFastMutex,
    CheckFastMutexUnsafe,
    CheckResourceSharing,
    CheckResourceFairness,
    CheckResourceOwners,
    CheckQueue,
    CheckQueueRundown,
    CheckStringCopy,
    CheckStringAppend,
    CheckStringNumber,
    CheckWildCards,
    CheckMemory,
    CheckList,
    CheckLookaside,
    CheckLookasideRoutines,
    CheckPoolPriority,
    CheckInterlockedAdd,
    CheckObjectReference,
    CheckProcess,
    CheckToken,
    CheckStackLimits,
    CheckDescriptorLength,
    CheckShareAccess,
    CheckAttributesOnlyOpen,
    CheckSynchronousOperation,
    CheckRelatedDevice,
    CheckDescriptor,
    CheckPageLock,
    CheckDescriptorChain,
    CheckCompletionOrder,
    CheckCompletionKept,
    CheckPendingReturned,
    CheckBuiltRequest,
    CheckBuiltDirectRequest,
    CheckException,
    CheckTermination,
    CheckExceptionSearch,
    CheckServiceException,
    CheckCapturedContext,
    CheckCacheMap,
    CheckCachedTransfer,
    CheckSections,
    CheckFileLock,
    CheckRegistration,
    CheckRetry,
    CheckEpilogue,
    CheckHandlerNowhere,
};

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  ULONG Code = (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xff;
  NTSTATUS Status = STATUS_INVALID_DEVICE_REQUEST;

  if (DeviceObject != Device) return LayerControl(DeviceObject, Irp);
  if (Code >= 1 && Code <= RTL_NUMBER_OF(Checks)) Status = Checks[Code - 1]();
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject) {
  UNREFERENCED_PARAMETER(DriverObject);
  IoDeleteDevice(Device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\services");

  UNREFERENCED_PARAMETER(RegistryPath);
  DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  DriverObject->DriverUnload = Unload;
  return IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
}
