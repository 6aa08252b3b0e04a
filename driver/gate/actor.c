/* SPDX-License-Identifier: Apache-2.0
 *
 * An actor: a thread of the gate's that sends the requests of its operations to the mini-redirector's device, as an
 * upper driver would. The requests are the gate's own, so that one can be cancelled whatever has become of it.
 */
#include "gate.h"

#define MAX_REQUESTS 20000u

static NTSTATUS NTAPI GateCompletion(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
    GATE_REQUEST* request = &Gate.Requests[(ULONG_PTR)Context];

    UNREFERENCED_PARAMETER(Device);
    request->Status = Irp->IoStatus.Status;
    if (NT_SUCCESS(request->Status) || request->Status == STATUS_BUFFER_OVERFLOW) {
        const ULONG_PTR length = Irp->IoStatus.Information;

        request->OutputLength = length <= request->OutputLength ? (ULONG)length : request->OutputLength;
    } else {
        request->OutputLength = 0;
    }
    request->Completed = TRUE;
    if (request->Async && request->Handle != RXGATE_NO_OPERATION) --Gate.Operations[request->Handle].InFlight;
    return STATUS_MORE_PROCESSING_REQUIRED; /* the memory stays the gate's */
}

/* IofCompleteRequest, by a driver. */
VOID GateCompleted(GATE_THREAD* Me, PIRP Irp, PVOID Site) {
    const GATE_ALLOCATION* allocation = GateFindAllocation(Irp);
    GATE_REQUEST* request;

    if (allocation == NULL || allocation->Request == 0 || allocation->Base != (UCHAR*)Irp) {
        GateBreak(Me, "wild-access", "Irp", NULL, Site,
                  "IofCompleteRequest was called with something that is no request");
        return;
    }
    request = &Gate.Requests[allocation->Request - 1];
    if (request->Completed) {
        GateBreak(Me, "double-completion", "Irp", NULL, Site, "a request is completed a second time");
    } else if (Gate.Cancelling == Irp) {
        GateBreak(Me, "completed-while-cancelling", "Irp", NULL, Site,
                  "a request is completed before its cancel routine has released the cancel spin lock");
    } else if (Me->SpinLocks != 0) {
        GateBreak(Me, "completed-with-lock", "Irp", NULL, Site, "a request is completed while a spin lock is held");
    } else if (Irp->CancelRoutine != NULL) {
        GateBreak(Me, "cancel-routine-left-set", "Irp", NULL, Site,
                  "a request is completed with its cancel routine still set");
    } else if (Irp->IoStatus.Status == STATUS_PENDING) {
        GateBreak(Me, "completed-with-pending", "Irp", NULL, Site, "a request is completed with STATUS_PENDING");
    }
    if (Gate.Over) return;
    request->MarkedPending = (IoGetCurrentIrpStackLocation(Irp)->Control & SL_PENDING_RETURNED) != 0;
    if (Irp->IoStatus.Information > request->OutputLength) {
        GateBreak(Me, "overrun", "IoStatus.Information", NULL, Site,
                  "a request returns more bytes than its output buffer has");
        return;
    }
    IofCompleteRequest(Irp, IO_NO_INCREMENT);
    Gate.Allocations[request->IrpAllocation].Freed = TRUE;
    Gate.Allocations[request->BufferAllocation].Freed = TRUE;
    GateTell(RXGATE_COMPLETED, request->Work.Operation, (ULONG)request->Status,
             request->OutputLength >= sizeof(ULONG) ? *(ULONG*)request->Buffer : 0);
}

