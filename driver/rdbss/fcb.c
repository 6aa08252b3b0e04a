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
PFCB RxpFindOrCreateFcb(PNET_ROOT NetRoot, const UNICODE_STRING* Path) {
    PRX_FCB_TABLE table = &NetRoot->FcbTable;
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
            fcb->pNetRoot = NetRoot;
            RxpCopyName(&fcb->PrivateAlreadyPrefixedName, fcb->NameBuffer, Path);
            InitializeListHead(&fcb->SrvOpenList);
            if (RxpIsNullPath(Path)) {
                table->TableEntryForNull = fcb;
            } else {
                InsertTailList(&table->Fcbs, &fcb->TableEntry);
            }
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
    if (last && Fcb == table->TableEntryForNull) {
        table->TableEntryForNull = NULL;
    } else if (last) {
        RemoveEntryList(&Fcb->TableEntry);
    }
    ExReleaseResourceLite(&table->TableLock);
    if (!last) return;
    ExDeleteResourceLite(&Fcb->Resource);
    RxpFreeNode(Fcb, RX_TAG_FCB);
}

/* A cancelled request does not even try (C52); RxContext is NULL where a cancel must not get in the way (C60). */
NTSTATUS RxpAcquireExclusiveFcb(PRX_CONTEXT RxContext, PFCB Fcb) {
    if (RxContext != NULL && (RxReadContextFlags(RxContext) & RX_CONTEXT_FLAG_CANCELLED) != 0) return STATUS_CANCELLED;
    ExAcquireResourceExclusiveLite(&Fcb->Resource, TRUE);
    return STATUS_SUCCESS;
}

VOID RxpReleaseFcb(PFCB Fcb) {
    ExReleaseResourceLite(&Fcb->Resource);
}
