/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers that the server withholds until RELEASE: to connects, which have come back meanwhile, and to MRxCreate, which
 * waits inside, with the FCB held.
 */
#include "probe.h"

typedef struct _PROBE_HELD_OPEN {
    LIST_ENTRY Entry;      /* guarded by ProbeSpinLock */
    PRX_CONTEXT RxContext; /* const */
    KEVENT Released;
} PROBE_HELD_OPEN, *PPROBE_HELD_OPEN;

NTSTATUS ProbeHoldOpen(PRX_CONTEXT RxContext) {
    PPROBE_HELD_OPEN held = ExAllocatePoolWithTag(NonPagedPool, sizeof(*held), PROBE_TAG_HELD_OPEN);
    KIRQL irql;

    if (held == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    held->RxContext = RxContext;
    KeInitializeEvent(&held->Released, NotificationEvent, FALSE);
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    InsertTailList(&ProbeHeldOpens, &held->Entry);
    RxLogEvent(RxEventHeld, RxEventTag(RxContext), 0, 0, 0);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    KeWaitForSingleObject(&held->Released, Executive, KernelMode, FALSE, NULL);
    /* Whoever set the event did so under the lock, and looks at the entry no more once it is free. */
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    ExFreePoolWithTag(held, PROBE_TAG_HELD_OPEN);
    return STATUS_SUCCESS;
}

/* The held connect of that name that has to be answered for a server; taken out of the list. */
_Requires_lock_held_(ProbeSpinLock) static PMRX_SRVCALL_CALLBACK_CONTEXT
    ProbeTakeHeldSrvCall(const UNICODE_STRING* Name, ULONG Session) {
    PLIST_ENTRY entry;

    for (entry = ProbeHeldSrvCalls.Flink; entry != &ProbeHeldSrvCalls; entry = entry->Flink) {
        PMRX_SRVCALL_CALLBACK_CONTEXT context = CONTAINING_RECORD(entry, MRX_SRVCALL_CALLBACK_CONTEXT, WorkQueueItem);
        UNICODE_STRING held;

        /* The name is in the request's buffer, which is there until the request is over. */
        if (context->RxContext->LogonId != Session) continue;
        held = context->RxContext->Create.CanonicalName;
        if (held.Length > Name->Length && held.Buffer[Name->Length / sizeof(WCHAR)] == L'\\')
            held.Length = Name->Length;
        if (!RxEqualNames(&held, Name)) continue;
        RemoveEntryList(entry);
        return context;
    }
    return NULL;
}

/* ...for a view. */
_Requires_lock_held_(ProbeSpinLock) static PMRX_CREATENETROOT_CONTEXT
    ProbeTakeHeld(const UNICODE_STRING* Name, ULONG Session) {
    PLIST_ENTRY entry;

    for (entry = ProbeHeld.Flink; entry != &ProbeHeld; entry = entry->Flink) {
        PMRX_CREATENETROOT_CONTEXT context = CONTAINING_RECORD(entry, MRX_CREATENETROOT_CONTEXT, WorkQueueItem);

        if (context->pVNetRoot->LogonId != Session || !RxEqualNames(&context->pVNetRoot->Name, Name)) continue;
        RemoveEntryList(entry);
        return context;
    }
    return NULL;
}

/* ...or an open. */
_Requires_lock_held_(ProbeSpinLock) static PPROBE_HELD_OPEN
    ProbeTakeHeldOpen(const UNICODE_STRING* Name, ULONG Session) {
    PLIST_ENTRY entry;

    for (entry = ProbeHeldOpens.Flink; entry != &ProbeHeldOpens; entry = entry->Flink) {
        PPROBE_HELD_OPEN held = CONTAINING_RECORD(entry, PROBE_HELD_OPEN, Entry);
        const V_NET_ROOT* view = held->RxContext->Create.pVNetRoot;

        if (view->LogonId != Session || !RxEqualNames(&view->Name, Name)) continue;
        RemoveEntryList(entry);
        return held;
    }
    return NULL;
}

NTSTATUS ProbeRelease(ULONG Tag, const UNICODE_STRING* Name, ULONG Session) {
    PMRX_SRVCALL_CALLBACK_CONTEXT server = NULL;
    PMRX_CREATENETROOT_CONTEXT view;
    PPROBE_HELD_OPEN open = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    view = ProbeTakeHeld(Name, Session);
    if (view == NULL) server = ProbeTakeHeldSrvCall(Name, Session);
    if (view == NULL && server == NULL) open = ProbeTakeHeldOpen(Name, Session);
    if (view != NULL) RxLogEvent(RxEventReleased, Tag, RxEventTag(view->RxContext), 0, 0);
    if (server != NULL) RxLogEvent(RxEventReleased, Tag, RxEventTag(server->RxContext), 0, 0);
    if (open != NULL) {
        RxLogEvent(RxEventReleased, Tag, RxEventTag(open->RxContext), 0, 0);
        KeSetEvent(&open->Released, IO_NO_INCREMENT, FALSE);
    }
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    if (view != NULL) view->Callback(view);
    if (server != NULL) server->Callback(server);
    if (view != NULL || server != NULL || open != NULL) return STATUS_SUCCESS;
    return ProbeAnswerUpcall(Tag, Name, Session);
}
