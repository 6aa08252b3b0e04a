/* SPDX-License-Identifier: Apache-2.0
 *
 * rxgate.sys: replays a schedule on the drivers where they are kernel services. It is loaded before them, puts itself
 * between them and what they import, sets their access hook, and lets one thread go on at a time. At each yield point
 * the thread that runs asks whether the schedule's next choice is met there. Who is blocked is known from the gate's
 * own tables; then the real service is called, which cannot block.
 *
 *   driver.c    loading, the device            attach.c    a driver that is loaded: its imports, its hook
 *                                              unload.c    its end
 *   session.c   BEGIN, GO, and stopping        actor.c     the operations of actors, their requests
 *   turn.c      handing over                   schedule.c  who can go on, who is next
 *   point.c     yield points and choices       memory.c    the drivers' pool
 *   rule.c      a rule is broken               tables.c    locks, resources, semaphores
 *   services_*.c  what the drivers' imports are bound to
 *
 * All state below belongs to the thread that runs, but where it says otherwise. IRQL: a thread that holds a spin lock
 * waits for its turn at DISPATCH_LEVEL; it polls, a bounded number of times, and never blocks.
 */
#ifndef GATE_H
#define GATE_H

#define POOL_TAGGING 1
#include <ntifs.h>
#include <ntimage.h>

#include "../protocol/rxgate_protocol.h"

/* Tags, as the pool shows them: "RGat", and those under which the harness names requests, their buffers, devices. */
#define GATE_TAG 0x74614752ul
#define GATE_TAG_IRP 0x20707249ul    /* "Irp " */
#define GATE_TAG_BUFFER 0x66756249ul /* "Ibuf" */
#define GATE_TAG_DEVICE 0x69766544ul /* "Devi" */
#define GATE_THREADS 32
#define GATE_FIRST_SYSTEM_THREAD 10
#define GATE_MAX_IMAGES 4
#define GATE_MAX_WORKERS 15
#define GATE_NEVER (~0ull)
#define GATE_SITE() __builtin_return_address(0)

typedef struct _GATE_WORK {
    UCHAR Actor;
    UCHAR Worker;
    USHORT Ordinal;
    USHORT Operation; /* RXGATE_NO_OPERATION */
} GATE_WORK;

typedef struct _GATE_CONDITION {
    ULONG Kind; /* RXGATE_CONDITION */
    USHORT Target;
} GATE_CONDITION;

typedef struct _GATE_THREAD {
    ULONG Number;
    HANDLE Id; /* written by the thread itself, before it asks for its turn */
    BOOLEAN Alive;
    BOOLEAN System;
    BOOLEAN Kept; /* its number is not given to another: drivers know its object */
    BOOLEAN Granted;
    ULONG Wait; /* RXGATE_WAIT_KIND */
    PVOID WaitObject;
    ULONGLONG WaitSince;
    ULONGLONG Deadline;
    GATE_CONDITION Condition;
    GATE_WORK Work;
    ULONG SpinLocks; /* that it holds */
    KEVENT Wake;
    PKSTART_ROUTINE Routine;
    PVOID Context;
    HANDLE Handle;                    /* by which its maker knows it, */
    PVOID Object;                     /* and as what drivers wait for it */
    PIO_WORKITEM_ROUTINE WorkRoutine; /* of a work item, with Device */
    PDEVICE_OBJECT Device;
} GATE_THREAD;

typedef struct _GATE_ALLOCATION {
    UCHAR* Base;
    ULONG Size;
    ULONG Tag;
    BOOLEAN Freed;
    BOOLEAN OfDriver; /* must be gone after unload */
    USHORT Request;   /* number + 1, of an IRP */
} GATE_ALLOCATION;

typedef struct _GATE_REQUEST {
    PIRP Irp;
    GATE_WORK Work;
    BOOLEAN Completed;
    BOOLEAN MarkedPending;
    BOOLEAN Async;
    USHORT Handle; /* the operation whose handle it uses, or RXGATE_NO_OPERATION */
    NTSTATUS Status;
    ULONG OutputLength;
    PVOID Buffer;
    USHORT IrpAllocation, BufferAllocation; /* numbers */
} GATE_REQUEST;

typedef struct _GATE_OPERATION {
    USHORT Request;  /* the latest: number + 1, 0 if it was not sent */
    USHORT InFlight; /* requests that use the handle it produced */
    UCHAR Workers;
} GATE_OPERATION;

