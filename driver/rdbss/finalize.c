/* SPDX-License-Identifier: Apache-2.0
 *
 * Deleting a connection (documentation: RxFinalizeConnection). The view is judged and, if the deletion succeeds,
 * orphaned under RxStrucSupSpinLock, inside a section with the prefix table, and the FCBs of the view's opens, held
 * exclusive: no file can be opened, no request let through in between. The requests that a forced deletion cancels are
 * cancelled after all locks are released, before it returns.
 */
#include "rxp.h"

#define RX_LEVEL_NOT_FORCED ((ULONG)FALSE)
#define RX_LEVEL_FORCE ((ULONG)TRUE)
#define RX_LEVEL_DROP_REFERENCE 0xffu

/* Drops the add-connection reference, once (C11). Read and cleared under the table's lock, so concurrent deletions find
 * it set at most once (C34). */
_Requires_exclusive_lock_held_(RxNetNameTable.TableLock) static VOID RxpDropAdditionalReference(PV_NET_ROOT VNetRoot) {
    if (VNetRoot->AdditionalReferenceForDeleteFsctlTaken == 0) return;
    VNetRoot->AdditionalReferenceForDeleteFsctlTaken = 0;
    RxpDereferenceVNetRoot(VNetRoot);
}

_Requires_lock_held_(RxStrucSupSpinLock) static BOOLEAN RxpHasFiles(const V_NET_ROOT* VNetRoot) {
    return !VNetRoot->Orphaned && VNetRoot->NumberOfFobxs != 0;
}

_Requires_lock_held_(RxStrucSupSpinLock) static BOOLEAN RxpIsFcbOpen(PFCB Fcb) {
    PLIST_ENTRY entry;

    for (entry = Fcb->SrvOpenList.Flink; entry != &Fcb->SrvOpenList; entry = entry->Flink)
        if ((CONTAINING_RECORD(entry, SRV_OPEN, SrvOpenEntry)->Flags & SRVOPEN_FLAG_CLOSE_DELAYED) == 0) return TRUE;
    return FALSE;
}

/* TRUE: a file is open, through whatever view, that was opened through this one first: the variant of C13. REQUIRES:
 * the share's FcbTable is held, too. */
_Requires_lock_held_(RxStrucSupSpinLock) static BOOLEAN RxpOwnsOpenFcb(const V_NET_ROOT* VNetRoot) {
    PFCB fcb = NULL;

    while ((fcb = RxpNextFcb(&VNetRoot->pNetRoot->FcbTable, fcb)) != NULL)
        if (fcb->FirstSerialNumber == VNetRoot->SerialNumber && RxpIsFcbOpen(fcb)) return TRUE;
    return FALSE;
}

/* TRUE: files or change-notifies are open. Orphaned handles are not, and a notify counts whether it has a cancel
 * routine or not. */
_Requires_lock_held_(RxStrucSupSpinLock) static BOOLEAN RxpIsBusy(PV_NET_ROOT VNetRoot, ULONG Level) {
    if (RxpHasFiles(VNetRoot)) return TRUE;
    if (RxpHasVariant(FIRST_OPENER_OWNS_FCB) && !VNetRoot->Orphaned && RxpOwnsOpenFcb(VNetRoot)) return TRUE;
    if (Level == RX_LEVEL_DROP_REFERENCE && RxpHasVariant(FF_IGNORES_NOTIFY)) return FALSE;
    return RxpHasNotify(VNetRoot);
}

static NTSTATUS RxpBusyStatus(VOID) {
    return RxpHasVariant(IN_USE_STEADY) ? STATUS_CONNECTION_IN_USE : STATUS_FILES_OPEN;
}

/* An FCB is shared by the views of its share: only the opens of this one. */
_Requires_lock_held_(RxStrucSupSpinLock) static VOID RxpOrphanSrvOpensForThisFcb(PFCB Fcb, const V_NET_ROOT* VNetRoot) {
    PLIST_ENTRY entry;

    for (entry = Fcb->SrvOpenList.Flink; entry != &Fcb->SrvOpenList; entry = entry->Flink) {
        PSRV_OPEN open = CONTAINING_RECORD(entry, SRV_OPEN, SrvOpenEntry);

        if (open->pVNetRoot == VNetRoot) open->Flags |= SRVOPEN_FLAG_ORPHANED;
    }
}

