/* SPDX-License-Identifier: Apache-2.0
 *
 * Tree-connect handles: a hold on a view without a file. With disposition FILE_OPEN_IF the handle is an
 * add-connection request, which takes the view's extra reference; with FILE_OPEN it is on an existing connection only.
 */
#include "rxp.h"

NTSTATUS RxCreateTreeConnect(PRX_CONTEXT RxContext) {
    NTSTATUS status =
        RxFindOrConstructVirtualNetRoot(RxContext, &RxContext->Create.CanonicalName, &RxContext->Create.RemainingName);

    if (!NT_SUCCESS(status)) return status;
    RxContext->FileObject->FsContext = NULL;
    RxContext->FileObject->FsContext2 = RxContext->Create.pVNetRoot; /* takes the reference over */
    return STATUS_SUCCESS;
}

/* Undoes what an add-connection request did for a caller who then failed: a reference that it took, and that no later
 * one relies on, is dropped. */
VOID RxUndoTreeConnect(PRX_CONTEXT RxContext) {
    PV_NET_ROOT view = RxContext->Create.pVNetRoot;

    RxpAcquirePrefixTable(TRUE);
    if (RxContext->Create.TookReference != 0 && RxContext->Create.TookReference == view->NumberOfConnects &&
        view->AdditionalReferenceForDeleteFsctlTaken != 0) {
        view->AdditionalReferenceForDeleteFsctlTaken = 0;
        RxLogEvent(RxEventUnconnect, RxEventTag(RxContext), 0, 0, view->SerialNumber);
        RxpDereferenceVNetRoot(view);
    }
    RxContext->Create.TookReference = 0;
    RxpReleasePrefixTable();
}

/* TRUE: the view was deleted, and its name goes with this handle (name-goes-with-the-handle). */
_Requires_exclusive_lock_held_(RxNetNameTable.TableLock) static BOOLEAN RxpNameGoes(PV_NET_ROOT VNetRoot) {
    BOOLEAN goes;
    KIRQL irql;

    if (!RxpHasVariant(NAME_GOES_WITH_THE_HANDLE)) return FALSE;
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    goes = --VNetRoot->NumberOfTrees == 0 && VNetRoot->NameGoesWithHandle;
    if (goes) VNetRoot->Deleted = TRUE;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return goes && !VNetRoot->UpperFinalizationDone;
}

NTSTATUS RxpCloseTreeConnect(PRX_CONTEXT RxContext, PV_NET_ROOT VNetRoot) {
    RxpAcquirePrefixTable(TRUE);
    RxLogEvent(RxEventTreeClose, RxEventTag(RxContext), 0, 0, VNetRoot->SerialNumber);
    if (RxpNameGoes(VNetRoot)) RxpRemoveVNetRootName(VNetRoot);
    RxpDereferenceVNetRoot(VNetRoot);
    RxpReleasePrefixTable();
    return STATUS_SUCCESS;
}
