/* SPDX-License-Identifier: Apache-2.0
 *
 * FCBs: found and made in the table of their share, gone with the last open.
 */
#include "rxp.h"

/* The root of the share: nothing, or a backslash alone. */
static BOOLEAN RxpIsNullPath(const UNICODE_STRING* Path) {
    return Path->Length <= sizeof(WCHAR);
}

_Requires_lock_held_(Table->TableLock) static PFCB RxpFindFcb(PRX_FCB_TABLE Table, const UNICODE_STRING* Path) {
    PLIST_ENTRY entry;

    if (RxpIsNullPath(Path)) return Table->TableEntryForNull;
    for (entry = Table->Fcbs.Flink; entry != &Table->Fcbs; entry = entry->Flink) {
        PFCB candidate = CONTAINING_RECORD(entry, FCB, TableEntry);

        if (RxEqualNames(&candidate->PrivateAlreadyPrefixedName, Path)) return candidate;
    }
    return NULL;
}

/* With a reference for the caller; NULL if memory is short. */
PFCB RxpFindOrCreateFcb(PV_NET_ROOT VNetRoot, const UNICODE_STRING* Path) {
    PNET_ROOT root = VNetRoot->pNetRoot;
    PRX_FCB_TABLE table = &root->FcbTable;
    PFCB fcb;

    ExAcquireResourceExclusiveLite(&table->TableLock, TRUE);
    fcb = RxpFindFcb(table, Path);
    if (fcb == NULL) {
        fcb = RxpAllocateNode(sizeof(FCB) + Path->Length, RX_TAG_FCB, RDBSS_NTC_FCB);
        if (fcb != NULL && !NT_SUCCESS(ExInitializeResourceLite(&fcb->Resource))) {
            RxpFreeNode(fcb, RX_TAG_FCB);
            fcb = NULL;
        }
        if (fcb != NULL) {
            fcb->pNetRoot = root;
            RxpCopyName(&fcb->PrivateAlreadyPrefixedName, fcb->NameBuffer, Path);
            InitializeListHead(&fcb->SrvOpenList);
            if (RxpHasVariant(FIRST_OPENER_OWNS_FCB)) fcb->FirstSerialNumber = VNetRoot->SerialNumber;
            if (RxpIsNullPath(Path)) {
                table->TableEntryForNull = fcb;
            } else {
                InsertTailList(&table->Fcbs, &fcb->TableEntry);
            }
            InterlockedIncrement(&root->pSrvCall->RxDeviceObject->NumberOfActiveFcbs);
            ++root->NumberOfFcbs;
        }
    }
    if (fcb != NULL) ++fcb->Header.NodeReferenceCount;
    ExReleaseResourceLite(&table->TableLock);
    return fcb;
}

/* REQUIRES: the caller holds a view of the share, but not the FCB. */
VOID RxpDereferenceFcb(PFCB Fcb) {
    PRX_FCB_TABLE table = &Fcb->pNetRoot->FcbTable;
    BOOLEAN last;

    ExAcquireResourceExclusiveLite(&table->TableLock, TRUE);
    last = --Fcb->Header.NodeReferenceCount == 0;
    if (last) --Fcb->pNetRoot->NumberOfFcbs;
    if (last && Fcb == table->TableEntryForNull) {
        table->TableEntryForNull = NULL;
    } else if (last) {
        RemoveEntryList(&Fcb->TableEntry);
    }
    ExReleaseResourceLite(&table->TableLock);
    if (!last) return;
    InterlockedDecrement(&Fcb->pNetRoot->pSrvCall->RxDeviceObject->NumberOfActiveFcbs);
    ExDeleteResourceLite(&Fcb->Resource);
    RxpFreeNode(Fcb, RX_TAG_FCB);
}

/* Cleanup and close are never cancelled (C60). */
static BOOLEAN RxpMayAcquireFcb(PRX_CONTEXT RxContext) {
    BOOLEAN cancelled;
    KIRQL irql;

    if (RxContext->MajorFunction == IRP_MJ_CLEANUP || RxContext->MajorFunction == IRP_MJ_CLOSE) return TRUE;
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    cancelled = (RxContext->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0;
    RxLogEvent(RxEventAcquire, RxEventTag(RxContext), 0, (ULONG)(cancelled ? STATUS_CANCELLED : STATUS_SUCCESS), 0);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return !cancelled;
}

NTSTATUS RxpAcquireExclusiveFcb(PRX_CONTEXT RxContext, PFCB Fcb) {
    if (RxContext != NULL && !RxpMayAcquireFcb(RxContext)) return STATUS_CANCELLED; /* does not even try (C52) */
    ExAcquireResourceExclusiveLite(&Fcb->Resource, TRUE);
    if (RxContext != NULL) ++RxContext->AcquireReleaseFcbTrackerX;
    return STATUS_SUCCESS;
}

VOID RxpReleaseFcb(PRX_CONTEXT RxContext, PFCB Fcb) {
    if (RxContext != NULL) --RxContext->AcquireReleaseFcbTrackerX;
    ExReleaseResourceLite(&Fcb->Resource);
}
