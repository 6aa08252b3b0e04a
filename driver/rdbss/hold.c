/* SPDX-License-Identifier: Apache-2.0
 *
 * What RxFinalizeConnection holds while it decides: all that could change the opens of the view. An FCB that another
 * line holds, for instance while the server has an open, is waited for with nothing else held, and then everything is
 * taken anew: so nobody else waits behind a delete (C40).
 */
#include "rxp.h"

_Requires_lock_held_(RxStrucSupSpinLock) static BOOLEAN RxpHasOpenOn(const V_NET_ROOT* VNetRoot, const FCB* Fcb) {
    PLIST_ENTRY entry;

    for (entry = Fcb->SrvOpenList.Flink; entry != &Fcb->SrvOpenList; entry = entry->Flink)
        if (CONTAINING_RECORD(entry, SRV_OPEN, SrvOpenEntry)->pVNetRoot == VNetRoot) return TRUE;
    return FALSE;
}

PFCB RxpNextFcb(PRX_FCB_TABLE Table, PFCB Fcb) {
    PLIST_ENTRY next;

    if (Fcb != NULL && Fcb == Table->TableEntryForNull) return NULL;
    next = Fcb == NULL ? Table->Fcbs.Flink : Fcb->TableEntry.Flink;
    return next == &Table->Fcbs ? Table->TableEntryForNull : CONTAINING_RECORD(next, FCB, TableEntry);
}

/* TRUE: the view has no open of it, or it is held now. */
static BOOLEAN RxpTryFcb(const V_NET_ROOT* VNetRoot, PFCB Fcb) {
    BOOLEAN needed;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    needed = RxpHasOpenOn(VNetRoot, Fcb);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (!needed) return TRUE;
    if (!ExAcquireResourceExclusiveLite(&Fcb->Resource, FALSE)) return FALSE;
    Fcb->HeldByDelete = TRUE;
    return TRUE;
}

NTSTATUS RxpHoldVNetRoot(PV_NET_ROOT VNetRoot, BOOLEAN Wait, PFCB* Blocked) {
    PRX_FCB_TABLE table = &VNetRoot->pNetRoot->FcbTable;
    PFCB fcb = NULL;

    *Blocked = NULL;
    if (!ExAcquireResourceExclusiveLite(&RxNetNameTable.TableLock, Wait)) return STATUS_LOCK_NOT_GRANTED;
    if (!ExAcquireResourceExclusiveLite(&table->TableLock, Wait)) {
        RxpReleasePrefixTable();
        return STATUS_LOCK_NOT_GRANTED;
    }
    while ((fcb = RxpNextFcb(table, fcb)) != NULL) {
        if (RxpTryFcb(VNetRoot, fcb)) continue;
        ++fcb->Header.NodeReferenceCount;
        *Blocked = fcb;
        RxpReleaseFcbs(VNetRoot);
        RxpReleasePrefixTable();
        return STATUS_LOCK_NOT_GRANTED;
    }
    return STATUS_SUCCESS;
}

BOOLEAN RxpHoldsFcbs(const V_NET_ROOT* VNetRoot) {
    PRX_FCB_TABLE table = &VNetRoot->pNetRoot->FcbTable;
    PFCB fcb = NULL;

    while ((fcb = RxpNextFcb(table, fcb)) != NULL)
        if (!fcb->HeldByDelete && RxpHasOpenOn(VNetRoot, fcb)) return FALSE;
    return TRUE;
}

/* Deletes come one after the other, under the prefix table's lock: every FCB so marked is this one's. */
VOID RxpReleaseFcbs(PV_NET_ROOT VNetRoot) {
    PRX_FCB_TABLE table = &VNetRoot->pNetRoot->FcbTable;
    PFCB fcb = NULL;

    while ((fcb = RxpNextFcb(table, fcb)) != NULL) {
        if (!fcb->HeldByDelete) continue;
        fcb->HeldByDelete = FALSE;
        ExReleaseResourceLite(&fcb->Resource);
    }
    ExReleaseResourceLite(&table->TableLock);
}
