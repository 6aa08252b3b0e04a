/* SPDX-License-Identifier: Apache-2.0
 *
 * Cleanup and close of a handle, file or tree. Neither fails, and both go the same way for an orphaned
 * handle (C18).
 */
#include "rxp.h"

/* The last user reference is gone: pending change-notifies of the handle are cancelled before this returns (C62). */
NTSTATUS RxCommonCleanup(PRX_CONTEXT RxContext) {
    PRX_FILE_OBJECT file = RxContext->FileObject;
    PRX_CONTEXT chain;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    RxLogEvent(RxEventCleanup, RxEventTag(RxContext), file->EventTarget, 0, 0);
    file->Flags |= FO_CLEANUP_COMPLETE;
    chain = RxpMarkNotifiesOfFile(file);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    RxpCallCancelRoutines(chain);

    if (file->FsContext != NULL) {
        PFCB fcb = file->FsContext;

        RxContext->pFcb = fcb;
        RxContext->pFobx = file->FsContext2;
        RxContext->pRelevantSrvOpen = RxContext->pFobx->pSrvOpen;
        RxpAcquireExclusiveFcb(RxContext, fcb);
        --fcb->UncleanCount;
        RxContext->RxDeviceObject->Dispatch->MRxCleanupFobx(RxContext);
        RxpReleaseFcb(RxContext, fcb);
    }
    return STATUS_SUCCESS;
}

VOID RxpCloseSrvOpen(PRX_CONTEXT RxContext, PFOBX Fobx) {
    PSRV_OPEN open = Fobx->pSrvOpen;
    PFCB fcb = open->pFcb;

    RxpAcquireExclusiveFcb(RxContext, fcb);
    RxContext->RxDeviceObject->Dispatch->MRxCloseSrvOpen(RxContext); /* once a SRV_OPEN */
    RxpReleaseFcb(RxContext, fcb);
    RxpDereferenceFcb(fcb);
    RxpFreeNode(Fobx, RX_TAG_FOBX);
    RxpFreeNode(open, RX_TAG_SRVOPEN);
}

/* REQUIRES: cleanup is done, and nothing is outstanding on the handle. */
NTSTATUS RxCommonClose(PRX_CONTEXT RxContext) {
    PRX_FILE_OBJECT file = RxContext->FileObject;
    PFCB fcb = file->FsContext;
    PFOBX fobx;
    PSRV_OPEN open;
    PV_NET_ROOT view;

    if (fcb == NULL) return RxpCloseTreeConnect(RxContext, file->FsContext2);
    fobx = file->FsContext2;
    open = fobx->pSrvOpen;
    view = open->pVNetRoot;
    RxContext->pFcb = fcb;
    RxContext->pFobx = fobx;
    RxContext->pRelevantSrvOpen = open;
    RxpAcquireExclusiveFcb(RxContext, fcb);
    --fcb->OpenCount;
    RxpReleaseFcb(RxContext, fcb);
    switch (RxpLeaveSrvOpen(RxContext, fobx)) {
        case RxSrvOpenDormant:
            return STATUS_SUCCESS; /* with the references on the FCB and the view; others may have closed it by now */
        case RxSrvOpenShared:
            RxpFreeNode(fobx, RX_TAG_FOBX);
            RxpAcquirePrefixTable(TRUE);
            break;
        case RxSrvOpenLast:
            RxpCloseSrvOpen(RxContext, fobx);
            RxpAcquirePrefixTable(TRUE);
            InterlockedDecrement(&view->NumberOfFobxs);
            RxLogEvent(RxEventClose, RxEventTag(RxContext), file->EventTarget, 0, view->SerialNumber);
            break;
    }
    RxpDereferenceVNetRoot(view);
    RxpReleasePrefixTable();
    return STATUS_SUCCESS;
}
