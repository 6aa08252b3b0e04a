/* SPDX-License-Identifier: Apache-2.0
 *
 * `net use /d`: deleting a connection by name, in the probe's own way and in those of three real mini-redirectors. All
 * hold the view by a temporary tree-connect handle while it is deleted.
 */
#include "probe.h"

NTSTATUS ProbeOpenTree(PRX_CONTEXT RxContext, PRX_FILE_OBJECT File, ULONG Disposition) {
    RxContext->Create.Disposition = Disposition;
    RxContext->Create.CreateOptions = FILE_CREATE_TREE_CONNECTION;
    RxContext->FileObject = File;
    return RxCommonCreate(RxContext);
}

/* Opens what is there, and passes the level on. */
static NTSTATUS ProbeDisconnectOwn(PRX_CONTEXT RxContext, ULONG Level) {
    RX_FILE_OBJECT file = {NULL, NULL, 0, 0};
    PV_NET_ROOT view;
    NTSTATUS status = ProbeOpenTree(RxContext, &file, FILE_OPEN);

    if (NT_SUCCESS(status)) {
        view = file.FsContext2;
        status = RxFinalizeConnection(view->pNetRoot, view, Level);
        if (NT_SUCCESS(status) && ((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_TRANSPORT) != 0) {
            ProbeTearDownTransport(view->pNetRoot->pSrvCall, NULL); /* down, by whomever, when this returns (C37) */
        }
        RxCommonClose(RxContext);
    }
    RxContext->FileObject = NULL;
    return status;
}

/* Files of the share, through whatever view. FCBs do not count: one may outlive its last open, while another delete
 * waits for it. */
static NTSTATUS ProbeTestShare(PRX_CONTEXT RxContext, PV_NET_ROOT VNetRoot) {
    PNET_ROOT root = VNetRoot->pNetRoot;
    const ULONG tag = RxEventTag(RxContext);
    const ULONG serial = VNetRoot->SerialNumber;
    NTSTATUS status = STATUS_SUCCESS;

    ExAcquireResourceSharedLite(&root->FcbTable.TableLock, TRUE);
    /* The count changes under the engine's spin lock, which a mini-redirector has no business with: the entry is made
     * right after the count was read by an interlocked instruction. */
    if (InterlockedOr(&root->NumberOfSrvOpens, 0) != 0) status = STATUS_FILES_OPEN;
    RxLogEvent(RxEventShareBusy, tag, 0, (ULONG)status, serial);
    ExReleaseResourceLite(&root->FcbTable.TableLock);
    return status;
}

/* The real ones open the connection with FILE_OPEN_IF, which makes it when there is none (C70, delete-creates-first),
 * and delete with level TRUE. nfs41 asks on its own before whether files are open, for MRxFinalizeNetRoot would not be
 * called where the engine finds that out; a file opened in between is orphaned, as TRUE says. */
static NTSTATUS ProbeDisconnectLike(PRX_CONTEXT RxContext, ULONG Like) {
    RX_FILE_OBJECT file = {NULL, NULL, 0, 0};
    const MRX_NORMAL_NODE_HEADER* node;
    PV_NET_ROOT view;
    NTSTATUS status = ProbeOpenTree(RxContext, &file, FILE_OPEN_IF);

    if (!NT_SUCCESS(status)) goto out;
    node = file.FsContext2;
    view = file.FsContext2;
    if (node->NodeTypeCode != RDBSS_NTC_V_NETROOT) {
        status = Like == RXPROBE_LIKE_NFS41 ? STATUS_BAD_NETWORK_NAME : STATUS_INVALID_DEVICE_REQUEST;
    } else {
        if (Like == RXPROBE_LIKE_NFS41) status = ProbeTestShare(RxContext, view);
        if (NT_SUCCESS(status)) status = RxFinalizeConnection(view->pNetRoot, view, TRUE);
        if (!NT_SUCCESS(status)) RxUndoTreeConnect(RxContext);
    }
    RxCommonClose(RxContext);
out:
    RxContext->FileObject = NULL;
    return status;
}

NTSTATUS ProbeDisconnect(PRX_CONTEXT RxContext, ULONG Level) {
    const ULONG like = (ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_LIKE_MASK;
    NTSTATUS status;

    if (like != 0 && Level != RXPROBE_LEVEL_FORCED) return STATUS_INVALID_PARAMETER;
    status = like == 0 ? ProbeDisconnectOwn(RxContext, Level) : ProbeDisconnectLike(RxContext, like);
    if (NT_SUCCESS(status)) ProbeRemoveLetter(&RxContext->Create.CanonicalName);
    return status;
}
