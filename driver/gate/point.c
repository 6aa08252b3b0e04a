/* SPDX-License-Identifier: Apache-2.0
 *
 * Yield points, and the choices of the schedule that are met there (harness/nt/yield.cc, harness/explore/replayer.cc).
 */
#include "gate.h"

static BOOLEAN GateIsText(const CHAR* A, const CHAR* B) {
    while (*A != 0 && *A == *B) {
        ++A;
        ++B;
    }
    return *A == *B;
}

static BOOLEAN GateIsFunction(const RXGATE_CHOICE* Choice, const VOID* Site) {
    RXGATE_PLACE place;
    ULONG i;

    if (Site == NULL || !GatePlaceOfImage((const UCHAR*)Site - 1, &place)) return Choice->FunctionCount == 0;
    for (i = 0; i < Choice->FunctionCount; ++i) {
        const RXGATE_RANGE* range = &Choice->Functions[i];

        if (range->Image == place.Which && place.Offset >= range->Begin && place.Offset < range->End) return TRUE;
    }
    return FALSE;
}

static BOOLEAN GateIsObject(const RXGATE_CHOICE* Choice, const VOID* Address) {
    RXGATE_PLACE place;
    ULONG i;

    if (!GatePlaceOf(Address, &place)) return FALSE;
    for (i = 0; i < Choice->ObjectCount; ++i) {
        const RXGATE_PLACE* object = &Choice->Objects[i];

        if (object->Where == place.Where && object->Which == place.Which && object->Offset == place.Offset) return TRUE;
    }
    return FALSE;
}

/* Counts the point in the choices that are alike. TRUE: the next choice is met here. */
static BOOLEAN GateIsMetHere(const GATE_WORK* Work, ULONG Access, const CHAR* Service, const VOID* Address,
                             const VOID* Site, BOOLEAN Pick) {
    BOOLEAN met = FALSE;
    ULONG i;

    for (i = 0; i < Gate.ChoiceCount; ++i) {
        const RXGATE_CHOICE* choice = &Gate.Choices[i];

        if (choice->Access != Access || choice->Actor != Work->Actor || choice->Worker != Work->Worker ||
            choice->Operation != Work->Ordinal)
            continue;
        if (Service != NULL ? !GateIsText(choice->Service, Service) : !GateIsObject(choice, Address)) continue;
        if (!GateIsFunction(choice, Site)) continue;
        ++Gate.Met[i];
        if (i == Gate.NextChoice && Gate.Met[i] == choice->Occurrence && (choice->IsPick != 0) == (Pick != 0))
            met = TRUE;
    }
    return met && !Gate.LeftSchedule;
}

/* The thread that the next choice goes to; NULL, and the schedule is left, if it cannot go on. */
static GATE_THREAD* GateTake(ULONG Runnable) {
    const RXGATE_CHOICE* choice = &Gate.Choices[Gate.NextChoice];
    ULONG i;

    for (i = 0; i < GATE_THREADS; ++i) {
        GATE_THREAD* thread = &Gate.Threads[i];
        const GATE_WORK* work = &thread->Work;

        if ((Runnable >> i & 1) == 0 || work->Actor != choice->ToActor) continue;
        if (choice->ToWorker == 0
                ? thread->System
                : !thread->System || work->Worker != choice->ToWorker || work->Ordinal != choice->ToOperation)
            continue;
        ++Gate.NextChoice;
        return thread;
    }
    Gate.LeftSchedule = TRUE;
    return NULL;
}

GATE_THREAD* GatePick(GATE_THREAD* Me, const CHAR* What, ULONG Runnable, GATE_THREAD* Baseline) {
    static const GATE_WORK nobody = {0, 0, 0, RXGATE_NO_OPERATION};
    GATE_THREAD* next;

    if (!GateIsMetHere(Me == NULL ? &nobody : &Me->Work, 4, What, NULL, NULL, TRUE)) return Baseline;
    next = GateTake(Runnable);
    return next == NULL ? Baseline : next;
}

static VOID GatePoint(GATE_THREAD* Me, ULONG Access, const CHAR* Service, const VOID* Address, const VOID* Site) {
    GATE_THREAD* next;

    if (!Gate.Exploring) return;
    ++Gate.Points;
    if (!GateIsMetHere(&Me->Work, Access, Service, Address, Site, FALSE)) return;
    next = GateTake(GateRunnable());
    if (next == NULL || next == Me) return;
    ++Gate.Switches;
    GateHandOver(Me, next);
}

VOID GatePointCall(GATE_THREAD* Me, const CHAR* Service, PVOID Site) {
    GatePoint(Me, 3, Service, NULL, Site);
}

/* Called by the drivers' callbacks, before the access. */
VOID GateAccess(PVOID Address, unsigned int Size, unsigned int Kind, PVOID Site) {
    GATE_THREAD* me = GateMe();
    RXGATE_PLACE place;

    if (me == NULL) {
        GateDelay();
        return;
    }
    GateCheckMemory(me, Address, Size, Site);
    if (Gate.Exploring && GatePlaceOf(Address, &place)) {
        GatePoint(me, RX_ACCESS_KIND(Kind), NULL, Address, Site);
        GateCheckMemory(me, Address, Size, Site); /* others may have run since */
    }
}

VOID GateTell(ULONG Kind, USHORT Operation, ULONG Status, ULONG Value) {
    const RXCHECK_EVENT event = {Kind, Operation + 1u, 0, Status, Value};
    RXGATE_EVENT* to = &Gate.Events[Gate.EventLast++ % RXGATE_MAX_OPERATIONS];

    to->Event = event;
    to->Operation = Operation;
}

/* With each entry of the drivers' event log, as it is made. */
VOID GateEvent(const RXCHECK_EVENT* Event) {
    GATE_THREAD* me = GateMe();
    const USHORT operation = (USHORT)(Event->Tag - 1);
    RXGATE_EVENT* to;

    if (me == NULL && Gate.Mode != GateFree) return;
    /* Which of the engine's threads takes up a request is by chance; from here on that one works for it. */
    if (me != NULL && Event->Kind == RxEventStart && me->System && operation < RXGATE_MAX_OPERATIONS &&
        Gate.Operations[operation].Request != 0)
        GateGiveWork(me, &Gate.Requests[Gate.Operations[operation].Request - 1].Work);
    to = &Gate.Events[Gate.EventLast++ % RXGATE_MAX_OPERATIONS];
    to->Event = *Event;
    to->Operation = me == NULL ? RXGATE_NO_OPERATION : me->Work.Operation;
}
