/* SPDX-License-Identifier: Apache-2.0
 *
 * Spin locks, the cancel spin lock, resources. The account comes first; the real lock is then free.
 */
#include "gate.h"

VOID GateAcquire(GATE_THREAD* Me, PVOID Lock, ULONG Size, const CHAR* Service, PVOID Site) {
    GatePointCall(Me, Service, Site);
    GateCheckMemory(Me, Lock, Size, Site);
    if (GateLockOwner(Lock) == Me)
        GateBreak(Me, "deadlock", Lock == &GateCancelLock ? "cancel-spin-lock" : NULL, Lock, Site,
                  "a thread acquires a spin lock that it holds");
    while (GateMe() == Me && GateLockOwner(Lock) != NULL) {
        GateBlock(Me, RxGateWaitSpinLock, Lock);
        GateCheckMemory(Me, Lock, Size, Site);
    }
    if (GateMe() != Me) return;
    GateLockTaken(Lock, Me);
    ++Me->SpinLocks;
}

VOID GateRelease(GATE_THREAD* Me, PVOID Lock, ULONG Size, const CHAR* Service, PVOID Site) {
    GatePointCall(Me, Service, Site);
    GateCheckMemory(Me, Lock, Size, Site);
    if (GateMe() != Me) return;
    if (GateLockOwner(Lock) != Me)
        GateBreak(Me, "lock-not-held", Lock == &GateCancelLock ? "cancel-spin-lock" : NULL, Lock, Site,
                  "a thread releases a spin lock that it does not hold");
    GateLockTaken(Lock, NULL);
    --Me->SpinLocks;
}

static KIRQL NTAPI GateKeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK Lock) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GateAcquire(me, Lock, sizeof(*Lock), "KeAcquireSpinLockRaiseToDpc", GATE_SITE());
    return KeAcquireSpinLockRaiseToDpc(Lock);
}

static VOID NTAPI GateKeReleaseSpinLock(PKSPIN_LOCK Lock, KIRQL Irql) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GateRelease(me, Lock, sizeof(*Lock), "KeReleaseSpinLock", GATE_SITE());
    KeReleaseSpinLock(Lock, Irql);
}

static VOID NTAPI GateKeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK Lock) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GateAcquire(me, Lock, sizeof(*Lock), "KeAcquireSpinLockAtDpcLevel", GATE_SITE());
    KeAcquireSpinLockAtDpcLevel(Lock);
}

static VOID NTAPI GateKeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK Lock) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GateRelease(me, Lock, sizeof(*Lock), "KeReleaseSpinLockFromDpcLevel", GATE_SITE());
    KeReleaseSpinLockFromDpcLevel(Lock);
}

static VOID NTAPI GateIoAcquireCancelSpinLock(PKIRQL Irql) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GateAcquire(me, &GateCancelLock, 0, "IoAcquireCancelSpinLock", GATE_SITE());
    IoAcquireCancelSpinLock(Irql);
}

static VOID NTAPI GateIoReleaseCancelSpinLock(KIRQL Irql) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) {
        GateRelease(me, &GateCancelLock, 0, "IoReleaseCancelSpinLock", GATE_SITE());
        Gate.Cancelling = NULL;
    }
    IoReleaseCancelSpinLock(Irql);
}

/* NULL, and a rule is broken, if it was not initialized. */
static GATE_RESOURCE* GateResourceAt(GATE_THREAD* Me, PERESOURCE Resource, PVOID Site) {
    GATE_RESOURCE* found;

    GateCheckMemory(Me, Resource, sizeof(*Resource), Site);
    found = GateFindResource(Resource, FALSE);
    if (found == NULL)
        GateBreak(Me, "uninitialized-lock", "ERESOURCE", NULL, Site,
                  "a resource is used that was not initialized, or was deleted");
    return found;
}

static NTSTATUS NTAPI GateExInitializeResourceLite(PERESOURCE Resource) {
    GATE_RESOURCE* mine = GateFindResource(Resource, TRUE);

    RtlZeroMemory(mine, sizeof(*mine));
    mine->Address = Resource;
    return ExInitializeResourceLite(Resource);
}

static NTSTATUS NTAPI GateExDeleteResourceLite(PERESOURCE Resource) {
    GATE_THREAD* me = GateMe();
    GATE_RESOURCE* mine;

    if (me != NULL) {
        GatePointCall(me, "ExDeleteResourceLite", GATE_SITE());
        GateResourceAt(me, Resource, GATE_SITE());
    }
    mine = GateFindResource(Resource, FALSE);
    if (mine != NULL) mine->Address = NULL;
    return ExDeleteResourceLite(Resource);
}