typedef struct _GATE_IMAGE {
    UCHAR* Base;
    ULONG Size;
    CHAR Name[RXGATE_NAME];
} GATE_IMAGE;

enum { GateOff, GateOn, GateFree };

typedef struct _GATE {
    volatile LONG Mode; /* read by any thread; On only while a program runs */
    GATE_THREAD* volatile Running;
    GATE_THREAD Threads[GATE_THREADS];
    KSPIN_LOCK Lock; /* guards the arena and the list of allocations, Go, Command and Commanded */
    PIRP Go;         /* BEGIN or GO that is to be answered */
    volatile LONG Commanded;
    RXGATE_GO Command;
    UCHAR* Input; /* of Command */
    PDEVICE_OBJECT Device;
    PDEVICE_OBJECT Target; /* of the mini-redirector */
    GATE_IMAGE Images[GATE_MAX_IMAGES];
    ULONG ImageCount;
    CHAR Unknown[RXGATE_NAME]; /* an import that the gate does not know, or "" */

    RXGATE_CHOICE* Choices;
    ULONG* Met; /* points alike so far, by choice */
    ULONG ChoiceCount, NextChoice;
    BOOLEAN LeftSchedule, Exploring, Over;
    ULONG Switches, Points;
    ULONG Ready;
    ULONG LowMemory, Counted;
    ULONGLONG WaitCounter, Now;
    const void* Cancelling; /* the IRP whose cancel routine has not released the cancel spin lock */

    UCHAR* Arena;
    ULONG ArenaUsed;
    USHORT* Owners; /* by 64 bytes of the arena: the number of allocations that begin before */
    GATE_ALLOCATION* Allocations;
    ULONG AllocationCount;

    GATE_REQUEST* Requests;
    ULONG RequestCount;
    GATE_OPERATION* Operations;
    RXGATE_EVENT* Events; /* a ring */
    ULONG EventFirst, EventLast;
    RXGATE_STOP Stop; /* Rule and Text of the next */
} GATE;

extern GATE Gate;

/* --- attach.c --- */
VOID GateImageLoaded(PUNICODE_STRING Name, HANDLE ProcessId, PIMAGE_INFO Info);
BOOLEAN GatePlaceOfImage(const VOID* Address, RXGATE_PLACE* Place);

/* --- turn.c --- */
/* The running one of the gate's threads, if that is who calls and a program runs; else NULL: then nothing is gated. */
GATE_THREAD* GateMe(VOID);
/* Lets the thread go on; waits for the turn of Me, unless that is NULL or Next. */
VOID GateHandOver(GATE_THREAD* Me, GATE_THREAD* Next);
/* Until it is the thread's turn, or nothing is gated any more. */
VOID GateAwaitTurn(GATE_THREAD* Me);
/* A while. Round counts from 0. */
VOID GateIdle(GATE_THREAD* Me, ULONG* Round);
GATE_THREAD* GateNewThread(BOOLEAN Kept); /* NULL: there are too many */
VOID NTAPI GateThreadMain(PVOID Thread);
VOID GateEndThread(GATE_THREAD* Me);                 /* hands over; the caller ends */
GATE_THREAD* GateThreadOfObject(const VOID* Object); /* NULL: it is no thread of theirs */

/* --- schedule.c --- */
ULONG GateRunnable(VOID);
BOOLEAN GateCanRun(GATE_THREAD* Thread);
VOID GateGiveWork(GATE_THREAD* Thread, const GATE_WORK* Work);
BOOLEAN GateIsMet(const GATE_THREAD* Thread, const GATE_CONDITION* Condition);
/* The thread cannot go on; returns when it can. */
VOID GateBlock(GATE_THREAD* Me, ULONG Wait, PVOID Object);
BOOLEAN GateBlockUntil(GATE_THREAD* Me, PVOID Object, ULONGLONG Deadline); /* FALSE: it was the deadline */
VOID GateWaitFor(GATE_THREAD* Me, ULONG Kind, USHORT Target);
/* Somebody else, or nobody: then the harness is asked. */
VOID GateReschedule(GATE_THREAD* Me);
/* Who begins when nobody runs; NULL: nobody can. */
GATE_THREAD* GateFirst(VOID);

/* --- point.c --- */
/* A yield point before a call of the named service. */
VOID GatePointCall(GATE_THREAD* Me, const CHAR* Service, PVOID Site);
GATE_THREAD* GatePick(GATE_THREAD* Me, const CHAR* What, ULONG Runnable, GATE_THREAD* Baseline);
VOID GateAccess(PVOID Address, unsigned int Size, unsigned int Kind, PVOID Site);
VOID GateEvent(const RXCHECK_EVENT* Event);
VOID GateTell(ULONG Kind, USHORT Operation, ULONG Status, ULONG Value);

