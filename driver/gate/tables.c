/* SPDX-License-Identifier: Apache-2.0
 *
 * Who has which lock: the gate's own account, by which it knows who is blocked. Kept for the gate's threads only; a
 * resource or semaphore is entered by whoever initializes it.
 */
#include "gate.h"

#define MAX_LOCKS 128
#define MAX_RESOURCES 512
#define MAX_SEMAPHORES 16

UCHAR GateCancelLock;

static GATE_LOCK GateLocks[MAX_LOCKS];
static GATE_RESOURCE GateResources[MAX_RESOURCES];
static GATE_SEMAPHORE GateSemaphores[MAX_SEMAPHORES];
static ULONG GateResourceCount;
static ULONG GateSemaphoreCount;

VOID GateTablesReset(VOID) {
    RtlZeroMemory(GateLocks, sizeof(GateLocks));
    GateResourceCount = 0;
    GateSemaphoreCount = 0;
}

GATE_THREAD* GateLockOwner(PVOID Address) {
    ULONG i;

    for (i = 0; i < MAX_LOCKS; ++i)
        if (GateLocks[i].Owner != NULL && GateLocks[i].Address == Address) return GateLocks[i].Owner;
    return NULL;
}

VOID GateLockTaken(PVOID Address, GATE_THREAD* Owner) {
    GATE_LOCK* place = NULL;
    ULONG i;

    for (i = 0; i < MAX_LOCKS; ++i) {
        if (GateLocks[i].Owner != NULL && GateLocks[i].Address == Address) {
            GateLocks[i].Owner = Owner;
            return;
        }
        if (place == NULL && GateLocks[i].Owner == NULL) place = &GateLocks[i];
    }
    if (place == NULL || Owner == NULL) return;
    place->Address = Address;
    place->Owner = Owner;
}

GATE_RESOURCE* GateFindResource(PVOID Address, BOOLEAN Add) {
    static GATE_RESOURCE none;
    GATE_RESOURCE* resource;
    ULONG i;

    for (i = GateResourceCount; i-- > 0;) /* memory is given out once: of two the later one is meant */
        if (GateResources[i].Address == Address) return &GateResources[i];
    if (!Add) return NULL;
    if (GateResourceCount == MAX_RESOURCES) {
        GateLose("the drivers use more resources than the gate can follow");
        return &none;
    }
    resource = &GateResources[GateResourceCount++];
    RtlZeroMemory(resource, sizeof(*resource));
    resource->Address = Address;
    return resource;
}

GATE_SEMAPHORE* GateFindSemaphore(PVOID Address, BOOLEAN Add) {
    GATE_SEMAPHORE* semaphore;
    ULONG i;

    for (i = 0; i < GateSemaphoreCount; ++i)
        if (GateSemaphores[i].Address == Address) return &GateSemaphores[i];
    if (!Add || GateSemaphoreCount == MAX_SEMAPHORES) return NULL;
    semaphore = &GateSemaphores[GateSemaphoreCount++];
    RtlZeroMemory(semaphore, sizeof(*semaphore));
    semaphore->Address = Address;
    return semaphore;
}
