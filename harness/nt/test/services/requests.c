/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests that go through two devices of this driver. The tests run these checks with and without forced pending.
 */
#include "services.h"

enum { LowerCompletes = 1, LowerWaits, LowerFails, LowerFills, LowerMaps, LowerFailsOnce };

static PDEVICE_OBJECT Lower;
static PDEVICE_OBJECT Upper;
static WORK_QUEUE_ITEM Later;
static KEVENT Back;
static ULONG Order;         /* a digit for each completion routine that ran */
static BOOLEAN UpperLooks;  /* the upper driver has a completion routine */
static BOOLEAN UpperCopies; /* it uses a location of its own for nothing */
static ULONG UpperRetries;  /* its completion routine sends the request once more, so often */
static BOOLEAN UpperKeeps;  /* which keeps the request the first time */
static ULONG Tries;         /* of a lower driver that waits from the second on */
static BOOLEAN PendingSeen; /* by the completion routine of who made the request */

static VOID CompleteLater(PVOID Parameter) {
  PIRP Irp = Parameter;

  Irp->IoStatus.Status = STATUS_SUCCESS;
  Irp->IoStatus.Information = 7;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static NTSTATUS LowerControl(PIRP Irp) {
  PIO_STACK_LOCATION Location = IoGetCurrentIrpStackLocation(Irp);
  ULONG Code = (Location->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xff;
  NTSTATUS Status = STATUS_SUCCESS;

  Irp->IoStatus.Information = 0;
  if (Code == LowerWaits || (Code == LowerFailsOnce && Tries++ != 0)) {
    IoMarkIrpPending(Irp);
    ExInitializeWorkItem(&Later, CompleteLater, Irp);
    ExQueueWorkItem(&Later, DelayedWorkQueue);
    return STATUS_PENDING;
  }
  if (Code == LowerFails || Code == LowerFailsOnce) Status = STATUS_UNSUCCESSFUL;
  if (Code == LowerFills) {
    *(PULONG)Irp->AssociatedIrp.SystemBuffer += 1;
    Irp->IoStatus.Information = sizeof(ULONG);
  }
  if (Code == LowerMaps) *(PULONG)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority) = 5;
  Irp->IoStatus.Status = Status;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS NTAPI UpperRoutine(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  Order = Order * 10 + (DeviceObject == Upper && Context == &Order ? 1 : 9);
  if (UpperKeeps) {
    UpperKeeps = FALSE;
    KeSetEvent(&Back, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
  }
  if (UpperRetries != 0) {
    --UpperRetries;
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, UpperRoutine, (PVOID)&Order, TRUE, TRUE, TRUE);
    IoCallDriver(Lower, Irp);
    return STATUS_MORE_PROCESSING_REQUIRED;
  }
  if (Irp->PendingReturned) IoMarkIrpPending(Irp);
  return STATUS_SUCCESS;
}

static NTSTATUS UpperControl(PIRP Irp) {
  NTSTATUS Status;

  if (!UpperLooks) {
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Lower, Irp);
  }
  IoCopyCurrentIrpStackLocationToNext(Irp);
  if (UpperCopies) return IoCallDriver(Lower, Irp);
  IoSetCompletionRoutine(Irp, UpperRoutine, (PVOID)&Order, TRUE, TRUE, TRUE);
  if (UpperRetries != 0) {
    IoMarkIrpPending(Irp); /* whatever the lower driver answers to the last try */
    IoCallDriver(Lower, Irp);
    return STATUS_PENDING;
  }
  if (!UpperKeeps) return IoCallDriver(Lower, Irp);
  KeInitializeEvent(&Back, NotificationEvent, FALSE);
  Status = IoCallDriver(Lower, Irp);
  if (Status == STATUS_PENDING) KeWaitForSingleObject(&Back, Executive, KernelMode, FALSE, NULL);
  Irp->IoStatus.Status = STATUS_END_OF_FILE; /* says something else than the lower driver */
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return STATUS_END_OF_FILE;
}

NTSTATUS LayerControl(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  return DeviceObject == Lower ? LowerControl(Irp) : UpperControl(Irp);
}

static NTSTATUS NTAPI OwnRoutine(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context) {
  Order = Order * 10 + (DeviceObject == NULL ? 2 : 9);
  PendingSeen = Irp->PendingReturned;
  KeSetEvent((PRKEVENT)Context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static BOOLEAN Begin(BOOLEAN Looks, BOOLEAN Keeps) {
  Order = 0;
  UpperLooks = Looks;
  UpperKeeps = Keeps;
  UpperCopies = FALSE;
  UpperRetries = 0;
  Tries = 0;
  PendingSeen = FALSE;
  if (!NT_SUCCESS(IoCreateDevice(Device->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Lower))) return FALSE;
  if (!NT_SUCCESS(IoCreateDevice(Device->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Upper))) return FALSE;
  return IoAttachDeviceToDeviceStack(Upper, Lower) == Lower && Upper->StackSize == 2;
}

static VOID End(VOID) {
  IoDetachDevice(Lower);
  IoDeleteDevice(Upper);
  IoDeleteDevice(Lower);
}

/* Sends a request of this driver's to the upper device and waits until it is back. */
static NTSTATUS SendOwn(ULONG Code) {
  KEVENT Done;
  PIRP Irp = IoAllocateIrp(Upper->StackSize, FALSE);
  PIO_STACK_LOCATION Location = IoGetNextIrpStackLocation(Irp);
  NTSTATUS Status;

  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  Location->MajorFunction = IRP_MJ_DEVICE_CONTROL;
  Location->Parameters.DeviceIoControl.IoControlCode = Code << 2;
  IoSetCompletionRoutine(Irp, OwnRoutine, &Done, TRUE, TRUE, TRUE);
  if (IoCallDriver(Upper, Irp) == STATUS_PENDING) KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  Status = Irp->IoStatus.Status;
  IoFreeIrp(Irp);
  return Status;
}

NTSTATUS CheckCompletionOrder(VOID) {
  CHECK(Begin(TRUE, FALSE));
  CHECK(SendOwn(LowerCompletes) == STATUS_SUCCESS && Order == 12);
  Order = 0;
  CHECK(SendOwn(LowerFails) == STATUS_UNSUCCESSFUL && Order == 12);
  UpperLooks = FALSE;
  Order = 0;
  CHECK(SendOwn(LowerCompletes) == STATUS_SUCCESS && Order == 2);
  End();
  return STATUS_SUCCESS;
}

NTSTATUS CheckCompletionKept(VOID) {
  CHECK(Begin(TRUE, TRUE));
  CHECK(SendOwn(LowerCompletes) == STATUS_END_OF_FILE && Order == 12);
  End();
  return STATUS_SUCCESS;
}

NTSTATUS CheckPendingReturned(VOID) {
  CHECK(Begin(TRUE, FALSE));
  CHECK(SendOwn(LowerWaits) == STATUS_SUCCESS && Order == 12 && PendingSeen);
  UpperLooks = FALSE;
  PendingSeen = FALSE;
  CHECK(SendOwn(LowerWaits) == STATUS_SUCCESS && PendingSeen);
  UpperLooks = UpperCopies = TRUE;
  PendingSeen = FALSE;
  CHECK(SendOwn(LowerWaits) == STATUS_SUCCESS && PendingSeen);
  End();
  return STATUS_SUCCESS;
}

NTSTATUS CheckRetry(VOID) {
  CHECK(Begin(TRUE, FALSE));
  UpperRetries = 2;
  CHECK(SendOwn(LowerFails) == STATUS_UNSUCCESSFUL && Order == 1112);
  Order = 0;
  UpperRetries = 1;
  CHECK(SendOwn(LowerWaits) == STATUS_SUCCESS && Order == 112);
  Order = 0;
  UpperRetries = 1;
  CHECK(SendOwn(LowerFailsOnce) == STATUS_SUCCESS && Order == 112);
  End();
  return STATUS_SUCCESS;
}

static NTSTATUS Built(ULONG Code, PVOID Input, ULONG InputSize, PVOID Output, ULONG OutputSize,
                      PIO_STATUS_BLOCK Block) {
  KEVENT Done;
  PIRP Irp;

  KeInitializeEvent(&Done, NotificationEvent, FALSE);
  Irp = IoBuildDeviceIoControlRequest(Code, Upper, Input, InputSize, Output, OutputSize, FALSE, &Done, Block);
  if (Irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  if (IoCallDriver(Upper, Irp) == STATUS_PENDING) KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
  return KeReadStateEvent(&Done) ? Block->Status : STATUS_PENDING;
}

NTSTATUS CheckBuiltRequest(VOID) {
  IO_STATUS_BLOCK Block;
  ULONG In = 41, Out = 0;

  CHECK(Begin(TRUE, FALSE));
  CHECK(Built(LowerFills << 2 | METHOD_BUFFERED, &In, sizeof(In), &Out, sizeof(Out), &Block) == STATUS_SUCCESS);
  CHECK(Out == 42 && In == 41 && Block.Information == sizeof(ULONG));
  CHECK(Built(LowerFails << 2, NULL, 0, NULL, 0, &Block) == STATUS_UNSUCCESSFUL);
  End();
  return STATUS_SUCCESS;
}

/* The list that describes the buffer is gone afterwards: it would be a leak. */
NTSTATUS CheckBuiltDirectRequest(VOID) {
  IO_STATUS_BLOCK Block;
  ULONG Out = 0;

  CHECK(Begin(FALSE, FALSE));
  CHECK(Built(LowerMaps << 2 | METHOD_OUT_DIRECT, NULL, 0, &Out, sizeof(Out), &Block) == STATUS_SUCCESS);
  CHECK(Out == 5);
  End();
  return STATUS_SUCCESS;
}
