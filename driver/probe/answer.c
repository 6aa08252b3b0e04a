/* SPDX-License-Identifier: Apache-2.0
 *
 * What the server, or another part of a mini-redirector, does to a request that is pending.
 */
#include "probe.h"

typedef struct _PROBE_REFERENCE {
    LIST_ENTRY Entry;      /* guarded by ProbeSpinLock */
    PRX_CONTEXT RxContext; /* const; holds a reference */
    ULONG Key;             /* const */
} PROBE_REFERENCE, *PPROBE_REFERENCE;

NTSTATUS ProbeComplete(ULONG Tag, ULONG Target) {
    PRX_CONTEXT context = ProbeLookup(Tag, Target);
    BOOLEAN decided;

    if (context == NULL) return STATUS_NOT_FOUND;
    decided = ProbeFinish(context, STATUS_SUCCESS);
    RxDereferenceAndDeleteRxContext(context);
    return decided ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

NTSTATUS ProbeSetRoutineOf(ULONG Tag, ULONG Target, ULONG Routine) {
    PRX_CONTEXT context;
    NTSTATUS status;

    if (Routine >= RX_NAMED_CANCEL_ROUTINES) return STATUS_INVALID_PARAMETER;
    context = ProbeLookup(Tag, Target);
    if (context == NULL) return STATUS_NOT_FOUND;
    status = ProbeSetRoutine(context, Routine);
    RxDereferenceAndDeleteRxContext(context);
    return status;
}

NTSTATUS ProbeReference(ULONG Tag, ULONG Target, ULONG Key) {
    PPROBE_REFERENCE reference = ExAllocatePoolWithTag(NonPagedPool, sizeof(*reference), PROBE_TAG_REFERENCE);
    KIRQL irql;

    if (reference == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    reference->Key = Key;
    reference->RxContext = ProbeLookup(Tag, Target);
    if (reference->RxContext == NULL) {
        ExFreePoolWithTag(reference, PROBE_TAG_REFERENCE);
        return STATUS_NOT_FOUND;
    }
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    InsertTailList(&ProbeReferences, &reference->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return STATUS_SUCCESS;
}

/* The context may outlive its IRP: its flags can be read as long as the reference is held (C54). */
NTSTATUS ProbeDereference(ULONG Tag, ULONG Key, PULONG Cancelled) {
    PPROBE_REFERENCE reference = NULL;
    PRX_CONTEXT context;
    PLIST_ENTRY entry;
    ULONG target;
    KIRQL irql;

    *Cancelled = 0;
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    for (entry = ProbeReferences.Flink; entry != &ProbeReferences; entry = entry->Flink) {
        PPROBE_REFERENCE candidate = CONTAINING_RECORD(entry, PROBE_REFERENCE, Entry);

        if (candidate->Key != Key) continue;
        reference = candidate;
        RemoveEntryList(&reference->Entry);
        break;
    }
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    if (reference == NULL) return STATUS_NOT_FOUND;
    context = reference->RxContext;
    ExFreePoolWithTag(reference, PROBE_TAG_REFERENCE);
    target = RxEventTag(context); /* before the flags are read: nothing may come between that and its entry */
    if ((RxReadContextFlags(context) & RX_CONTEXT_FLAG_CANCELLED) != 0) *Cancelled = 1;
    RxLogEvent(RxEventDereference, Tag, target, 0, *Cancelled);
    RxDereferenceAndDeleteRxContext(context);
    return STATUS_SUCCESS;
}
