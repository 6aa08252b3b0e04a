/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads, writes and change-notifies on a handle. Whether one is let through is decided in one section under
 * RxStrucSupSpinLock, the lock under which requests are cancelled and handles orphaned: so a forced deletion either
 * orphans the handle before, and the request is refused without reaching the mini-redirector (C17), or finds the
 * request outstanding on its view and cancels it (C22).
 */
#include "rxp.h"

BOOLEAN RxpIsOrphaned(const RX_FILE_OBJECT* FileObject) {
    if (FileObject->FsContext == NULL) return ((const V_NET_ROOT*)FileObject->FsContext2)->Orphaned;
    return (((const FOBX*)FileObject->FsContext2)->pSrvOpen->Flags & SRVOPEN_FLAG_ORPHANED) != 0;
}

NTSTATUS RxLowIoSubmit(PRX_CONTEXT RxContext) {
    const LOWIO_OPS operation = RxContext->LowIoContext.Operation;
    const RX_FILE_OBJECT* file = RxContext->FileObject;
    PV_NET_ROOT view = file->FsContext2;
    NTSTATUS status = STATUS_SUCCESS;
    BOOLEAN asynchronous = FALSE;
    BOOLEAN orphaned;
    KIRQL irql;

    if (file->FsContext != NULL) {
        RxContext->pFcb = file->FsContext;
        RxContext->pFobx = file->FsContext2;
        RxContext->pRelevantSrvOpen = RxContext->pFobx->pSrvOpen;
        view = RxContext->pRelevantSrvOpen->pVNetRoot;
    }
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    orphaned = RxpIsOrphaned(file);
    if ((RxContext->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0) {
        status = STATUS_CANCELLED;
    } else if (orphaned) {
        status = STATUS_UNEXPECTED_NETWORK_ERROR;
    } else {
        RxContext->VNetRoot = view;
        /* The mini-redirector may pend the request, and somebody finish it before it returns to us: a reference for
         * this line, which the dispatcher drops when it is told PENDING. */
        asynchronous = (RxContext->Flags & RX_CONTEXT_FLAG_ASYNC_OPERATION) != 0;
        if (asynchronous) InterlockedIncrement(&RxContext->ReferenceCount);
    }
    RxLogEvent(RxEventSubmit, RxEventTag(RxContext), file->EventTarget, (ULONG)status, view->SerialNumber);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (!NT_SUCCESS(status)) return status;

    status = RxContext->RxDeviceObject->Dispatch->MRxLowIOSubmit[operation](RxContext);
    /* The handle may be closed by now: nothing but the context is touched. */
    if (asynchronous && status != STATUS_PENDING) RxDereferenceAndDeleteRxContext(RxContext);
    return status;
}