VOID RxpOrphanSrvOpens(PV_NET_ROOT VNetRoot) {
    PRX_FCB_TABLE table = &VNetRoot->pNetRoot->FcbTable;
    PLIST_ENTRY entry;

    if (RxpHasVariant(ORPHAN_STUB)) {
        VNetRoot->Deleted = TRUE;
        return;
    }
    VNetRoot->Orphaned = TRUE;
    if (table->TableEntryForNull != NULL) RxpOrphanSrvOpensForThisFcb(table->TableEntryForNull, VNetRoot); /* C8 */
    for (entry = table->Fcbs.Flink; entry != &table->Fcbs; entry = entry->Flink) {
        RxpOrphanSrvOpensForThisFcb(CONTAINING_RECORD(entry, FCB, TableEntry), VNetRoot);
    }
}

static VOID RxpCancelRequestsOfVNetRoot(PV_NET_ROOT VNetRoot) {
    PRX_CONTEXT chain;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    chain = RxpMarkRequestsOfVNetRoot(VNetRoot);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    RxpCallCancelRoutines(chain);
}

/* On whose behalf a deletion waits, and may be cancelled; NULL: nobody's, it does what it has to. */
static PRX_CONTEXT RxpRequestOfDeletion(VOID) {
    return RxpHasVariant(NEVER_CANCELLED) ? NULL : RxpRequestOfThread();
}

static BOOLEAN RxpMayWait(PRX_CONTEXT RxContext) {
    return RxContext == NULL || (RxReadContextFlags(RxContext) & RX_CONTEXT_FLAG_WAIT) != 0;
}

static BOOLEAN RxpHasFilesNow(const V_NET_ROOT* VNetRoot) {
    BOOLEAN has;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    has = RxpHasFiles(VNetRoot);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return has;
}

/* Decides with everything held that could change the opens of the view. SUCCESS: only the prefix table is still held,
 * exclusive. Any other status: nothing was decided, and nothing is held (C39; a busy one is the variant of C40). */
