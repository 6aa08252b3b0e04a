/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests that are passed down. The lower device completes at once whatever it gets, so that what takes that for
 * granted goes wrong only where a lower driver may answer STATUS_PENDING.
 */
#include "faulty.h"

PDEVICE_OBJECT Lower;
PDEVICE_OBJECT Upper;
static KEVENT Done;

static NTSTATUS NTAPI KeepRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(DeviceObject);
  UNREFERENCED_PARAMETER(Irp);
  KeSetEvent((PRKEVENT)Context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS NTAPI LetGo(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(DeviceObject);
  UNREFERENCED_PARAMETER(Irp);
  UNREFERENCED_PARAMETER(Context);
  return STATUS_SUCCESS;
}

static NTSTATUS NTAPI FreeAndLetGo(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(DeviceObject);
  UNREFERENCED_PARAMETER(Context);
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}

static PIRP OwnRequest(PIO_COMPLETION_ROUTINE Routine) {
  PIRP Irp = IoAllocateIrp(Lower->StackSize, FALSE);

  IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_DEVICE_CONTROL;
  if (Routine != NULL) IoSetCompletionRoutine(Irp, Routine, &Done, TRUE, TRUE, TRUE);
  return Irp;
}

/* Does not look at what IoCallDriver says. */
static NTSTATUS BuildAndSend(VOID) {
  IO_STATUS_BLOCK Block;
  KEVENT Event;
  PIRP Irp;

  KeInitializeEvent(&Event, NotificationEvent, FALSE);
  Irp = IoBuildDeviceIoControlRequest(0, Lower, NULL, 0, NULL, 0, FALSE, &Event, &Block);
  IoCallDriver(Lower, Irp);
  return STATUS_SUCCESS;
}

BOOLEAN PassDownWrongly(ULONG Code, PIRP Irp) {
  PIRP Own;
  NTSTATUS Status;

  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  switch (Code) {
    case 80: /* passed-down-irp-touched, if the lower driver is slow: reads the status too early */
      Own = OwnRequest(KeepRequest);
      IoCallDriver(Lower, Own);
      Status = Own->IoStatus.Status;
      if (NT_SUCCESS(Status)) IoFreeIrp(Own);
      return TRUE;
    case 81: /* stack-gone, likewise: leaves the frame with the status block */
      BuildAndSend();
      return TRUE;
    case 82: /* passed-down-irp-touched, likewise: frees it */
      Own = OwnRequest(KeepRequest);
      IoCallDriver(Lower, Own);
      IoFreeIrp(Own);
      return TRUE;
    case 83: /* own-irp-not-taken-back */
      IoCallDriver(Lower, OwnRequest(NULL));
      return TRUE;
    case 84: /* irp-after-completion: frees it and lets completion go on */
      IoCallDriver(Lower, OwnRequest(FreeAndLetGo));
      return TRUE;
    case 85: /* no-more-stack-locations */
      IoCallDriver(Lower, Irp);
      return TRUE;
    case 86: /* irp-after-completion: frees it twice */
      Own = OwnRequest(NULL);
      IoFreeIrp(Own);
      IoFreeIrp(Own);
      return TRUE;
    case 87: /* leak: a request that is never sent */
      OwnRequest(NULL);
      return TRUE;
    case 88: /* wild-access: to what is no device */
      Own = OwnRequest(KeepRequest);
      IoCallDriver((PDEVICE_OBJECT)&Done, Own);
      return TRUE;
    case 89: /* wild-free: the I/O manager frees what it built */
      IoFreeIrp(IoBuildDeviceIoControlRequest(0, Lower, NULL, 0, NULL, 0, FALSE, NULL, NULL));
      return TRUE;
    default:
      return FALSE;
  }
}

/* The upper device: 90 to 92 are wrong only if the lower driver is slow. */
static NTSTATUS Forward(ULONG Code, PIRP Irp) {
  NTSTATUS Status = STATUS_SUCCESS;

  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  IoCopyCurrentIrpStackLocationToNext(Irp);
  switch (Code) {
    case 90: /* passed-down-irp-touched: completes it again without having waited */
      IoSetCompletionRoutine(Irp, KeepRequest, &Done, TRUE, TRUE, TRUE);
      IoCallDriver(Lower, Irp);
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return STATUS_SUCCESS;
    case 91: /* not-completed: says that it is done */
      IoCallDriver(Lower, Irp);
      return STATUS_SUCCESS;
    case 92: /* pending-mismatch: does not pass on that it was pending */
      IoSetCompletionRoutine(Irp, LetGo, NULL, TRUE, TRUE, TRUE);
      return IoCallDriver(Lower, Irp);
    case 93: /* double-completion: by the lower driver and by the upper one */
      Status = IoCallDriver(Lower, Irp);
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return Status;
    default: /* none */
      return IoCallDriver(Lower, Irp);
  }
}

static VOID CancelRequest(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  UNREFERENCED_PARAMETER(DeviceObject);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
  Irp->IoStatus.Status = STATUS_CANCELLED;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

NTSTATUS LayerControl(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  ULONG Code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;
  NTSTATUS Status = Code == LowerWarns ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;

  if (DeviceObject == Upper) return Forward(Code >> 2 & 0xff, Irp);
  if (Code == LowerWaitsForCancel) {
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, CancelRequest);
    return STATUS_PENDING;
  }
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Code == LowerClaims64 ? 64 : 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

NTSTATUS CreateLayers(PDRIVER_OBJECT DriverObject) {
  NTSTATUS Status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower);

  if (NT_SUCCESS(Status)) Status = IoCreateDevice(DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Upper);
  if (NT_SUCCESS(Status)) IoAttachDeviceToDeviceStack(Upper, Lower);
  return Status;
}

VOID DeleteLayers(VOID) {
  IoDetachDevice(Lower);
  IoDeleteDevice(Upper);
  IoDeleteDevice(Lower);
}
