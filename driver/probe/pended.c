/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests that wait for the server: reads and change-notifies. An entry holds a reference on its context (the "async"
 * one). Several lines may want to end a request: the server's answer, a cancel routine, a submitter that is told
 * CANCELLED. The engine says who decided it (RxLowIoCompletion); that one, and nobody else, takes the entry out and
 * drops its reference.
 */
#include "probe.h"

typedef struct _PROBE_PENDED {
    LIST_ENTRY Entry;      /* guarded by ProbeSpinLock */
    PRX_CONTEXT RxContext; /* const; holds a reference */
    ULONG Tag;             /* const */
    PPROBE_FILE File;      /* const; a reference on the file's state, or NULL */
} PROBE_PENDED, *PPROBE_PENDED;

BOOLEAN ProbeFinish(PRX_CONTEXT RxContext, NTSTATUS Status) {
    PPROBE_PENDED pended;
    KIRQL irql;

    if (!RxLowIoCompletion(RxContext, Status)) return FALSE;
    pended = RxContext->MRxContext[2];
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    RxSetRemove(&ProbePended, &pended->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    ProbeDereferenceFile(pended->File);
    ExFreePoolWithTag(pended, PROBE_TAG_PENDED);
    RxDereferenceAndDeleteRxContext(RxContext); /* the entry's */
    return TRUE;
}

PRX_CONTEXT ProbeLookup(ULONG Tag, ULONG Target) {
    PRX_CONTEXT context = NULL;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    for (entry = RxSetNext(&ProbePended, &ProbePended); entry != &ProbePended; entry = RxSetNext(&ProbePended, entry)) {
        const PROBE_PENDED* pended = CONTAINING_RECORD(entry, PROBE_PENDED, Entry);

        if (pended->Tag != Target) continue;
        context = pended->RxContext;
        RxReferenceRxContext(context); /* the entry is in the list, so its reference is still held */
        break;
    }
    RxLogEvent(RxEventLookup, Tag, Target, (ULONG)(context != NULL ? STATUS_SUCCESS : STATUS_NOT_FOUND), 0);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return context;
}

/* The engine calls a cancel routine with a reference on the context, and with no lock held. */
static NTSTATUS ProbeCancelled(PRX_CONTEXT RxContext, ULONG Routine) {
    RxLogEvent(RxEventCancelRoutine, 0, RxEventTag(RxContext), 0, Routine);
    ProbeFinish(RxContext, STATUS_CANCELLED);
    return STATUS_SUCCESS;
}

NTSTATUS ProbeCancelRoutineA(PRX_CONTEXT RxContext) {
    return ProbeCancelled(RxContext, RXPROBE_ROUTINE_A);
}

NTSTATUS ProbeCancelRoutineB(PRX_CONTEXT RxContext) {
    return ProbeCancelled(RxContext, RXPROBE_ROUTINE_B);
}

/* A routine that needs the engine: it may not be called with anything held that an open needs (C21). */
NTSTATUS ProbeCancelRoutineC(PRX_CONTEXT RxContext) {
    ProbeOpenOfRoutine();
    return ProbeCancelled(RxContext, RXPROBE_ROUTINE_C);
}

NTSTATUS ProbeSetRoutine(PRX_CONTEXT RxContext, ULONG Routine) {
    const ULONG target = RxEventTag(RxContext);
    NTSTATUS status;

    RxLogEvent(RxEventSetEnter, 0, target, 0, Routine);
    status = RxSetMinirdrCancelRoutine(RxContext, ProbeMiniRdrDispatch.NamedCancelRoutines[Routine]);
    RxLogEvent(RxEventSetLeave, 0, target, (ULONG)status, Routine);
    /* Nobody will call the routine: it is the setter's duty to end the request (RxSetMinirdrCancelRoutine page; C46).
     */
    if (status == STATUS_CANCELLED) ProbeFinish(RxContext, STATUS_CANCELLED);
    return status;
}

/* MRxLowIOSubmit for reads and change-notifies. */
NTSTATUS ProbeLowIoPend(PRX_CONTEXT RxContext) {
    const BOOLEAN bare = ((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_BARE) != 0;
    const ULONG kind = RxContext->LowIoContext.Operation == LOWIO_OP_READ ? RxEventLowIoRead : RxEventLowIoNotify;
    PPROBE_PENDED pended;
    KIRQL irql;

    if (((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_SYNC) != 0) {
        RxLogEvent(kind, RxEventTag(RxContext), 0, 0, 0);
        return STATUS_SUCCESS; /* the server has answered: the engine completes the request, as it does a write */
    }
    pended = ExAllocatePoolWithTag(NonPagedPool, sizeof(*pended), PROBE_TAG_PENDED);
    if (pended == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    pended->RxContext = RxContext;
    pended->Tag = RxEventTag(RxContext);
    pended->File = ProbeReferenceFile(RxContext->FileObject);
    RxContext->MRxContext[2] = pended;
    RxReferenceRxContext(RxContext); /* the entry's */
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    RxSetAdd(&ProbePended, &pended->Entry);
    RxLogEvent(kind, RxEventTag(RxContext), 0, 0, 0);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    /* From here on the request may end at any moment; the engine keeps the context until this line is back. */
    if (!bare) ProbeSetRoutine(RxContext, RXPROBE_ROUTINE_A);
    return STATUS_PENDING;
}
