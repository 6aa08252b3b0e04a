/* SPDX-License-Identifier: Apache-2.0
 *
 * Cancellation. RX_CONTEXT_FLAG_CANCELLED is set at most once, under RxStrucSupSpinLock; who sets it takes the
 * mini-redirector's routine out in the same section and calls it afterwards with no lock held (C21, C46-C50). So
 * setting a routine and cancelling are atomic to each other: either the routine was stored before and is called, or the
 * setter is told CANCELLED.
 */
#include "rxp.h"

/* How the event log calls a routine: its number, or one past the last if the mini-redirector did not name it. */
static ULONG RxpRoutineNumber(const MINIRDR_DISPATCH* Dispatch, PMRX_CALLDOWN MRxCancelRoutine) {
    ULONG number = 0;

    while (number < RX_NAMED_CANCEL_ROUTINES && Dispatch->NamedCancelRoutines[number] != MRxCancelRoutine)
        ++number;
    return number;
}

NTSTATUS RxSetMinirdrCancelRoutine(PRX_CONTEXT RxContext, PMRX_CALLDOWN MRxCancelRoutine) {
    const ULONG number = RxpRoutineNumber(RxContext->RxDeviceObject->Dispatch, MRxCancelRoutine);
    NTSTATUS status = STATUS_SUCCESS;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if ((RxContext->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0) {
        status = STATUS_CANCELLED;
    } else {
        RxContext->MRxCancelRoutine = MRxCancelRoutine;
    }
    RxLogEvent(RxEventSet, 0, RxEventTag(RxContext), 0, number);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return status;
}

VOID RxpMarkCancelled(PRX_CONTEXT RxContext, PRX_CONTEXT* Chain) {
    const ULONG tag = RxEventTag(RxContext);

    if ((RxContext->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0) return;
    RxContext->TakenCancelRoutine = RxContext->MRxCancelRoutine;
    RxContext->MRxCancelRoutine = NULL;
    /* Who holds a reference may read the flags without the lock: set and logged in one go. */
    InterlockedOr((volatile LONG*)&RxContext->Flags, RX_CONTEXT_FLAG_CANCELLED);
    RxLogEvent(RxEventCancel, 0, tag, 0, 0);
    if (RxContext->TakenCancelRoutine == NULL) return;
    InterlockedIncrement(&RxContext->ReferenceCount);
    RxContext->NextCancelled = *Chain;
    *Chain = RxContext;
}

VOID RxpCallCancelRoutines(PRX_CONTEXT Chain) {
    PRX_CONTEXT context;

    while ((context = Chain) != NULL) {
        Chain = context->NextCancelled;
        context->TakenCancelRoutine(context);
        RxDereferenceAndDeleteRxContext(context);
    }
}

/* One of those that a walk over the active contexts marks: they are marked, and called later, in the order of the list.
 */
_Requires_lock_held_(RxStrucSupSpinLock) static VOID
    RxpMarkAfter(_Inout_ BOOLEAN* Others, _In_ PRX_CONTEXT RxContext, _Inout_ PRX_CONTEXT* Chain) {
    if (*Others) RxSetOrderMatters(&RxActiveContexts);
    *Others = TRUE;
    RxpMarkCancelled(RxContext, Chain);
}

PRX_CONTEXT RxpMarkNotifiesOfFile(const RX_FILE_OBJECT* FileObject) {
    PRX_CONTEXT chain = NULL;
    BOOLEAN marked = FALSE;
    PLIST_ENTRY entry;

    for (entry = RxpFirstContext(); entry != &RxActiveContexts; entry = RxpNextContext(entry)) {
        PRX_CONTEXT context = CONTAINING_RECORD(entry, RX_CONTEXT, ContextListEntry);

        if (context->VNetRoot != NULL && context->FileObject == FileObject && context->CurrentIrp != NULL &&
            context->LowIoContext.Operation == LOWIO_OP_NOTIFY_CHANGE_DIRECTORY) {
            RxpMarkAfter(&marked, context, &chain);
        }
    }
    return chain;
}

/* Reads as well as change-notifies: the RxFinalizeConnection page says all outstanding requests of the view (C22). */
PRX_CONTEXT RxpMarkRequestsOfVNetRoot(const V_NET_ROOT* VNetRoot) {
    PRX_CONTEXT chain = NULL;
    BOOLEAN marked = FALSE;
    PLIST_ENTRY entry;

    for (entry = RxpFirstContext(); entry != &RxActiveContexts; entry = RxpNextContext(entry)) {
        PRX_CONTEXT context = CONTAINING_RECORD(entry, RX_CONTEXT, ContextListEntry);

        if (context->VNetRoot == VNetRoot && context->CurrentIrp != NULL &&
            context->LowIoContext.Operation != LOWIO_OP_WRITE &&
            (!RxpHasVariant(CANCELS_NOTIFY_ONLY) ||
             context->LowIoContext.Operation == LOWIO_OP_NOTIFY_CHANGE_DIRECTORY)) {
            RxpMarkAfter(&marked, context, &chain);
        }
    }
    return chain;
}

/* With or without a cancel routine (C6), cancelled or not: as long as it is not decided. */
BOOLEAN RxpHasNotify(const V_NET_ROOT* VNetRoot) {
    PLIST_ENTRY entry;

    for (entry = RxpFirstContext(); entry != &RxActiveContexts; entry = RxpNextContext(entry)) {
        PRX_CONTEXT context = CONTAINING_RECORD(entry, RX_CONTEXT, ContextListEntry);

        if (context->VNetRoot == VNetRoot && context->CurrentIrp != NULL &&
            context->LowIoContext.Operation == LOWIO_OP_NOTIFY_CHANGE_DIRECTORY &&
            (context->MRxCancelRoutine != NULL || !RxpHasVariant(NOTIFY_WITHOUT_ROUTINE_IGNORED))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The IRP's cancel routine, called with the I/O cancel lock held. RxCompleteRequest_Real must take that lock before it
 * completes the IRP, so the IRP cannot end, nor its memory become another request's, before the lock is
 * released here; a request that was decided meanwhile has no CurrentIrp and is not found. */
VOID RxCancelRoutine(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    const KIRQL cancel_irql = Irp->CancelIrql;
    PRX_CONTEXT chain = NULL;
    PLIST_ENTRY entry;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    for (entry = RxpFirstContext(); entry != &RxActiveContexts; entry = RxpNextContext(entry)) {
        PRX_CONTEXT context = CONTAINING_RECORD(entry, RX_CONTEXT, ContextListEntry);

        if (context->CurrentIrp == Irp) {
            RxpMarkCancelled(context, &chain);
            break;
        }
    }
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    IoReleaseCancelSpinLock(cancel_irql);
    if (chain == NULL) return;
    if (cancel_irql <= APC_LEVEL) {
        RxpCallCancelRoutines(chain);
    } else {
        /* A routine was set, so a worker has taken the request up, and its work item is free again. */
        RxpQueue(chain, RxpCallCancelRoutines);
    }
}
