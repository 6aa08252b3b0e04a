/* SPDX-License-Identifier: Apache-2.0
 *
 * RX_CONTEXT: creation, the list of active ones, the last reference (documentation: RxCreateRxContext,
 * RxInitializeContext, RxPrepareContextForReuse, RxDereferenceAndDeleteRxContext_Real).
 */
#include "rxp.h"

VOID RxInitializeContext(PIRP Irp, PRDBSS_DEVICE_OBJECT RxDeviceObject, ULONG InitialContextFlags,
                         PRX_CONTEXT RxContext) {
    RtlZeroMemory(RxContext, sizeof(*RxContext));
    RxContext->NodeTypeCode = RDBSS_NTC_RX_CONTEXT;
    RxContext->NodeByteSize = sizeof(*RxContext);
    RxContext->ReferenceCount = 1; /* the request's */
    RxContext->Flags = InitialContextFlags;
    RxContext->RxDeviceObject = RxDeviceObject;
    RxContext->CurrentIrp = Irp;
    if (Irp != NULL) {
        RxContext->CurrentIrpSp = IoGetCurrentIrpStackLocation(Irp);
        RxContext->MajorFunction = RxContext->CurrentIrpSp->MajorFunction;
        RxContext->MinorFunction = RxContext->CurrentIrpSp->MinorFunction;
    }
}

/* NULL if memory is short, but not for a request that must succeed (a cleanup or close): then the one context that is
 * kept for this, once nobody else uses it. */
PRX_CONTEXT RxCreateRxContext(PIRP Irp, PRDBSS_DEVICE_OBJECT RxDeviceObject, ULONG InitialContextFlags) {
    PRX_CONTEXT context = ExAllocatePoolWithTag(NonPagedPool, sizeof(RX_CONTEXT), RX_TAG_CONTEXT);
    ULONG flags = InitialContextFlags | RX_CONTEXT_FLAG_FROM_POOL;
    KIRQL irql;

    if (context == NULL) {
        if ((InitialContextFlags & RX_CONTEXT_FLAG_MUST_SUCCEED) == 0) return NULL;
        KeWaitForSingleObject(&RxDeviceObject->ReservedContextFree, Executive, KernelMode, FALSE, NULL);
        context = RxDeviceObject->ReservedContext;
        flags = InitialContextFlags;
    }
    RxInitializeContext(Irp, RxDeviceObject, flags, context);
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    RxSetAdd(&RxActiveContexts, &context->ContextListEntry);
    RxSetCount(&RxActiveContexts, &RxDeviceObject->NumberOfActiveContexts, 1);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return context;
}

/* REQUIRES: nothing of a create is left over, and no read or write waits in line (C58, the routine's page). The page
 * tells what its caller must have given back; this checks it, as the published engine's checked build does. */
VOID RxPrepareContextForReuse(PRX_CONTEXT RxContext) {
    if (RxContext->Create.CanonicalNameBuffer != NULL) RxBugCheck(RX_BUG_NAME_LEFT, RxContext);
    if (RxContext->RxContextSerializationQLinks != NULL) RxBugCheck(RX_BUG_LINKS_LEFT, RxContext);
    RxContext->ReferenceCount = 0;
}

/* Makes the context of a create ready for another attempt, as if it came from its IRP anew. Of the flags the page
 * preserves few, and CANCELLED is not one: but nobody would cancel the request again, so a cancel that has hit it would
 * be forgotten. It is kept (C59), and read and written back under the lock under which it is set. The mini-redirector's
 * own words stay too. REQUIRES: nobody else has a reference, as a create is never pended. */
VOID RxReinitializeContext(PRX_CONTEXT RxContext) {
    KIRQL irql;
    ULONG kept;

    RxPrepareContextForReuse(RxContext);
    RxContext->InformationToReturn = 0;
    RxContext->FileObject = NULL;
    RxContext->pFcb = NULL;
    RxContext->pFobx = NULL;
    RxContext->pRelevantSrvOpen = NULL;
    RtlZeroMemory(&RxContext->Create, sizeof(RxContext->Create));
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    kept = RX_CONTEXT_PRESERVED_FLAGS | RX_CONTEXT_FLAG_CANCELLED;
    if (RxpHasVariant(CANCEL_LOST_ON_REINIT)) kept = RX_CONTEXT_PRESERVED_FLAGS;
    kept &= RxContext->Flags;
    RxContext->Flags = kept | RX_CONTEXT_FLAG_WAIT;
    RxContext->ReferenceCount = 1; /* the request's */
    RxLogEvent(RxEventReinitialize, RxEventTag(RxContext), 0, 0, 0);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}

/* Clauses C55 (freed on the last dereference and only then) and C57 (the stop waiter is signalled when the number of
 * active contexts, but for its own, becomes zero). */
VOID RxDereferenceAndDeleteRxContext_Real(PRX_CONTEXT RxContext) {
    PRDBSS_DEVICE_OBJECT device = RxContext->RxDeviceObject;
    BOOLEAN from_pool;
    BOOLEAN stopped = FALSE;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (InterlockedDecrement(&RxContext->ReferenceCount) != 0) {
        KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
        return;
    }
    RxSetRemove(&RxActiveContexts, &RxContext->ContextListEntry);
    RxSetCount(&RxActiveContexts, &device->NumberOfActiveContexts, -1);
    if (device->pStopContext != NULL && RxSetNumber(&RxActiveContexts, &device->NumberOfActiveContexts) == 1) {
        device->pStopContext = NULL;
        stopped = TRUE;
    }
    /* Still under the lock: once it is released, the waiter may run on to the end and take the device away. */
    if (stopped) KeSetEvent(&device->StopEvent, IO_NO_INCREMENT, FALSE);
    RxPrepareContextForReuse(RxContext);
    if (RxContext->AcquireReleaseFcbTrackerX != 0) RxBugCheck(RX_BUG_FCB_HELD, RxContext); /* C56 */
    from_pool = (RxContext->Flags & RX_CONTEXT_FLAG_FROM_POOL) != 0;
    if (!from_pool) KeSetEvent(&device->ReservedContextFree, IO_NO_INCREMENT, FALSE);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (from_pool) ExFreePoolWithTag(RxContext, RX_TAG_CONTEXT);
}
