/* SPDX-License-Identifier: Apache-2.0
 *
 * The routines below RxFinalizeConnection, called as their pages ask: with the prefix table held exclusive.
 */
#include "probe.h"

static PV_NET_ROOT ProbeViewOfTree(ULONG Key) {
    PPROBE_HANDLE handle = ProbeFindHandle(Key);

    return handle == NULL || handle->File.FsContext != NULL ? NULL : handle->File.FsContext2;
}

NTSTATUS ProbeFinalizeView(ULONG Key, BOOLEAN Force, PULONG Returned) {
    PV_NET_ROOT view = ProbeViewOfTree(Key);

    if (view == NULL) return STATUS_INVALID_HANDLE;
    RxAcquirePrefixTableLockExclusive();
    *Returned = RxFinalizeVNetRoot(view, FALSE, Force);
    RxReleasePrefixTableLock();
    return STATUS_SUCCESS;
}

NTSTATUS ProbeFinalizeRoot(ULONG Key, PULONG Returned) {
    PV_NET_ROOT view = ProbeViewOfTree(Key);

    if (view == NULL) return STATUS_INVALID_HANDLE;
    RxAcquirePrefixTableLockExclusive();
    *Returned = RxFinalizeNetRoot(view->pNetRoot, FALSE, FALSE);
    RxReleasePrefixTableLock();
    return STATUS_SUCCESS;
}

/* The temporary handle keeps the share. */
NTSTATUS ProbeForceAll(PRX_CONTEXT RxContext) {
    RX_FILE_OBJECT file = {NULL, NULL, 0, 0};
    NTSTATUS status = ProbeOpenTree(RxContext, &file, FILE_OPEN);

    if (NT_SUCCESS(status)) {
        RxAcquirePrefixTableLockExclusive();
        RxForceFinalizeAllVNetRoots(((PV_NET_ROOT)file.FsContext2)->pNetRoot);
        RxReleasePrefixTableLock();
        RxCommonClose(RxContext);
    }
    RxContext->FileObject = NULL;
    return status;
}