static BOOLEAN NTAPI GateExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait) {
    GATE_THREAD* me = GateMe();
    GATE_RESOURCE* mine;

    if (me == NULL) return ExAcquireResourceExclusiveLite(Resource, Wait);
    GatePointCall(me, "ExAcquireResourceExclusiveLite", GATE_SITE());
    mine = GateResourceAt(me, Resource, GATE_SITE());
    if (mine == NULL || GateMe() != me) return ExAcquireResourceExclusiveLite(Resource, Wait);
    if (mine->Owner != me) {
        me->Wait = RxGateWaitResourceExclusive;
        me->WaitObject = Resource;
        if (!GateCanRun(me)) {
            if (!Wait) {
                me->Wait = RxGateWaitNone;
                return FALSE;
            }
            if (mine->Shared[me->Number] != 0)
                GateBreak(me, "deadlock", "ERESOURCE", NULL, GATE_SITE(),
                          "a thread waits for exclusive access to a resource that it holds shared");
            ++mine->Waiters;
            GateBlock(me, RxGateWaitResourceExclusive, Resource);
            --mine->Waiters;
            GateResourceAt(me, Resource, GATE_SITE());
        }
        me->Wait = RxGateWaitNone;
        mine->Owner = me;
    }
    ++mine->Depth;
    return ExAcquireResourceExclusiveLite(Resource, TRUE);
}

static BOOLEAN NTAPI GateExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait) {
    GATE_THREAD* me = GateMe();
    GATE_RESOURCE* mine;

    if (me == NULL) return ExAcquireResourceSharedLite(Resource, Wait);
    GatePointCall(me, "ExAcquireResourceSharedLite", GATE_SITE());
    mine = GateResourceAt(me, Resource, GATE_SITE());
    if (mine == NULL || GateMe() != me) return ExAcquireResourceSharedLite(Resource, Wait);
    if (mine->Owner == me) {
        ++mine->Depth;
    } else {
        if (mine->Owner != NULL || (mine->Shared[me->Number] == 0 && mine->Waiters != 0)) {
            if (!Wait) return FALSE;
            GateBlock(me, RxGateWaitResourceShared, Resource);
            GateResourceAt(me, Resource, GATE_SITE());
        }
        ++mine->Shared[me->Number];
    }
    return ExAcquireResourceSharedLite(Resource, TRUE);
}

static VOID FASTCALL GateExReleaseResourceLite(PERESOURCE Resource) {
    GATE_THREAD* me = GateMe();
    GATE_RESOURCE* mine;

    if (me != NULL) {
        GatePointCall(me, "ExReleaseResourceLite", GATE_SITE());
        mine = GateResourceAt(me, Resource, GATE_SITE());
        if (mine != NULL && mine->Owner == me) {
            if (--mine->Depth == 0) mine->Owner = NULL;
        } else if (mine != NULL && mine->Shared[me->Number] != 0) {
            --mine->Shared[me->Number];
        } else if (mine != NULL) {
            GateBreak(me, "lock-not-held", "ERESOURCE", NULL, GATE_SITE(),
                      "a resource is released for a thread that does not hold it");
        }
    }
    ExReleaseResourceLite(Resource);
}

const GATE_SERVICE GateLockServices[] = {{"KeAcquireSpinLockRaiseToDpc", GateKeAcquireSpinLockRaiseToDpc},
                                         {"KeReleaseSpinLock", GateKeReleaseSpinLock},
                                         {"KeAcquireSpinLockAtDpcLevel", GateKeAcquireSpinLockAtDpcLevel},
                                         {"KeReleaseSpinLockFromDpcLevel", GateKeReleaseSpinLockFromDpcLevel},
                                         {"IoAcquireCancelSpinLock", GateIoAcquireCancelSpinLock},
                                         {"IoReleaseCancelSpinLock", GateIoReleaseCancelSpinLock},
                                         {"ExInitializeResourceLite", GateExInitializeResourceLite},
                                         {"ExDeleteResourceLite", GateExDeleteResourceLite},
                                         {"ExAcquireResourceExclusiveLite", GateExAcquireResourceExclusiveLite},
                                         {"ExAcquireResourceSharedLite", GateExAcquireResourceSharedLite},
                                         {"ExReleaseResourceLite", GateExReleaseResourceLite},
                                         {"ExIsResourceAcquiredExclusiveLite", NULL},
                                         {"KeEnterCriticalRegion", NULL},
                                         {"KeLeaveCriticalRegion", NULL},
                                         {NULL, NULL}};
