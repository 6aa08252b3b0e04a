/* SPDX-License-Identifier: Apache-2.0
 *
 * The drivers' pool: an arena that never gives out the same memory twice in a program, with a gap behind each
 * allocation. What is freed stays where it is, so that whoever touches it is seen.
 */
#include "gate.h"

#define ARENA_SIZE (24u * 1024 * 1024)
#define MAX_ALLOCATIONS 60000u
#define GAP 16u

BOOLEAN GateMemoryStart(VOID) {
    Gate.Arena = ExAllocatePoolWithTag(NonPagedPool, ARENA_SIZE, GATE_TAG);
    Gate.Owners = ExAllocatePoolWithTag(NonPagedPool, (ARENA_SIZE / 64 + 1) * sizeof(USHORT), GATE_TAG);
    Gate.Allocations = ExAllocatePoolWithTag(NonPagedPool, MAX_ALLOCATIONS * sizeof(GATE_ALLOCATION), GATE_TAG);
    return Gate.Arena != NULL && Gate.Owners != NULL && Gate.Allocations != NULL;
}

VOID GateMemoryReset(VOID) {
    Gate.ArenaUsed = GAP;
    Gate.Owners[0] = 0; /* nothing begins before */
    Gate.AllocationCount = 0;
}

BOOLEAN GateInArena(const VOID* Address) {
    return (ULONG_PTR)((const UCHAR*)Address - Gate.Arena) < ARENA_SIZE;
}

PVOID GateAllocate(ULONG Size, ULONG Tag, BOOLEAN OfDriver, USHORT* Number) {
    const ULONG rounded = (Size + GAP + 15) & ~15ul;
    GATE_ALLOCATION* allocation;
    UCHAR* base = NULL;
    ULONG granule;
    KIRQL irql;

    KeAcquireSpinLock(&Gate.Lock, &irql);
    if (Size != 0 && Size < ARENA_SIZE && Gate.ArenaUsed + rounded <= ARENA_SIZE &&
        Gate.AllocationCount < MAX_ALLOCATIONS) {
        for (granule = (Gate.ArenaUsed + 63) >> 6; granule < (Gate.ArenaUsed + rounded + 63) >> 6; ++granule)
            Gate.Owners[granule] = (USHORT)Gate.AllocationCount;
        if (Number != NULL) *Number = (USHORT)Gate.AllocationCount;
        base = Gate.Arena + Gate.ArenaUsed;
        allocation = &Gate.Allocations[Gate.AllocationCount];
        RtlZeroMemory(allocation, sizeof(*allocation));
        allocation->Base = base;
        allocation->Size = Size;
        allocation->Tag = Tag;
        allocation->OfDriver = OfDriver;
        ++Gate.AllocationCount;
        Gate.ArenaUsed += rounded;
    }
    KeReleaseSpinLock(&Gate.Lock, irql);
    if (base != NULL) RtlFillMemory(base, Size, 0xA5);
    return base;
}

/* The allocation whose memory, or the gap behind it, is there. */
GATE_ALLOCATION* GateFindAllocation(const VOID* Address) {
    const ULONG offset = (ULONG)((const UCHAR*)Address - Gate.Arena);
    ULONG number;

    if (!GateInArena(Address) || offset < GAP || offset >= Gate.ArenaUsed) return NULL;
    number = Gate.Owners[offset >> 6];
    while (number + 1 < Gate.AllocationCount && Gate.Allocations[number + 1].Base <= (const UCHAR*)Address)
        ++number;
    return number < Gate.AllocationCount ? &Gate.Allocations[number] : NULL;
}

BOOLEAN GatePlaceOf(const VOID* Address, RXGATE_PLACE* Place) {
    const GATE_ALLOCATION* allocation = GateFindAllocation(Address);
    const PDEVICE_OBJECT device = Gate.Target;

    if (allocation != NULL) {
        Place->Where = RxGatePool;
        Place->Which = allocation->Tag;
        Place->Offset = (ULONG)((const UCHAR*)Address - allocation->Base);
        return TRUE;
    }
    if (device != NULL && (ULONG_PTR)((const UCHAR*)Address - (const UCHAR*)device) < 4096) {
        Place->Where = RxGatePool;
        Place->Which = GATE_TAG_DEVICE;
        Place->Offset = (ULONG)((const UCHAR*)Address - (const UCHAR*)device);
        return TRUE;
    }
    return GatePlaceOfImage(Address, Place);
}

VOID GateCheckMemory(GATE_THREAD* Me, const VOID* Address, ULONG Size, PVOID Site) {
    const GATE_ALLOCATION* allocation;
    ULONG offset;

    if (!GateInArena(Address)) return;
    allocation = GateFindAllocation(Address);
    if (allocation == NULL) {
        GateBreak(Me, "wild-access", "pool", NULL, Site, "an access to pool memory that was never allocated");
        return;
    }
    offset = (ULONG)((const UCHAR*)Address - allocation->Base);
    if (!allocation->Freed && offset + Size <= allocation->Size) return;
    if (allocation->Freed && (allocation->Tag == GATE_TAG_IRP || allocation->Tag == GATE_TAG_BUFFER)) {
        GateBreak(Me, "irp-after-completion", NULL, Address, Site, "an access to a request that has been completed");
    } else if (allocation->Freed) {
        GateBreak(Me, "use-after-free", NULL, Address, Site, "an access to freed memory");
    } else {
        GateBreak(Me, "overrun", NULL, Address, Site, "an access beyond the end of an allocation");
    }
}

/* After unload. */
VOID GateFindLeak(VOID) {
    ULONG i;

    for (i = 0; i < Gate.RequestCount; ++i)
        if (!Gate.Requests[i].Completed) {
            Gate.Stop.RuleOperation = Gate.Requests[i].Work.Operation;
            GateCopyText(Gate.Stop.Rule, sizeof(Gate.Stop.Rule), "irp-never-completed");
            GateCopyText(Gate.Stop.RuleObject, sizeof(Gate.Stop.RuleObject), "Irp");
            GateCopyText(Gate.Stop.Text, sizeof(Gate.Stop.Text),
                         "the driver was unloaded and a request was never completed");
            return;
        }
    for (i = 0; i < Gate.AllocationCount; ++i) {
        const GATE_ALLOCATION* allocation = &Gate.Allocations[i];

        if (!allocation->OfDriver || allocation->Freed) continue;
        Gate.Stop.RuleOperation = RXGATE_NO_OPERATION;
        Gate.Stop.RulePlace.Where = RxGatePool;
        Gate.Stop.RulePlace.Which = allocation->Tag;
        Gate.Stop.RulePlace.Offset = RXGATE_WHOLE;
        GateCopyText(Gate.Stop.Rule, sizeof(Gate.Stop.Rule), "leak");
        GateCopyText(Gate.Stop.Text, sizeof(Gate.Stop.Text), "an allocation was never freed");
        return;
    }
    for (i = GATE_FIRST_SYSTEM_THREAD; i < GATE_THREADS; ++i) {
        if (!Gate.Threads[i].Alive) continue;
        Gate.Stop.RuleOperation = RXGATE_NO_OPERATION;
        GateCopyText(Gate.Stop.Rule, sizeof(Gate.Stop.Rule), "leak");
        GateCopyText(Gate.Stop.RuleObject, sizeof(Gate.Stop.RuleObject), "thread");
        GateCopyText(Gate.Stop.Text, sizeof(Gate.Stop.Text), "a system thread is still there after unload");
        return;
    }
}