static NTSTATUS RxpDecideDeletion(PV_NET_ROOT VNetRoot, ULONG Level, PBOOLEAN Busy) {
    PRX_CONTEXT context = RxpRequestOfDeletion();
    const BOOLEAN wait = RxpMayWait(context);

    for (;;) {
        BOOLEAN decided = FALSE;
        PFCB blocked;
        KIRQL irql;
        NTSTATUS status = RxpHoldVNetRoot(VNetRoot, wait, &blocked);

        if (NT_SUCCESS(status)) {
            KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
            if (context != NULL && (context->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0) {
                status = STATUS_CANCELLED;
            } else if (RxpHoldsFcbs(VNetRoot)) {
                decided = TRUE;
                if (Level == RX_LEVEL_FORCE) {
                    RxpOrphanSrvOpens(VNetRoot);
                } else {
                    *Busy = RxpIsBusy(VNetRoot, Level);
                }
                RxLogEvent(RxEventFinalize, 0, 0, Level, VNetRoot->SerialNumber);
            }
            KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
            RxpReleaseFcbs(VNetRoot);
            if (decided) return STATUS_SUCCESS;
            RxpReleasePrefixTable();
        } else if (blocked != NULL) {
            if (Level == RX_LEVEL_NOT_FORCED && RxpHasVariant(FAILS_RATHER_THAN_WAITS) && RxpHasFilesNow(VNetRoot)) {
                RxpDereferenceFcb(blocked);
                return RxpBusyStatus();
            }
            if (wait) status = RxpAcquireExclusiveFcb(context, blocked);
            if (NT_SUCCESS(status)) RxpReleaseFcb(context, blocked);
            RxpDereferenceFcb(blocked);
        }
        if (!NT_SUCCESS(status)) return status;
    }
}

/* REQUIRES: the caller has a reference on the view of its own, and holds no lock. A level other than the documented
 * three counts as not forced (C27). Whether it may wait, and whether it was cancelled, the request that the thread
 * carries out tells. */
NTSTATUS RxFinalizeConnection(PNET_ROOT NetRoot, PV_NET_ROOT VNetRoot, ULONG ForceFilesClosed) {
    const BOOLEAN force = ForceFilesClosed == RX_LEVEL_FORCE;
    PRDBSS_DEVICE_OBJECT device = NetRoot->pSrvCall->RxDeviceObject;
    const BOOLEAN drop = ForceFilesClosed == RX_LEVEL_DROP_REFERENCE;
    const BOOLEAN purge = !force && !RxpHasVariant(NO_PURGE_BEFORE_BUSY);
    BOOLEAN busy = FALSE;
    NTSTATUS status;

    if (!force && !drop && ForceFilesClosed != RX_LEVEL_NOT_FORCED && RxpHasVariant(REFUSES_OTHER_LEVELS))
        return STATUS_INVALID_PARAMETER;
    if (purge && !RxpMayWait(RxpRequestOfDeletion())) {
        /* Closing on the server is waiting, also of what becomes dormant from here on (C39). */
        if (RxpHasDormantFobx(VNetRoot)) return STATUS_LOCK_NOT_GRANTED;
    } else if (purge) {
        RxpScavenge(device, VNetRoot); /* what no handle holds does not keep the view busy (C10) */
    }
    status = RxpDecideDeletion(VNetRoot, ForceFilesClosed, &busy);
    if (!NT_SUCCESS(status)) return status;

    if (!busy && !force && RxpHasVariant(NAME_GOES_WITH_THE_HANDLE)) {
        VNetRoot->NameGoesWithHandle = TRUE; /* the caller has one open */
    } else if (!busy && !VNetRoot->UpperFinalizationDone) {
        RxpRemoveVNetRootName(VNetRoot);
    }
    if (!busy || drop) RxpDropAdditionalReference(VNetRoot);
    RxpReleasePrefixTable();
    if (force || (busy && RxpHasVariant(FAILED_DELETE_CANCELS))) RxpCancelRequestsOfVNetRoot(VNetRoot);
    if (force) RxpScavenge(device, VNetRoot); /* nothing becomes dormant on an orphaned view any more */
    return busy ? RxpBusyStatus() : STATUS_SUCCESS;
}

/* The variant of C43. A lock is held: the routines are called by a worker, whose item is free again if a routine is
 * set.
 */
static VOID RxpCancelLater(PV_NET_ROOT VNetRoot) {
    PRX_CONTEXT chain;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    chain = RxpMarkRequestsOfVNetRoot(VNetRoot);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (chain != NULL) RxpQueue(chain, RxpCallCancelRoutines);
}

/* What a forced delete is to one view, to all that the share has, but for the requests that are pending on them, of
 * which the page says nothing (C42, C43). A view under construction is not there yet. */
VOID RxForceFinalizeAllVNetRoots(PNET_ROOT NetRoot) {
    PLIST_ENTRY entry;
    PLIST_ENTRY next;

    if (!ExIsResourceAcquiredExclusiveLite(&RxNetNameTable.TableLock))
        KeBugCheckEx(RDR_FILE_SYSTEM, (ULONG_PTR)NetRoot, 0, 0, 0);
    for (entry = RxNetNameTable.VNetRoots.Flink; entry != &RxNetNameTable.VNetRoots; entry = next) {
        PV_NET_ROOT view = CONTAINING_RECORD(entry, V_NET_ROOT, PrefixEntry);

        next = entry->Flink;
        if (view->pNetRoot != NetRoot || view->Condition != Condition_Good) continue;
        if (RxpHasVariant(FORCE_ALL_CANCELS)) RxpCancelLater(view);
        RxFinalizeVNetRoot(view, FALSE, TRUE);
    }
}

/* For a mini-redirector that stops: connections that nobody deleted go away, those with handles as soon as these close.
 */
VOID RxpForceFinalizeAllVNetRoots(PRDBSS_DEVICE_OBJECT RxDeviceObject) {
    PLIST_ENTRY entry;
    PLIST_ENTRY next;

    RxpAcquirePrefixTable(TRUE);
    for (entry = RxNetNameTable.VNetRoots.Flink; entry != &RxNetNameTable.VNetRoots; entry = next) {
        PV_NET_ROOT view = CONTAINING_RECORD(entry, V_NET_ROOT, PrefixEntry);

        next = entry->Flink;
        if (view->pNetRoot->pSrvCall->RxDeviceObject != RxDeviceObject) continue;
        RxFinalizeVNetRoot(view, FALSE, TRUE);
    }
    RxpReleasePrefixTable();
}