/* --- memory.c --- */
BOOLEAN GateMemoryStart(VOID);
VOID GateMemoryReset(VOID);
PVOID GateAllocate(ULONG Size, ULONG Tag, BOOLEAN OfDriver, USHORT* Number);
GATE_ALLOCATION* GateFindAllocation(const VOID* Address);
BOOLEAN GateInArena(const VOID* Address);
/* Breaks a rule if the bytes may not be touched. */
VOID GateCheckMemory(GATE_THREAD* Me, const VOID* Address, ULONG Size, PVOID Site);
BOOLEAN GatePlaceOf(const VOID* Address, RXGATE_PLACE* Place);
VOID GateFindLeak(VOID);

/* --- rule.c --- */
/* The program is over. Returns only when nothing is gated any more. Object may be NULL: then Place says it. */
VOID GateBreak(GATE_THREAD* Me, const CHAR* Rule, const CHAR* Object, const VOID* Address, PVOID Site,
               const CHAR* Text);
VOID GateLose(const CHAR* Text); /* the harness is told that the run cannot be followed */
VOID GateCopyText(CHAR* To, ULONG Size, const CHAR* From);

/* --- tables.c --- */
typedef struct _GATE_LOCK {
    PVOID Address;
    GATE_THREAD* Owner;
} GATE_LOCK;
typedef struct _GATE_RESOURCE {
    PVOID Address;
    GATE_THREAD* Owner; /* exclusive */
    ULONG Depth;
    ULONG Waiters; /* for exclusive access */
    UCHAR Shared[GATE_THREADS];
} GATE_RESOURCE;
typedef struct _GATE_SEMAPHORE {
    PVOID Address;
    LONG Count;
    GATE_WORK Units[64]; /* for whom each of the first units is */
} GATE_SEMAPHORE;
extern UCHAR GateCancelLock; /* stands for the cancel spin lock, as its address */
VOID GateTablesReset(VOID);
GATE_THREAD* GateLockOwner(PVOID Address);
VOID GateLockTaken(PVOID Address, GATE_THREAD* Owner); /* NULL: it is free */
GATE_RESOURCE* GateFindResource(PVOID Address, BOOLEAN Add);
GATE_SEMAPHORE* GateFindSemaphore(PVOID Address, BOOLEAN Add);

/* --- session.c --- */
NTSTATUS GateAddChoices(const RXGATE_CHOICE* Choices, ULONG Length);
NTSTATUS GateBegin(PIRP Irp, const RXGATE_BEGIN* Begin, ULONG Length);
NTSTATUS GateGo(PIRP Irp, const RXGATE_GO* Go, ULONG Length);
/* Answers BEGIN or GO, and waits for what comes next, in Gate.Command. FALSE: nothing is gated any more. */
BOOLEAN GateStop(GATE_THREAD* Me, ULONG Reason);
ULONG GateFillStop(RXGATE_STOP* Stop, ULONG Room, ULONG Reason, GATE_THREAD* Me);
VOID GateLeave(VOID);
VOID GateUnloadDrivers(VOID);
VOID GateReset(VOID); /* before the drivers of the next program are loaded */

/* --- actor.c --- */
VOID NTAPI GateActorMain(PVOID Thread);
VOID GateCompleted(GATE_THREAD* Me, PIRP Irp, PVOID Site);
BOOLEAN GateCancel(GATE_THREAD* Me, USHORT Target);

/* --- services_wait.c --- */
VOID GateTimersReset(VOID);
VOID GateAdvance(GATE_THREAD* Me, ULONG Seconds); /* time passes, on this line */

/* --- services_lock.c --- */
VOID GateAcquire(GATE_THREAD* Me, PVOID Lock, ULONG Size, const CHAR* Service, PVOID Site);
VOID GateRelease(GATE_THREAD* Me, PVOID Lock, ULONG Size, const CHAR* Service, PVOID Site);

/* --- services_*.c --- */
typedef struct _GATE_SERVICE {
    const CHAR* Name;
    PVOID Routine; /* NULL: the driver may call the real one, which concerns nobody else */
} GATE_SERVICE;
extern const GATE_SERVICE GateLockServices[], GateWaitServices[], GateMemoryServices[];

#endif
