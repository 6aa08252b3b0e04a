/* SPDX-License-Identifier: Apache-2.0
 *
 * From a name to a view: found, waited for, or built (documentation: RxFindOrConstructVirtualNetRoot). The caller's
 * hold on the view is taken in the same section in which it is found, so that a deletion comes either before, and the
 * name is gone, or after, and sees the hold.
 */
#include "rxp.h"

/* Tree handles matter to one variant only: a name that is going stays as long as there are some. */
static VOID RxpCountTree(PV_NET_ROOT VNetRoot) {
    KIRQL irql;

    if (!RxpHasVariant(NAME_GOES_WITH_THE_HANDLE)) return;
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    ++VNetRoot->NumberOfTrees;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}

static BOOLEAN RxpIsConnectWithPath(PRX_CONTEXT RxContext) {
    return (RxContext->Create.CreateOptions & FILE_CREATE_TREE_CONNECTION) != 0 &&
           RxContext->Create.RemainingName.Length != 0;
}

/* Takes what the request came for. The prefix table is held: exclusive for a connect, shared at least for others. */
static NTSTATUS RxpClaimVNetRoot(PRX_CONTEXT RxContext, PV_NET_ROOT VNetRoot) {
    KIRQL irql;

    if ((RxContext->Create.CreateOptions & FILE_CREATE_TREE_CONNECTION) == 0) {
        RxReference(VNetRoot); /* the open file's */
        InterlockedIncrement(&VNetRoot->NumberOfFobxs);
        RxLogEvent(RxEventOpen, RxEventTag(RxContext), 0, 0, VNetRoot->SerialNumber);
    } else if (RxContext->Create.Disposition == FILE_OPEN) {
        RxReference(VNetRoot); /* the tree handle's */
        RxpCountTree(VNetRoot);
        RxLogEvent(RxEventTree, RxEventTag(RxContext), 0, 0, VNetRoot->SerialNumber);
    } else {
        /* An add-connection request. A cancel comes either before, and nothing is taken, or after, and changes nothing.
         */
        KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
        if ((RxContext->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0) {
            KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
            return STATUS_CANCELLED;
        }
        RxReference(VNetRoot); /* the tree handle's */
        ++VNetRoot->NumberOfConnects;
        if (VNetRoot->AdditionalReferenceForDeleteFsctlTaken == 0) {
            VNetRoot->AdditionalReferenceForDeleteFsctlTaken = 1; /* once, however many connects (C66) */
            RxReference(VNetRoot);
            RxContext->Create.TookReference = VNetRoot->NumberOfConnects;
            VNetRoot->NameGoesWithHandle = FALSE;
        }
        RxLogEvent(RxEventConnect, RxEventTag(RxContext), 0, 0, VNetRoot->SerialNumber);
        KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
        RxpCountTree(VNetRoot);
    }
    RxContext->Create.pVNetRoot = VNetRoot;
    return STATUS_SUCCESS;
}

/* A connect whose name goes on behind the share is refused unless the mini-redirector finds a directory there, and then
 * has taken nothing (C68). The prefix table is held exclusive, and let go of meanwhile under a reference. RETRY: the
 * view was deleted meanwhile. */
static NTSTATUS RxpClaimIfDirectory(PRX_CONTEXT RxContext, PV_NET_ROOT VNetRoot) {
    NTSTATUS status = STATUS_CANCELLED; /* such a context enters no calldown (C51) */

    RxReference(VNetRoot);
    RxpReleasePrefixTable();
    RxContext->Create.pVNetRoot = VNetRoot;
    if ((RxReadContextFlags(RxContext) & RX_CONTEXT_FLAG_CANCELLED) == 0) {
        status = RxContext->RxDeviceObject->Dispatch->MRxIsValidDirectory(RxContext, &RxContext->Create.RemainingName);
    }
    RxpAcquirePrefixTable(TRUE);
    if (NT_SUCCESS(status)) {
        status = VNetRoot->UpperFinalizationDone ? STATUS_RETRY : RxpClaimVNetRoot(RxContext, VNetRoot);
    }
    RxpDereferenceVNetRoot(VNetRoot);
    return status;
}

/* A server or share that could not be built stays in the table as long as those who waited for it hold it. Whoever
 * finds it there fails like them (C67). */
_Requires_lock_held_(RxNetNameTable.TableLock) static BOOLEAN RxpIsKnownBad(const RX_NAME_PARTS* Parts) {
    PNET_ROOT root = RxpFindNetRoot(&Parts->Share);
    PSRV_CALL call = root != NULL ? root->pSrvCall : RxpFindSrvCall(&Parts->Server);

    return (root != NULL && root->Condition == Condition_Bad) || (call != NULL && call->Condition == Condition_Bad);
}

/* Called with the prefix table held exclusive, and returns so, but lets go of it while the mini-redirector works. */
static NTSTATUS RxpConstructVNetRoot(PRX_CONTEXT RxContext, const RX_NAME_PARTS* Parts) {
    PRX_CONSTRUCTION construction;
    PV_NET_ROOT view;
    NTSTATUS status;

    if (RxpIsKnownBad(Parts)) return STATUS_BAD_NETWORK_PATH;
    construction = RxpBeginConstruction(RxContext, Parts);
    if (construction == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    view = construction->NetRootContext.pVNetRoot;
    RxpReleasePrefixTable();
    status = RxpConstruct(construction);
    RxpAcquirePrefixTable(TRUE);
    RxpEndConstruction(construction, status);
    if (NT_SUCCESS(status) && RxpIsConnectWithPath(RxContext)) {
        status = RxpClaimIfDirectory(RxContext, view);
    } else if (NT_SUCCESS(status)) {
        status = RxpClaimVNetRoot(RxContext, view);
        /* Cancelled: nobody wants the view. Those who wait for it shall not find it, but build their own. */
        if (!NT_SUCCESS(status)) RxpRemoveVNetRootName(view);
    }
    RxpDereferenceVNetRoot(view); /* the construction's */
    return status;
}

static NTSTATUS RxpFindOrConstruct(PRX_CONTEXT RxContext, PUNICODE_STRING CanonicalName,
                                   PUNICODE_STRING RemainingName) {
    const BOOLEAN tree = (RxContext->Create.CreateOptions & FILE_CREATE_TREE_CONNECTION) != 0;
    const BOOLEAN find_only = tree && RxContext->Create.Disposition == FILE_OPEN;
    BOOLEAN exclusive = tree && !find_only;
    PV_NET_ROOT waited = NULL; /* in transition before, referenced; then the table is held exclusive */
    PV_NET_ROOT view;
    RX_NAME_PARTS parts;
    NTSTATUS status = RxpSplitName(CanonicalName, &parts);

    if (!NT_SUCCESS(status)) return status;
    if (find_only && parts.Remaining.Length != 0) return STATUS_OBJECT_PATH_INVALID;
    *RemainingName = parts.Remaining;

    RxpAcquirePrefixTable(exclusive);
    for (;;) {
        view = RxpFindVNetRoot(&parts.View, RxContext->LogonId);
        if (view != NULL && view->Condition == Condition_Good) {
            status = RxpIsConnectWithPath(RxContext) ? RxpClaimIfDirectory(RxContext, view)
                                                     : RxpClaimVNetRoot(RxContext, view);
            if (status == STATUS_RETRY) continue;
            break;
        }
        if (waited != NULL) {
            const BOOLEAN bad = waited->Condition == Condition_Bad;

            RxpDereferenceVNetRoot(waited);
            waited = NULL;
            if (bad) {
                status = STATUS_BAD_NETWORK_PATH; /* C64, C67 */
                break;
            }
        }
        if (view != NULL) {
            /* Somebody builds it: wait with no lock held, then look again, for it may be gone by then. */
            RxReference(view);
            RxpReleasePrefixTable();
            KeWaitForSingleObject(&view->TransitionEvent, Executive, KernelMode, FALSE, NULL);
            waited = view;
            exclusive = TRUE;
            RxpAcquirePrefixTable(TRUE);
        } else if (find_only) {
            RxLogEvent(RxEventMissing, RxEventTag(RxContext), 0, 0, 0);
            status = STATUS_BAD_NETWORK_PATH; /* C70 */
            break;
        } else if (!exclusive) {
            RxpReleasePrefixTable();
            exclusive = TRUE;
            RxpAcquirePrefixTable(TRUE);
        } else {
            status = RxpConstructVNetRoot(RxContext, &parts);
            if (status == STATUS_RETRY) continue;
            break;
        }
    }
    if (waited != NULL) RxpDereferenceVNetRoot(waited);
    RxpReleasePrefixTable();
    return status;
}

/* A conflict with the credentials of another view of the server may be over once views that nothing holds are gone, so
 * it is tried once more. Here these are gone at once, and none is left to be scavenged. */
NTSTATUS RxFindOrConstructVirtualNetRoot(PRX_CONTEXT RxContext, PUNICODE_STRING CanonicalName,
                                         PUNICODE_STRING RemainingName) {
    NTSTATUS status = RxpFindOrConstruct(RxContext, CanonicalName, RemainingName);

    if (status == STATUS_NETWORK_CREDENTIAL_CONFLICT) {
        status = RxpFindOrConstruct(RxContext, CanonicalName, RemainingName);
    }
    return status;
}
