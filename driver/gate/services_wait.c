/* SPDX-License-Identifier: Apache-2.0
 *
 * Events, semaphores, waiting.
 */
#include "gate.h"

static VOID NTAPI GateKeInitializeSemaphore(PRKSEMAPHORE Semaphore, LONG Count, LONG Limit) {
    GATE_SEMAPHORE* mine = GateFindSemaphore(Semaphore, TRUE);

    if (mine != NULL) mine->Count = Count;
    KeInitializeSemaphore(Semaphore, Count, Limit);
}

/* A unit goes to the thread that has waited longest, which from then on works for the releaser's operation. */
static LONG NTAPI GateKeReleaseSemaphore(PRKSEMAPHORE Semaphore, KPRIORITY Increment, LONG Adjustment, BOOLEAN Wait) {
    GATE_THREAD* me = GateMe();
    GATE_SEMAPHORE* mine;
    LONG unit;

    if (me == NULL) return KeReleaseSemaphore(Semaphore, Increment, Adjustment, Wait);
    GatePointCall(me, "KeReleaseSemaphore", GATE_SITE());
    GateCheckMemory(me, Semaphore, sizeof(*Semaphore), GATE_SITE());
    mine = GateFindSemaphore(Semaphore, FALSE);
    for (unit = 0; unit < Adjustment && mine != NULL; ++unit) {
        GATE_THREAD* longest = NULL;
        ULONG i;

        for (i = 0; i < GATE_THREADS; ++i) {
            GATE_THREAD* thread = &Gate.Threads[i];

            if (thread->Alive && thread->Wait == RxGateWaitObject && thread->WaitObject == Semaphore &&
                !thread->Granted && (longest == NULL || thread->WaitSince < longest->WaitSince))
                longest = thread;
        }
        if (longest != NULL) {
            longest->Granted = TRUE;
            if (longest->System) GateGiveWork(longest, &me->Work);
        } else {
            if (mine->Count < (LONG)ARRAYSIZE(mine->Units)) mine->Units[mine->Count] = me->Work;
            ++mine->Count;
        }
    }
    return KeReleaseSemaphore(Semaphore, Increment, Adjustment, Wait);
}

ULONGLONG GateDeadline(const LARGE_INTEGER* Timeout) {
    if (Timeout == NULL) return GATE_NEVER;
    return Timeout->QuadPart <= 0 ? Gate.Now + (ULONGLONG)-Timeout->QuadPart : (ULONGLONG)Timeout->QuadPart;
}

static NTSTATUS GateWaitForSemaphore(GATE_THREAD* Me, GATE_SEMAPHORE* Mine, const LARGE_INTEGER* Timeout) {
    BOOLEAN granted;

    if (Mine->Count > 0) {
        if (Me->System) GateGiveWork(Me, &Mine->Units[0]);
        --Mine->Count;
        RtlMoveMemory(&Mine->Units[0], &Mine->Units[1], sizeof(Mine->Units) - sizeof(Mine->Units[0]));
        return STATUS_SUCCESS;
    }
    if (Timeout != NULL && Timeout->QuadPart == 0) return STATUS_TIMEOUT;
    Me->Granted = FALSE;
    GateBlockUntil(Me, Mine->Address, GateDeadline(Timeout));
    granted = Me->Granted;
    Me->Granted = FALSE;
    return granted ? STATUS_SUCCESS : STATUS_TIMEOUT;
}

static NTSTATUS GateWaitForEvent(GATE_THREAD* Me, PRKEVENT Event, const LARGE_INTEGER* Timeout, PVOID Site) {
    const ULONGLONG deadline = GateDeadline(Timeout);

    while (GateMe() == Me && KeReadStateEvent(Event) <= 0) {
        if (!GateBlockUntil(Me, Event, deadline) && KeReadStateEvent(Event) <= 0) return STATUS_TIMEOUT;
        GateCheckMemory(Me, Event, sizeof(*Event), Site);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI GateKeWaitForSingleObject(PVOID Object, KWAIT_REASON Reason, KPROCESSOR_MODE Mode,
                                                BOOLEAN Alertable, PLARGE_INTEGER Timeout) {
    GATE_THREAD* me = GateMe();
    GATE_SEMAPHORE* semaphore = GateFindSemaphore(Object, FALSE);
    const UCHAR type = *(UCHAR*)Object; /* DISPATCHER_HEADER.Type: 0 and 1 are events */
    NTSTATUS status = STATUS_SUCCESS;

    if (me == NULL) return KeWaitForSingleObject(Object, Reason, Mode, Alertable, Timeout);
    GatePointCall(me, "KeWaitForSingleObject", GATE_SITE());
    GateCheckMemory(me, Object, sizeof(KEVENT), GATE_SITE());
    if (semaphore != NULL) {
        status = GateWaitForSemaphore(me, semaphore, Timeout);
    } else if (GateThreadOfObject(Object) != NULL) {
        while (GateMe() == me && GateThreadOfObject(Object)->Alive)
            GateBlock(me, RxGateWaitObject, Object);
    } else if (type <= 1) {
        status = GateWaitForEvent(me, Object, Timeout, GATE_SITE());
    } else {
        GateLose("a thread waits for a kind of object that the gate does not know");
    }
    if (GateMe() == me && status == STATUS_TIMEOUT) return status;
    /* It cannot block now, unless nothing is gated any more. */
    return KeWaitForSingleObject(Object, Reason, Mode, Alertable, GateMe() == me ? NULL : Timeout);
}

static LONG NTAPI GateKeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) {
        GatePointCall(me, "KeSetEvent", GATE_SITE());
        GateCheckMemory(me, Event, sizeof(*Event), GATE_SITE());
    }
    return KeSetEvent(Event, Increment, Wait);
}

static VOID NTAPI GateKeClearEvent(PRKEVENT Event) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) {
        GatePointCall(me, "KeClearEvent", GATE_SITE());
        GateCheckMemory(me, Event, sizeof(*Event), GATE_SITE());
    }
    KeClearEvent(Event);
}

const GATE_SERVICE GateWaitServices[] = {{"KeInitializeSemaphore", GateKeInitializeSemaphore},
                                         {"KeReleaseSemaphore", GateKeReleaseSemaphore},
                                         {"KeWaitForSingleObject", GateKeWaitForSingleObject},
                                         {"KeSetEvent", GateKeSetEvent},
                                         {"KeClearEvent", GateKeClearEvent},
                                         {"KeInitializeEvent", NULL},
                                         {NULL, NULL}};
