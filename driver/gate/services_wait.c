/* SPDX-License-Identifier: Apache-2.0
 *
 * Events, semaphores, waiting; timers and DPCs, whose time is the program's; threads and work items.
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

static ULONGLONG GateDeadline(const LARGE_INTEGER* Timeout) {
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

/* --- time passes by RxGateTick only, so that no timer of the system's ever fires --- */
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

    if (me == NULL && Gate.Mode == GateFree) return FALSE; /* at the end nobody waits for it */
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
    return GateDisarm(Timer);
}

static VOID NTAPI GateKeFlushQueuedDpcs(VOID) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GatePointCall(me, "KeFlushQueuedDpcs", GATE_SITE());
}

/* --- threads --- */
static NTSTATUS GateMakeThread(GATE_THREAD* Thread, PHANDLE Handle, ULONG Access, POBJECT_ATTRIBUTES Attributes) {
    const NTSTATUS status = PsCreateSystemThread(Handle, Access, Attributes, NULL, NULL, GateThreadMain, Thread);

    if (!NT_SUCCESS(status)) Thread->Alive = Thread->Kept = FALSE;
    return status;
}

static NTSTATUS NTAPI GatePsCreateSystemThread(PHANDLE Handle, ULONG Access, POBJECT_ATTRIBUTES Attributes,
                                               HANDLE Process, PCLIENT_ID ClientId, PKSTART_ROUTINE Routine,
                                               PVOID Context) {
    GATE_THREAD* me = GateMe();
    GATE_THREAD* thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Process);
    UNREFERENCED_PARAMETER(ClientId);
    if (me != NULL) GatePointCall(me, "PsCreateSystemThread", GATE_SITE());
    thread = GateNewThread(TRUE);
    if (thread == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    thread->Routine = Routine;
    thread->WorkRoutine = NULL;
    thread->Context = Context;
    status = GateMakeThread(thread, Handle, Access, Attributes);
    if (NT_SUCCESS(status)) thread->Handle = *Handle;
    return status;
}

static NTSTATUS NTAPI GateObReferenceObjectByHandle(HANDLE Handle, ACCESS_MASK Access, POBJECT_TYPE Type,
                                                    KPROCESSOR_MODE Mode, PVOID* Object,
                                                    POBJECT_HANDLE_INFORMATION Information) {
    const NTSTATUS status = ObReferenceObjectByHandle(Handle, Access, Type, Mode, Object, Information);
    ULONG i;

    for (i = GATE_FIRST_SYSTEM_THREAD; i < GATE_THREADS && NT_SUCCESS(status); ++i)
        if (Gate.Threads[i].Kept && Gate.Threads[i].Handle == Handle && Gate.Threads[i].Object == NULL)
            Gate.Threads[i].Object = *Object;
    return status;
}

static NTSTATUS NTAPI GatePsTerminateSystemThread(NTSTATUS Status) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) {
        GatePointCall(me, "PsTerminateSystemThread", GATE_SITE());
        GateEndThread(me);
    }
    return PsTerminateSystemThread(Status);
}

/* A work item runs on a thread of its own, which works for whoever queued it. */
static VOID NTAPI GateIoQueueWorkItem(PIO_WORKITEM Item, PIO_WORKITEM_ROUTINE Routine, WORK_QUEUE_TYPE Type,
                                      PVOID Context) {
    GATE_THREAD* me = GateMe();
    OBJECT_ATTRIBUTES attributes;
    GATE_THREAD* thread;
    HANDLE handle;

    if (me == NULL) {
        IoQueueWorkItem(Item, Routine, Type, Context);
        return;
    }
    GatePointCall(me, "IoQueueWorkItem", GATE_SITE());
    thread = GateNewThread(FALSE);
    if (thread == NULL) {
        GateLose("the drivers queue more work items than the gate has threads");
        return;
    }
    thread->WorkRoutine = Routine;
    thread->Device = Gate.Target;
    thread->Context = Context;
    GateGiveWork(thread, &me->Work);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    if (NT_SUCCESS(GateMakeThread(thread, &handle, THREAD_ALL_ACCESS, &attributes))) ZwClose(handle);
}

static VOID NTAPI GateKeBugCheckEx(ULONG Code, ULONG_PTR A, ULONG_PTR B, ULONG_PTR C, ULONG_PTR D) {
    static const CHAR digits[] = "0123456789abcdef";
    GATE_THREAD* me = GateMe();
    CHAR code[11] = "0x";
    ULONG shift = 28;
    ULONG at = 2;

    while (shift != 0 && Code >> shift == 0)
        shift -= 4;
    for (;; shift -= 4) {
        code[at++] = digits[Code >> shift & 15];
        if (shift == 0) break;
    }
    if (me != NULL) GateBreak(me, "bugcheck", code, NULL, GATE_SITE(), "the driver stops the system");
    KeBugCheckEx(Code, A, B, C, D);
}

const GATE_SERVICE GateWaitServices[] = {{"KeInitializeSemaphore", GateKeInitializeSemaphore},
                                         {"KeReleaseSemaphore", GateKeReleaseSemaphore},
                                         {"KeWaitForSingleObject", GateKeWaitForSingleObject},
                                         {"KeSetEvent", GateKeSetEvent},
                                         {"KeClearEvent", GateKeClearEvent},
                                         {"KeInitializeEvent", NULL},
                                         {"KeInitializeTimer", NULL},
                                         {"KeInitializeDpc", GateKeInitializeDpc},
                                         {"KeSetTimer", GateKeSetTimer},
                                         {"KeCancelTimer", GateKeCancelTimer},
                                         {"KeFlushQueuedDpcs", GateKeFlushQueuedDpcs},
                                         {"PsCreateSystemThread", GatePsCreateSystemThread},
                                         {"PsTerminateSystemThread", GatePsTerminateSystemThread},
                                         {"IoQueueWorkItem", GateIoQueueWorkItem},
                                         {"KeBugCheckEx", GateKeBugCheckEx},
                                         {"ObReferenceObjectByHandle", GateObReferenceObjectByHandle},
                                         {"ObfDereferenceObject", NULL},
                                         {"ZwClose", NULL},
                                         {"PsGetCurrentThreadId", NULL},
                                         {NULL, NULL}};
