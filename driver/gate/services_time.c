/* SPDX-License-Identifier: Apache-2.0
 *
 * Timers and DPCs. Time passes by RxGateTick only, so that no timer of the system's ever fires.
 */
#include "gate.h"

#define MAX_TIMERS 32
#define SECOND 10000000ull

typedef struct _GATE_TIMER {
    PKTIMER Timer; /* NULL: not set */
    PKDPC Dpc;
    ULONGLONG Due;
    ULONGLONG Set; /* when, among those that are due together */
} GATE_TIMER;

static GATE_TIMER GateTimers[MAX_TIMERS];
static ULONGLONG GateTimersSet;

static BOOLEAN GateDisarm(PKTIMER Timer) {
    ULONG i;

    for (i = 0; i < MAX_TIMERS; ++i)
        if (GateTimers[i].Timer == Timer) {
            GateTimers[i].Timer = NULL;
            return TRUE;
        }
    return FALSE;
}

VOID GateTimersReset(VOID) {
    RtlZeroMemory(GateTimers, sizeof(GateTimers));
}

static VOID GateFire(GATE_THREAD* Me, ULONGLONG Until) {
    for (;;) {
        GATE_TIMER* next = NULL;
        GATE_TIMER due;
        ULONG i;

        for (i = 0; i < MAX_TIMERS; ++i) {
            GATE_TIMER* timer = &GateTimers[i];

            if (timer->Timer == NULL || timer->Due > Until) continue;
            if (next == NULL || timer->Due < next->Due || (timer->Due == next->Due && timer->Set < next->Set))
                next = timer;
        }
        if (next == NULL || GateMe() != Me) return;
        due = *next;
        next->Timer = NULL;
        if (Gate.Now < due.Due) Gate.Now = due.Due;
        /* On the line that lets time pass, as in process. */
        if (due.Dpc != NULL)
            due.Dpc->DeferredRoutine(due.Dpc, due.Dpc->DeferredContext, due.Dpc->SystemArgument1,
                                     due.Dpc->SystemArgument2);
    }
}

VOID GateAdvance(GATE_THREAD* Me, ULONG Seconds) {
    const ULONGLONG until = Gate.Now + Seconds * SECOND;

    GateFire(Me, until);
    Gate.Now = until;
}

static VOID NTAPI GateKeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE Routine, PVOID Context) {
    KeInitializeDpc(Dpc, Routine, Context);
    Dpc->DeferredRoutine = Routine; /* Wine may have none of it */
    Dpc->DeferredContext = Context;
}

static BOOLEAN NTAPI GateKeSetTimer(PKTIMER Timer, LARGE_INTEGER Due, PKDPC Dpc) {
    GATE_THREAD* me = GateMe();
    BOOLEAN was_set;
    ULONG i;

    if (me == NULL && Gate.Mode == GateFree) return KeSetTimer(Timer, Due, Dpc);
    if (me != NULL) {
        GatePointCall(me, "KeSetTimer", GATE_SITE());
        GateCheckMemory(me, Timer, sizeof(*Timer), GATE_SITE());
    }
    was_set = GateDisarm(Timer);
    for (i = 0; i < MAX_TIMERS && GateTimers[i].Timer != NULL; ++i) {
    }
    if (i == MAX_TIMERS) {
        GateLose("the drivers set more timers than the gate can follow");
        return was_set;
    }
    GateTimers[i].Timer = Timer;
    GateTimers[i].Dpc = Dpc;
    GateTimers[i].Due = GateDeadline(&Due);
    GateTimers[i].Set = ++GateTimersSet;
    if (me != NULL) GateFire(me, Gate.Now);
    return was_set;
}

static BOOLEAN NTAPI GateKeCancelTimer(PKTIMER Timer) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) {
        GatePointCall(me, "KeCancelTimer", GATE_SITE());
        GateCheckMemory(me, Timer, sizeof(*Timer), GATE_SITE());
    }
    return GateDisarm(Timer) || (me == NULL && KeCancelTimer(Timer));
}

static VOID NTAPI GateKeFlushQueuedDpcs(VOID) {
    GATE_THREAD* me = GateMe();

    if (me != NULL)
        GatePointCall(me, "KeFlushQueuedDpcs", GATE_SITE());
    else
        KeFlushQueuedDpcs();
}

const GATE_SERVICE GateTimeServices[] = {
    {"KeInitializeTimer", NULL},          {"KeInitializeDpc", GateKeInitializeDpc},     {"KeSetTimer", GateKeSetTimer},
    {"KeCancelTimer", GateKeCancelTimer}, {"KeFlushQueuedDpcs", GateKeFlushQueuedDpcs}, {NULL, NULL}};
