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

PRX_CONTEXT RxCreateRxContext(PIRP Irp, PRDBSS_DEVICE_OBJECT RxDeviceObject, ULONG InitialContextFlags) {
    PRX_CONTEXT context = ExAllocatePoolWithTag(NonPagedPool, sizeof(RX_CONTEXT), RX_TAG_CONTEXT);
    KIRQL irql;

    if (context == NULL) return NULL;
    RxInitializeContext(Irp, RxDeviceObject, InitialContextFlags | RX_CONTEXT_FLAG_FROM_POOL, context);
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    InsertTailList(&RxActiveContexts, &context->ContextListEntry);
    ++RxDeviceObject->NumberOfActiveContexts;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return context;
}

/* Nothing of a create may be left over (C58). The name buffer belongs to the IRP here, and a view that was opened to
 * the handle, so there is nothing to give back. */
VOID RxPrepareContextForReuse(PRX_CONTEXT RxContext) {
    RxContext->Create.CanonicalName.Buffer = NULL;
    RxContext->ReferenceCount = 0;
}

/* Clauses C55 (freed on the last dereference and only then) and C57 (the stop waiter is signalled when the number of
 * active contexts, but for its own, becomes zero). */
VOID RxDereferenceAndDeleteRxContext_Real(PRX_CONTEXT RxContext) {
    PRDBSS_DEVICE_OBJECT device = RxContext->RxDeviceObject;
    BOOLEAN stopped = FALSE;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (InterlockedDecrement(&RxContext->ReferenceCount) != 0) {
        KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
        return;
    }
    RemoveEntryList(&RxContext->ContextListEntry);
    --device->NumberOfActiveContexts;
    if (device->pStopContext != NULL && device->NumberOfActiveContexts == 1) {
        device->pStopContext = NULL;
        stopped = TRUE;
    }
    /* Still under the lock: once it is released, the waiter may run on to the end and take the device away. */
    if (stopped) KeSetEvent(&device->StopEvent, IO_NO_INCREMENT, FALSE);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);

    RxPrepareContextForReuse(RxContext);
    ExFreePoolWithTag(RxContext, RX_TAG_CONTEXT);
}
