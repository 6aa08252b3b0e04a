/* SPDX-License-Identifier: Apache-2.0
 *
 * Upcalls: what the mini-redirector asks of the daemon in user mode, who mounts and unmounts for it. An entry has two
 * parties, the waiter who made it and the daemon who answers it late or soon; a waiter that gives up leaves it behind,
 * and the one who comes last frees it. The state of an entry, under the entry's lock, says who that is.
 *
 * An entry is taken out of the queue in the section that finds it, and its lock is taken in the same section: nobody
 * else can answer it, or free it, in between.
 */
#include "probe.h"

typedef enum _PROBE_UPCALL_STATE {
    ProbeUpcallWaiting,
    ProbeUpcallNotWaiting, /* given up: the daemon frees it */
    ProbeUpcallAnswered    /* the waiter frees it */
} PROBE_UPCALL_STATE;

typedef struct _PROBE_UPCALL {
    LIST_ENTRY Entry;         /* guarded by ProbeUpcallLock */
    KSPIN_LOCK Lock;          /* taken under ProbeUpcallLock, or with no lock held */
    PROBE_UPCALL_STATE State; /* guarded by Lock */
    KEVENT Answered;
    BOOLEAN Mount; /* const */
    ULONG Tag;     /* const: on whose behalf */
    ULONG User;    /* const: in whose security context */
    USHORT Length; /* const: bytes of Name */
    WCHAR Name[1]; /* const: of the connection */
} PROBE_UPCALL, *PPROBE_UPCALL;

static KSPIN_LOCK ProbeUpcallLock;
static LIST_ENTRY ProbeUpcalls; /* guarded by it; those that nobody has answered */

VOID ProbeStartUpcalls(VOID) {
    KeInitializeSpinLock(&ProbeUpcallLock);
    InitializeListHead(&ProbeUpcalls);
}

/* REQUIRES: nobody waits any more. What the daemon never answered goes with it. */
VOID ProbeStopUpcalls(VOID) {
    while (!IsListEmpty(&ProbeUpcalls)) {
        ExFreePoolWithTag(CONTAINING_RECORD(RemoveHeadList(&ProbeUpcalls), PROBE_UPCALL, Entry), PROBE_TAG_UPCALL);
    }
}

static PPROBE_UPCALL ProbeQueueUpcall(ULONG Tag, const UNICODE_STRING* Name, ULONG User, BOOLEAN Mount) {
    PPROBE_UPCALL upcall = ExAllocatePoolWithTag(NonPagedPool, sizeof(*upcall) + Name->Length, PROBE_TAG_UPCALL);
    KIRQL irql;

    if (upcall == NULL) return NULL;
    KeInitializeSpinLock(&upcall->Lock);
    upcall->State = ProbeUpcallWaiting;
    KeInitializeEvent(&upcall->Answered, NotificationEvent, FALSE);
    upcall->Mount = Mount;
    upcall->Tag = Tag;
    upcall->User = User;
    upcall->Length = Name->Length;
    RtlCopyMemory(upcall->Name, Name->Buffer, Name->Length);
    KeAcquireSpinLock(&ProbeUpcallLock, &irql);
    InsertTailList(&ProbeUpcalls, &upcall->Entry);
    if (Mount) RxLogEvent(RxEventHeld, Tag, 0, 0, 0);
    KeReleaseSpinLock(&ProbeUpcallLock, irql);
    return upcall;
}

/* The waiter is done with the entry, answered or not. */
static VOID ProbeLeaveUpcall(PPROBE_UPCALL Upcall) {
    BOOLEAN answered;
    KIRQL irql;

    KeAcquireSpinLock(&Upcall->Lock, &irql);
    answered = Upcall->State == ProbeUpcallAnswered;
    if (!answered) Upcall->State = ProbeUpcallNotWaiting;
    KeReleaseSpinLock(&Upcall->Lock, irql);
    if (answered) ExFreePoolWithTag(Upcall, PROBE_TAG_UPCALL);
}

NTSTATUS ProbeUpcallMount(ULONG Tag, const UNICODE_STRING* Name, ULONG User) {
    PPROBE_UPCALL upcall = ProbeQueueUpcall(Tag, Name, User, TRUE);

    if (upcall == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    KeWaitForSingleObject(&upcall->Answered, Executive, KernelMode, FALSE, NULL);
    ProbeLeaveUpcall(upcall);
    return STATUS_SUCCESS;
}

/* The prefix table is held: the daemon is told, and gets no time to answer. */
VOID ProbeUpcallUnmount(const UNICODE_STRING* Name, ULONG User) {
    PPROBE_UPCALL upcall = ProbeQueueUpcall(0, Name, User, FALSE);
    LARGE_INTEGER timeout;

    if (upcall == NULL) return; /* the server finds out by itself */
    timeout.QuadPart = 0;
    KeWaitForSingleObject(&upcall->Answered, Executive, KernelMode, FALSE, &timeout);
    ProbeLeaveUpcall(upcall);
}

static BOOLEAN ProbeIsFor(PPROBE_UPCALL Upcall, const UNICODE_STRING* Name) {
    const UNICODE_STRING name = {Upcall->Length, Upcall->Length, Upcall->Name};

    return RxEqualNames(&name, Name);
}

/* The oldest mount of the connection, for which somebody waits; else the oldest entry. */
_Requires_lock_held_(ProbeUpcallLock) static PPROBE_UPCALL ProbeFindUpcall(const UNICODE_STRING* Name, ULONG User) {
    PPROBE_UPCALL oldest = NULL;
    PLIST_ENTRY entry;

    for (entry = ProbeUpcalls.Flink; entry != &ProbeUpcalls; entry = entry->Flink) {
        PPROBE_UPCALL upcall = CONTAINING_RECORD(entry, PROBE_UPCALL, Entry);

        if (upcall->User != User || !ProbeIsFor(upcall, Name)) continue;
        if (upcall->Mount) return upcall;
        if (oldest == NULL) oldest = upcall;
    }
    return oldest;
}

NTSTATUS ProbeAnswerUpcall(ULONG Tag, const UNICODE_STRING* Name, ULONG User) {
    PPROBE_UPCALL upcall;
    BOOLEAN last;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeUpcallLock, &irql);
    upcall = ProbeFindUpcall(Name, User);
    if (upcall == NULL) {
        KeReleaseSpinLock(&ProbeUpcallLock, irql);
        return STATUS_NOT_FOUND;
    }
    KeAcquireSpinLockAtDpcLevel(&upcall->Lock);
    RemoveEntryList(&upcall->Entry);
    RxLogEvent(RxEventReleased, Tag, upcall->Tag, 0, 0);
    KeReleaseSpinLockFromDpcLevel(&ProbeUpcallLock);
    last = upcall->State == ProbeUpcallNotWaiting;
    upcall->State = ProbeUpcallAnswered;
    if (!last) KeSetEvent(&upcall->Answered, IO_NO_INCREMENT, FALSE);
    KeReleaseSpinLock(&upcall->Lock, irql); /* from here on it is the waiter's */
    if (last) ExFreePoolWithTag(upcall, PROBE_TAG_UPCALL);
    return STATUS_SUCCESS;
}
