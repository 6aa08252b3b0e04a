/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading and unloading of the gate, and its device. It is loaded before the drivers and stays for many programs.
 */
#include "gate.h"

#define GATE_STRING(text) \
    { sizeof(text) - sizeof(WCHAR), sizeof(text), (PWSTR)(text) }

GATE Gate;

static UNICODE_STRING GateDeviceName = GATE_STRING(L"\\Device\\rxgate");
static UNICODE_STRING GateLinkName = GATE_STRING(L"\\DosDevices\\rxgate");

static ULONG GateListThreads(RXGATE_THREADS* Threads, ULONG Room) {
    ULONG i;

    if (Room < sizeof(*Threads)) return 0;
    RtlZeroMemory(Threads, sizeof(*Threads));
    for (i = 0; i < GATE_THREADS; ++i) {
        const GATE_THREAD* thread = &Gate.Threads[i];
        RXGATE_THREAD_STATE* to = &Threads->Threads[Threads->Count];

        if (!thread->Alive) continue;
        to->Number = i;
        to->Actor = thread->Work.Actor;
        to->Operation = thread->Work.Operation;
        to->System = thread->System;
        to->Wait = thread->Wait;
        if (thread->Wait != RxGateWaitNone && thread->Wait != RxGateWaitCondition)
            GatePlaceOf(thread->WaitObject, &to->Place);
        ++Threads->Count;
    }
    return sizeof(*Threads);
}

/* A thread does not come back: the harness is told where it stands, and all run free. */
static VOID GateAbandon(VOID) {
    GateLose("a thread does not come back to a yield point");
}

static NTSTATUS GateControl(PIRP Irp, ULONG_PTR* Information) {
    const PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    const ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    const ULONG room = stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_RXGATE_BEGIN:
            return GateBegin(Irp, buffer, length);
        case IOCTL_RXGATE_CHOICES:
            return GateAddChoices(buffer, length);
        case IOCTL_RXGATE_GO:
            return GateGo(Irp, buffer, length);
        case IOCTL_RXGATE_LEAVE:
            if (length == sizeof(RXGATE_LEAVE)) {
                Gate.DelaySeed = ((const RXGATE_LEAVE*)buffer)->Seed;
                Gate.DelayPeriod = ((const RXGATE_LEAVE*)buffer)->Period;
            }
            GateLeave();
            return STATUS_SUCCESS;
        case IOCTL_RXGATE_EVENTS:
            *Information = GateFillStop(buffer, room, RxGateMore, NULL);
            return STATUS_SUCCESS;
        case IOCTL_RXGATE_LEAKS:
            GateFindLeak();
            *Information = GateFillStop(buffer, room, RxGateBroken, NULL);
            return STATUS_SUCCESS;
        case IOCTL_RXGATE_THREADS:
            *Information = GateListThreads(buffer, room);
            return STATUS_SUCCESS;
        case IOCTL_RXGATE_ABANDON:
            GateAbandon();
            return STATUS_SUCCESS;
        default:
            return STATUS_INVALID_DEVICE_REQUEST;
    }
}

static NTSTATUS NTAPI GateDispatch(PDEVICE_OBJECT Device, PIRP Irp) {
    ULONG_PTR information = 0;
    NTSTATUS status = STATUS_SUCCESS;

    UNREFERENCED_PARAMETER(Device);
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_DEVICE_CONTROL)
        status = GateControl(Irp, &information);
    if (status == STATUS_PENDING) return status; /* the IRP may be gone */
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static BOOLEAN GateReserve(VOID) {
    Gate.Choices = ExAllocatePoolWithTag(NonPagedPool, RXGATE_MAX_CHOICES * sizeof(RXGATE_CHOICE), GATE_TAG);
    Gate.Met = ExAllocatePoolWithTag(NonPagedPool, RXGATE_MAX_CHOICES * sizeof(ULONG), GATE_TAG);
    Gate.Requests = ExAllocatePoolWithTag(NonPagedPool, 20000 * sizeof(GATE_REQUEST), GATE_TAG);
    Gate.Operations = ExAllocatePoolWithTag(NonPagedPool, RXGATE_MAX_OPERATIONS * sizeof(GATE_OPERATION), GATE_TAG);
    Gate.Events = ExAllocatePoolWithTag(NonPagedPool, RXGATE_MAX_OPERATIONS * sizeof(RXGATE_EVENT), GATE_TAG);
    return Gate.Choices != NULL && Gate.Met != NULL && Gate.Requests != NULL && Gate.Operations != NULL &&
           Gate.Events != NULL && GateMemoryStart();
}

/* Nothing is given back: the gate goes when the guest does. A driver that has its hook set could not do without it. */
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path);
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path) {
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(Path);
    KeInitializeSpinLock(&Gate.Lock);
    if (!GateReserve()) return STATUS_INSUFFICIENT_RESOURCES;
    for (i = 0; i < GATE_THREADS; ++i) {
        Gate.Threads[i].Number = i;
        KeInitializeEvent(&Gate.Threads[i].Wake, SynchronizationEvent, FALSE);
    }
    GateReset();
    Driver->MajorFunction[IRP_MJ_CREATE] = Driver->MajorFunction[IRP_MJ_CLOSE] = Driver->MajorFunction[IRP_MJ_CLEANUP] =
        Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = GateDispatch;
    status = IoCreateDevice(Driver, 0, &GateDeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &Gate.Device);
    if (!NT_SUCCESS(status)) return status;
    status = IoCreateSymbolicLink(&GateLinkName, &GateDeviceName);
    if (NT_SUCCESS(status)) status = PsSetLoadImageNotifyRoutine(GateImageLoaded);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    for (i = 0; i < RXGATE_ACTORS && NT_SUCCESS(status); ++i) {
        HANDLE handle;

        status =
            PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, NULL, GateActorMain, &Gate.Threads[i]);
        if (NT_SUCCESS(status)) ZwClose(handle);
    }
    Gate.Device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    return status;
}