static VOID GateIssue(GATE_THREAD* Me, const RXGATE_GO* Go) {
    const CCHAR locations = Gate.Target->StackSize;
    const ULONG number = Gate.RequestCount;
    const BOOLEAN async = (Go->Flags & RXGATE_ASYNC) != 0;
    const USHORT handle = (Go->Flags & RXGATE_USES_HANDLE) != 0 ? Go->Target : RXGATE_NO_OPERATION;
    GATE_REQUEST* request = &Gate.Requests[number];
    PIO_STACK_LOCATION stack;
    NTSTATUS status;
    ULONG size = Go->InputLength;
    PIRP irp;

    if (size < Go->OutputLength) size = Go->OutputLength;
    if (size < 8) size = 8;
    RtlZeroMemory(request, sizeof(*request));
    irp = GateAllocate(IoSizeOfIrp(locations), GATE_TAG_IRP, FALSE, &request->IrpAllocation);
    request->Buffer = GateAllocate(size, GATE_TAG_BUFFER, FALSE, &request->BufferAllocation);
    if (irp == NULL || request->Buffer == NULL || number + 1 >= MAX_REQUESTS) {
        GateBreak(Me, "out-of-pool", "arena", NULL, NULL, "the program uses up the gate's pool");
        return;
    }
    ++Gate.RequestCount;
    Gate.Allocations[request->IrpAllocation].Request = (USHORT)(number + 1);
    request->Irp = irp;
    request->Work = Me->Work;
    request->Async = async;
    request->Handle = handle;
    request->OutputLength = Go->OutputLength;
    Gate.Operations[Go->Operation].Request = (USHORT)(number + 1);
    if (handle != RXGATE_NO_OPERATION) ++Gate.Operations[handle].InFlight;
    RtlCopyMemory(request->Buffer, Gate.Input, Go->InputLength);

    RtlZeroMemory(irp, IoSizeOfIrp(locations));
    IoInitializeIrp(irp, (USHORT)IoSizeOfIrp(locations), locations);
    irp->AssociatedIrp.SystemBuffer = request->Buffer;
    irp->Cancel = (Go->Flags & RXGATE_CANCELLED) != 0;
    stack = IoGetNextIrpStackLocation(irp);
    stack->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    stack->Parameters.DeviceIoControl.IoControlCode = Go->Code;
    stack->Parameters.DeviceIoControl.InputBufferLength = Go->InputLength;
    stack->Parameters.DeviceIoControl.OutputBufferLength = Go->OutputLength;
    IoSetCompletionRoutine(irp, GateCompletion, (PVOID)(ULONG_PTR)number, TRUE, TRUE, TRUE);
    status = IofCallDriver(Gate.Target, irp);
    if (GateMe() != Me) return;
    if (Me->SpinLocks != 0)
        GateBreak(Me, "unreleased-lock", "locks", NULL, NULL, "a dispatch routine returned while it held a lock");
    if (!request->Completed)
        request->MarkedPending = (((PIO_STACK_LOCATION)(irp + 1))[locations - 1].Control & SL_PENDING_RETURNED) != 0;
    if ((status == STATUS_PENDING) != (request->MarkedPending != 0))
        GateBreak(Me, "pending-mismatch", "Irp", NULL, NULL,
                  "what a dispatch routine returned does not agree with whether the request is marked pending");
    if (status != STATUS_PENDING && !request->Completed)
        GateBreak(Me, "not-completed", "Irp", NULL, NULL,
                  "a dispatch routine returned a final status and did not complete the request");
    if (async) {
        GateWaitFor(Me, RxGateSettled, Go->Operation);
    } else {
        GateWaitFor(Me, RxGateCompleted, Go->Operation);
        if (handle != RXGATE_NO_OPERATION) --Gate.Operations[handle].InFlight;
    }
}

BOOLEAN GateCancel(GATE_THREAD* Me, USHORT Target) {
    const GATE_REQUEST* request = &Gate.Requests[Gate.Operations[Target].Request - 1];
    BOOLEAN called;

    if (Gate.Operations[Target].Request == 0) return FALSE;
    GateAcquire(Me, &GateCancelLock, 0, "IoCancelIrp", NULL);
    if (request->Completed) {
        GateRelease(Me, &GateCancelLock, 0, "IoCancelIrp", NULL);
        return FALSE;
    }
    if (request->Irp->CancelRoutine != NULL) Gate.Cancelling = request->Irp;
    called = IoCancelIrp(request->Irp);
    if (GateMe() != Me) return called;
    if (!called) {
        GateRelease(Me, &GateCancelLock, 0, "IoCancelIrp", NULL);
    } else if (GateLockOwner(&GateCancelLock) == Me) {
        GateBreak(Me, "cancel-lock-held", "cancel-spin-lock", NULL, NULL,
                  "a cancel routine returned with the cancel spin lock held");
    }
    return called;
}

static VOID GateRunActor(GATE_THREAD* Me) {
    while (GateStop(Me, RxGateBoundary)) {
        const RXGATE_GO go = Gate.Command;

        Me->Work.Ordinal = go.Ordinal;
        Me->Work.Operation = go.Operation;
        switch (go.Act) {
            case RxGateIssue:
                GateIssue(Me, &go);
                break;
            case RxGateCancel:
                Gate.Stop.Value = GateCancel(Me, go.Target);
                break;
            case RxGateWait:
                GateWaitFor(Me, go.Condition, go.Target);
                break;
            case RxGateTick:
                GateAdvance(Me, go.Value);
                GateWaitFor(Me, RxGateSettled, go.Operation);
                break;
            case RxGateUnload:
                GateUnloadDrivers();
                break;
            default:
                GateEndThread(Me);
                return;
        }
        if (GateMe() != Me) return;
    }
}

VOID NTAPI GateActorMain(PVOID Thread) {
    GATE_THREAD* me = Thread;

    me->Id = PsGetCurrentThreadId();
    for (;;) {
        KeWaitForSingleObject(&me->Wake, Executive, KernelMode, FALSE, NULL);
        if (Gate.Mode != GateOn || !me->Alive) continue;
        GateAwaitTurn(me);
        if (GateMe() == me) GateRunActor(me);
    }
}
