/* SPDX-License-Identifier: Apache-2.0
 *
 * Opening a file: view, FCB, MRxCreate with the FCB held, SRV_OPEN, FOBX. The open counts on its view
 * (NumberOfFobxs) from the moment the view is found, so that a deletion in between sees it.
 */
#include "rxp.h"

/* Makes the open one of its view's, before it takes the FCB, so that a delete knows which FCBs to take: a view that a
 * forced deletion has orphaned meanwhile bears it orphaned. */
static VOID RxpLinkSrvOpen(PV_NET_ROOT VNetRoot, PSRV_OPEN SrvOpen) {
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (VNetRoot->Orphaned) SrvOpen->Flags |= SRVOPEN_FLAG_ORPHANED;
    InsertTailList(&SrvOpen->pFcb->SrvOpenList, &SrvOpen->SrvOpenEntry);
    InterlockedIncrement(&VNetRoot->pNetRoot->NumberOfSrvOpens);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}

/* An SRV_OPEN that exists will do, if the mini-redirector agrees: RxContext->pFobx and pRelevantSrvOpen are then others
 * than those that the caller brought. A cancelled context never enters a calldown (C51). */
static NTSTATUS RxpCollapseOrCreateSrvOpen(PRX_CONTEXT RxContext, PFCB Fcb) {
    const MINIRDR_DISPATCH* dispatch = RxContext->RxDeviceObject->Dispatch;
    NTSTATUS status;

    if ((RxReadContextFlags(RxContext) & RX_CONTEXT_FLAG_CANCELLED) != 0) return STATUS_CANCELLED;
    if (NT_SUCCESS(dispatch->MRxShouldTryToCollapseThisOpen(RxContext))) {
        PFOBX fobx = RxpCollapseOpen(RxContext, RxContext->pFobx);

        if (fobx != NULL) {
            ++Fcb->OpenCount;
            RxContext->pFobx = fobx;
            RxContext->pRelevantSrvOpen = fobx->pSrvOpen;
            dispatch->MRxCollapseOpen(RxContext); /* what it answers changes nothing: the open is counted */
            return STATUS_SUCCESS;
        }
    }
    status = dispatch->MRxCreate(RxContext);
    if (NT_SUCCESS(status)) {
        ++Fcb->OpenCount;
    } else {
        RxContext->pRelevantSrvOpen->BufferingFlags = 0; /* nothing to share */
    }
    return status;
}

/* The server's part. UncleanCount rises before MRxCreate is called. */
static NTSTATUS RxpCreateSrvOpen(PRX_CONTEXT RxContext, PFCB Fcb) {
    NTSTATUS status = RxpAcquireExclusiveFcb(RxContext, Fcb);

    if (!NT_SUCCESS(status)) return status;
    ++Fcb->UncleanCount;
    status = RxpCollapseOrCreateSrvOpen(RxContext, Fcb);
    if (!NT_SUCCESS(status)) --Fcb->UncleanCount;
    RxpReleaseFcb(RxContext, Fcb);
    return status;
}

/* Takes back what the name lookup did for an open that failed. */
static VOID RxpAbandonOpen(PRX_CONTEXT RxContext, PV_NET_ROOT VNetRoot) {
    RxpAcquirePrefixTable(TRUE);
    InterlockedDecrement(&VNetRoot->NumberOfFobxs);
    RxLogEvent(RxEventUnopen, RxEventTag(RxContext), 0, 0, VNetRoot->SerialNumber);
    RxpDereferenceVNetRoot(VNetRoot);
    RxpReleasePrefixTable();
}

VOID RxpUnlinkSrvOpen(PSRV_OPEN SrvOpen) {
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    SrvOpen->Flags |= SRVOPEN_FLAG_CLOSED;
    RemoveEntryList(&SrvOpen->SrvOpenEntry);
    InterlockedDecrement(&SrvOpen->pVNetRoot->pNetRoot->NumberOfSrvOpens);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}

