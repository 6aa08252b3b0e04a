/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can go on, and who is next: as harness/nt/waiting.cc and executive.cc decide it, whose schedules it follows.
 */
#include "gate.h"

static BOOLEAN GateWorkerCanRun(USHORT Operation) {
    ULONG i;

    for (i = GATE_FIRST_SYSTEM_THREAD; i < GATE_THREADS; ++i)
        if (Gate.Threads[i].Alive && Gate.Threads[i].Work.Operation == Operation && GateCanRun(&Gate.Threads[i]))
            return TRUE;
    return FALSE;
}

static BOOLEAN GateIsCompleted(USHORT Operation) {
    const USHORT request = Gate.Operations[Operation].Request;

    return request != 0 && Gate.Requests[request - 1].Completed;
}

BOOLEAN GateIsMet(const GATE_THREAD* Thread, const GATE_CONDITION* Condition) {
    switch (Condition->Kind) {
        case RxGateReady:
            return (Gate.Ready >> Thread->Number & 1) != 0;
        case RxGateCompleted:
            return GateIsCompleted(Condition->Target);
        case RxGateIdle:
            return Gate.Operations[Condition->Target].InFlight == 0;
        default:
            return GateIsCompleted(Condition->Target) || !GateWorkerCanRun(Condition->Target);
    }
}

static BOOLEAN GateResourceIsFree(const GATE_RESOURCE* Resource) {
    ULONG i;

    if (Resource->Owner != NULL) return FALSE;
    for (i = 0; i < GATE_THREADS; ++i)
        if (Resource->Shared[i] != 0) return FALSE;
    return TRUE;
}

static BOOLEAN GateCanShare(const GATE_THREAD* Thread, const GATE_RESOURCE* Resource) {
    ULONG i;

    if (Resource->Owner != NULL) return FALSE;
    if (Resource->Waiters == 0) return TRUE;
    for (i = 0; i < GATE_THREADS; ++i) { /* not before who has waited longer for exclusive access */
        const GATE_THREAD* other = &Gate.Threads[i];

        if (other->Alive && other->Wait == RxGateWaitResourceExclusive && other->WaitObject == Thread->WaitObject &&
            other->WaitSince < Thread->WaitSince)
            return FALSE;
    }
    return TRUE;
}

BOOLEAN GateCanRun(GATE_THREAD* Thread) {
    if (!Thread->Alive) return FALSE;
    switch (Thread->Wait) {
        case RxGateWaitNone:
            return TRUE;
        case RxGateWaitCondition:
            return GateIsMet(Thread, &Thread->Condition);
        case RxGateWaitSpinLock:
            return GateLockOwner(Thread->WaitObject) == NULL;
        case RxGateWaitResourceExclusive:
            return GateResourceIsFree(GateFindResource(Thread->WaitObject, TRUE));
        case RxGateWaitResourceShared:
            return GateCanShare(Thread, GateFindResource(Thread->WaitObject, TRUE));
        default:
            if (Thread->Deadline <= Gate.Now) return TRUE;
            if (GateFindSemaphore(Thread->WaitObject, FALSE) != NULL) return Thread->Granted;
            if (GateThreadOfObject(Thread->WaitObject) != NULL) return !GateThreadOfObject(Thread->WaitObject)->Alive;
            return KeReadStateEvent(Thread->WaitObject) > 0;
    }
}

ULONG GateRunnable(VOID) {
    ULONG mask = 0;
    ULONG i;

    for (i = 0; i < GATE_THREADS; ++i)
        if (GateCanRun(&Gate.Threads[i])) mask |= 1ul << i;
    return mask;
}

VOID GateGiveWork(GATE_THREAD* Thread, const GATE_WORK* Work) {
    if (Thread->Work.Operation == Work->Operation) return;
    Thread->Work = *Work;
    if (Work->Operation >= RXGATE_MAX_OPERATIONS) return;
    if (Gate.Operations[Work->Operation].Workers < GATE_MAX_WORKERS) ++Gate.Operations[Work->Operation].Workers;
    Thread->Work.Worker = Gate.Operations[Work->Operation].Workers;
}

/* The baseline: another line of the same actor first, then the lowest actor, its own line before its workers. */
static GATE_THREAD* GateBaseline(const GATE_THREAD* From, ULONG Runnable) {
    GATE_THREAD* best = NULL;
    ULONGLONG best_rank = ~0ull;
    ULONG i;

    for (i = 0; i < GATE_THREADS; ++i) {
        GATE_THREAD* thread = &Gate.Threads[i];
        ULONGLONG rank;

        if ((Runnable >> i & 1) == 0) continue;
        rank = (ULONGLONG)thread->Work.Actor << 32 | (thread->System ? 1ull << 31 : 0) |
               (ULONGLONG)thread->Work.Ordinal << 8 | i;
        if (thread->Work.Actor != From->Work.Actor) rank |= 1ull << 62;
        if (thread->System && thread->Work.Operation == RXGATE_NO_OPERATION) rank |= 1ull << 61;
        if (rank < best_rank) {
            best_rank = rank;
            best = thread;
        }
    }
    return best;
}

GATE_THREAD* GateFirst(VOID) {
    const ULONG runnable = GateRunnable();
    GATE_THREAD* next;

    if (runnable == 0) return NULL;
    next = GateBaseline(&Gate.Threads[0], runnable);
    if (Gate.Exploring && (runnable & (runnable - 1)) != 0) next = GatePick(NULL, "begin", runnable, next);
    return next;
}

VOID GateReschedule(GATE_THREAD* Me) {
    ULONG runnable = GateRunnable();
    GATE_THREAD* next;

    if (runnable != 0) {
        next = GateBaseline(Me, runnable);
        if (Gate.Exploring && (runnable & (runnable - 1)) != 0) next = GatePick(Me, "wait", runnable, next);
    } else {
        do {
            if (!GateStop(Me, RxGateQuiescent)) return;
            next = GateFirst();
        } while (next == NULL);
    }
    GateHandOver(Me->Alive ? Me : NULL, next);
}

VOID GateBlock(GATE_THREAD* Me, ULONG Wait, PVOID Object) {
    Me->Wait = Wait;
    Me->WaitObject = Object;
    Me->WaitSince = ++Gate.WaitCounter;
    if (Wait == RxGateWaitObject && Me->System && GateFindSemaphore(Object, FALSE) != NULL) {
        RtlZeroMemory(&Me->Work, sizeof(Me->Work)); /* back in its pool: it works for nobody */
        Me->Work.Operation = RXGATE_NO_OPERATION;
    }
    GateReschedule(Me);
}

BOOLEAN GateBlockUntil(GATE_THREAD* Me, PVOID Object, ULONGLONG Deadline) {
    BOOLEAN timed_out;

    if (Deadline <= Gate.Now) return FALSE;
    Me->Deadline = Deadline;
    GateBlock(Me, RxGateWaitObject, Object);
    timed_out = Me->Deadline <= Gate.Now;
    Me->Deadline = GATE_NEVER;
    return !timed_out;
}

VOID GateWaitFor(GATE_THREAD* Me, ULONG Kind, USHORT Target) {
    Me->Condition.Kind = Kind;
    Me->Condition.Target = Target;
    if (GateIsMet(Me, &Me->Condition)) return;
    GateBlock(Me, RxGateWaitCondition, NULL);
}
