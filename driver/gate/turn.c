/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads, and handing over from one to the next.
 */
#include "gate.h"

#define POLLS 64                  /* before a thread sleeps */
#define POLLS_RAISED 2000000000ul /* at DISPATCH_LEVEL, where it cannot */

GATE_THREAD* GateMe(VOID) {
    GATE_THREAD* running = Gate.Running;

    if (Gate.Mode != GateOn || running == NULL || running->Id != PsGetCurrentThreadId()) return NULL;
    return running;
}

VOID GateIdle(GATE_THREAD* Me, ULONG* Round) {
    LARGE_INTEGER timeout;

    ++*Round;
    if (KeGetCurrentIrql() >= DISPATCH_LEVEL) {
        YieldProcessor();
        if (*Round == POLLS_RAISED) GateLose("a thread waited for its turn at DISPATCH_LEVEL for too long");
        return;
    }
    if (*Round < POLLS) {
        ZwYieldExecution();
        return;
    }
    timeout.QuadPart = -10000ll * 500;
    KeWaitForSingleObject(&Me->Wake, Executive, KernelMode, FALSE, &timeout);
}

VOID GateAwaitTurn(GATE_THREAD* Me) {
    ULONG round = 0;

    while (Gate.Running != Me && Gate.Mode == GateOn)
        GateIdle(Me, &round);
}

VOID GateHandOver(GATE_THREAD* Me, GATE_THREAD* Next) {
    Next->Wait = RxGateWaitNone;
    if (Next == Me) return;
    Gate.Running = Next;
    KeSetEvent(&Next->Wake, IO_NO_INCREMENT, FALSE);
    if (Me != NULL) GateAwaitTurn(Me);
}

GATE_THREAD* GateThreadOfObject(const VOID* Object) {
    ULONG i;

    for (i = GATE_FIRST_SYSTEM_THREAD; i < GATE_THREADS; ++i)
        if (Gate.Threads[i].Kept && Gate.Threads[i].Object == Object) return &Gate.Threads[i];
    return NULL;
}

GATE_THREAD* GateNewThread(BOOLEAN Kept) {
    ULONG number;

    for (number = GATE_FIRST_SYSTEM_THREAD; number < GATE_THREADS; ++number) {
        GATE_THREAD* thread = &Gate.Threads[number];

        if (thread->Alive || thread->Kept) continue;
        thread->Alive = TRUE;
        thread->System = TRUE;
        thread->Kept = Kept;
        thread->Granted = FALSE;
        thread->Id = NULL;
        thread->Wait = RxGateWaitNone;
        thread->Deadline = GATE_NEVER;
        thread->SpinLocks = 0;
        thread->Handle = NULL;
        thread->Object = NULL;
        RtlZeroMemory(&thread->Work, sizeof(thread->Work));
        thread->Work.Operation = RXGATE_NO_OPERATION;
        return thread;
    }
    return NULL;
}

/* The start routine of every system thread that a driver makes. */
VOID NTAPI GateThreadMain(PVOID Thread) {
    GATE_THREAD* me = Thread;
    ULONG round = 0;

    me->Id = PsGetCurrentThreadId();
    while (Gate.Mode == GateOff || (Gate.Mode == GateOn && Gate.Running != me))
        GateIdle(me, &round);
    if (me->WorkRoutine != NULL) {
        me->WorkRoutine(me->Device, me->Context);
    } else {
        me->Routine(me->Context);
    }
    GateEndThread(me);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID GateEndThread(GATE_THREAD* Me) {
    Me->Alive = FALSE;
    if (GateMe() == Me) GateReschedule(Me);
}