static NTSTATUS RxpOpenFile(PRX_CONTEXT RxContext, PSRV_OPEN SrvOpen, PFOBX Fobx) {
    PV_NET_ROOT view;
    PFCB fcb;
    NTSTATUS status =
        RxFindOrConstructVirtualNetRoot(RxContext, &RxContext->Create.CanonicalName, &RxContext->Create.RemainingName);

    if (!NT_SUCCESS(status)) return status;
    view = RxContext->Create.pVNetRoot;
    fcb = RxpFindOrCreateFcb(view, &RxContext->Create.RemainingName);
    status = STATUS_INSUFFICIENT_RESOURCES;
    if (fcb != NULL) {
        SrvOpen->pVNetRoot = view;
        SrvOpen->pFcb = fcb;
        SrvOpen->OpenCount = 1;
        SrvOpen->CreateOptions = RxContext->Create.CreateOptions;
        SrvOpen->EventTarget = RxContext->FileObject->EventTarget;
        Fobx->pSrvOpen = SrvOpen;
        RxContext->pFcb = fcb;
        RxContext->pFobx = Fobx;
        RxContext->pRelevantSrvOpen = SrvOpen;
        RxpLinkSrvOpen(view, SrvOpen); /* with the references on the FCB and the view */
        status = RxpCreateSrvOpen(RxContext, fcb);
        if (!NT_SUCCESS(status)) RxpUnlinkSrvOpen(SrvOpen);
    }
    if (!NT_SUCCESS(status)) {
        if (fcb != NULL) RxpDereferenceFcb(fcb);
        RxpAbandonOpen(RxContext, view);
        return status;
    }
    if (RxContext->pRelevantSrvOpen != SrvOpen) {
        RxpUnlinkSrvOpen(SrvOpen);
        RxpDereferenceFcb(fcb); /* the other SRV_OPEN has its own */
    }
    RxContext->FileObject->FsContext = fcb;
    RxContext->FileObject->FsContext2 = RxContext->pFobx;
    return STATUS_SUCCESS;
}

/* The engine works on a copy of the name, which it may keep as long as the request lasts. */
static NTSTATUS RxpCanonicalizeName(PRX_CONTEXT RxContext) {
    const UNICODE_STRING given = RxContext->Create.CanonicalName;
    PWCHAR buffer;

    if (RxContext->Create.CanonicalNameBuffer != NULL) return STATUS_SUCCESS;
    buffer = ExAllocatePoolWithTag(NonPagedPool, given.Length + sizeof(WCHAR), RX_TAG_NAME);
    if (buffer == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    RxpCopyName(&RxContext->Create.CanonicalName, buffer, &given);
    RxContext->Create.CanonicalNameBuffer = buffer;
    return STATUS_SUCCESS;
}

VOID RxpFreeCanonicalName(PRX_CONTEXT RxContext) {
    if (RxContext->Create.CanonicalNameBuffer == NULL) return;
    ExFreePoolWithTag(RxContext->Create.CanonicalNameBuffer, RX_TAG_NAME);
    RxContext->Create.CanonicalNameBuffer = NULL;
}

/* One attempt. */
static NTSTATUS RxpCreate(PRX_CONTEXT RxContext) {
    PSRV_OPEN open;
    PFOBX fobx;
    NTSTATUS status = RxpCanonicalizeName(RxContext);

    if (!NT_SUCCESS(status)) return status;
    status = STATUS_INSUFFICIENT_RESOURCES;
    if ((RxContext->Create.CreateOptions & FILE_CREATE_TREE_CONNECTION) != 0) return RxCreateTreeConnect(RxContext);
    open = RxpAllocateNode(sizeof(SRV_OPEN), RX_TAG_SRVOPEN, RDBSS_NTC_SRVOPEN);
    fobx = RxpAllocateNode(sizeof(FOBX), RX_TAG_FOBX, RDBSS_NTC_FOBX);
    if (open != NULL && fobx != NULL) {
        open->Header.NodeReferenceCount = 1; /* the FOBX's */
        fobx->Header.NodeReferenceCount = 1; /* the handle's */
        status = RxpOpenFile(RxContext, open, fobx);
    }
    /* A collapsed open does not need its own SRV_OPEN, one that goes on with what was dormant no FOBX either. */
    if (open != NULL && (!NT_SUCCESS(status) || RxContext->pRelevantSrvOpen != open)) {
        RxpFreeNode(open, RX_TAG_SRVOPEN);
    }
    if (fobx != NULL && (!NT_SUCCESS(status) || RxContext->pFobx != fobx)) RxpFreeNode(fobx, RX_TAG_FOBX);
    return status;
}

/* A file that the server finds in use is tried once more (the sharing violation may be ours: a handle that is about to
 * go). */
NTSTATUS RxCommonCreate(PRX_CONTEXT RxContext) {
    const UNICODE_STRING name = RxContext->Create.CanonicalName;
    const ULONG disposition = RxContext->Create.Disposition;
    const ULONG options = RxContext->Create.CreateOptions;
    PRX_FILE_OBJECT file = RxContext->FileObject;
    NTSTATUS status = RxpCreate(RxContext);

    if (status != STATUS_SHARING_VIOLATION) return status;
    RxpFreeCanonicalName(RxContext);
    RxReinitializeContext(RxContext);
    RxContext->Create.CanonicalName = name;
    RxContext->Create.Disposition = disposition;
    RxContext->Create.CreateOptions = options;
    RxContext->FileObject = file;
    return RxpCreate(RxContext);
}
