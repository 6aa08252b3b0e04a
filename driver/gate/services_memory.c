/* SPDX-License-Identifier: Apache-2.0
 *
 * Pool, work items' memory, devices, completion.
 */
#include "gate.h"

/* Whether the allocation is the one that the program wants refused. */
static BOOLEAN GateIsRefused(GATE_THREAD* Me) {
    if (Me == NULL || !Gate.Exploring || Gate.LowMemory == 0 || Me->Work.Actor == 0 ||
        Me->Work.Operation == RXGATE_NO_OPERATION || ++Gate.Counted != Gate.LowMemory)
        return FALSE;
    GateTell(RXGATE_REFUSED, Me->Work.Operation, 0, 0);
    return TRUE;
}

static PVOID NTAPI GateExAllocatePoolWithTag(POOL_TYPE Type, SIZE_T Size, ULONG Tag) {
    GATE_THREAD* me = GateMe();

    UNREFERENCED_PARAMETER(Type);
    if (me != NULL) GatePointCall(me, "ExAllocatePoolWithTag", GATE_SITE());
    if (GateIsRefused(me)) return NULL;
    return GateAllocate((ULONG)Size, Tag, TRUE, NULL);
}

/* What is wrong is not at a place in the allocation. */
static VOID GateBreakWhole(GATE_THREAD* Me, const CHAR* Rule, const GATE_ALLOCATION* Allocation, PVOID Site,
                           const CHAR* Text) {
    if (Gate.Over) return;
    Gate.Stop.RulePlace.Where = RxGatePool;
    Gate.Stop.RulePlace.Which = Allocation->Tag;
    Gate.Stop.RulePlace.Offset = RXGATE_WHOLE;
    GateBreak(Me, Rule, NULL, NULL, Site, Text);
}

static VOID NTAPI GateExFreePoolWithTag(PVOID Memory, ULONG Tag) {
    GATE_THREAD* me = GateMe();
    GATE_ALLOCATION* allocation = GateFindAllocation(Memory);

    if (me != NULL) {
        GatePointCall(me, "ExFreePoolWithTag", GATE_SITE());
        if (allocation != NULL && !allocation->Freed && Tag != 0 && allocation->Tag != Tag)
            GateBreakWhole(me, "wrong-tag", allocation, GATE_SITE(), "memory is freed with another tag");
        if (allocation == NULL || !allocation->OfDriver || allocation->Base != (UCHAR*)Memory)
            GateBreak(me, "wild-free", "pool", NULL, GATE_SITE(), "memory is freed that no allocation began at");
        else if (allocation->Freed)
            GateBreakWhole(me, "double-free", allocation, GATE_SITE(), "memory is freed a second time");
    }
    if (allocation != NULL) allocation->Freed = TRUE;
}

static PIO_WORKITEM NTAPI GateIoAllocateWorkItem(PDEVICE_OBJECT Device) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GatePointCall(me, "IoAllocateWorkItem", GATE_SITE());
    if (GateIsRefused(me)) return NULL;
    return IoAllocateWorkItem(Device);
}

static VOID NTAPI GateIoFreeWorkItem(PIO_WORKITEM Item) {
    GATE_THREAD* me = GateMe();

    if (me != NULL) GatePointCall(me, "IoFreeWorkItem", GATE_SITE());
    IoFreeWorkItem(Item);
}

/* The last device that is made is the mini-redirector's. */
static NTSTATUS NTAPI GateIoCreateDevice(PDRIVER_OBJECT Driver, ULONG ExtensionSize, PUNICODE_STRING Name,
                                         DEVICE_TYPE Type, ULONG Characteristics, BOOLEAN Exclusive,
                                         PDEVICE_OBJECT* Device) {
    const NTSTATUS status = IoCreateDevice(Driver, ExtensionSize, Name, Type, Characteristics, Exclusive, Device);

    if (NT_SUCCESS(status)) Gate.Target = *Device;
    return status;
}

static VOID NTAPI GateIoDeleteDevice(PDEVICE_OBJECT Device) {
    ULONG attempt;

    if (Gate.Target == Device) Gate.Target = NULL;
    for (attempt = 0; attempt < 5000 && GateMe() == NULL && Gate.WorkItems != 0; ++attempt) {
        LARGE_INTEGER time;

        time.QuadPart = -10000ll;
        KeDelayExecutionThread(KernelMode, FALSE, &time);
    }
    IoDeleteDevice(Device);
}

static VOID FASTCALL GateIofCompleteRequest(PIRP Irp, CCHAR Boost) {
    GATE_THREAD* me = GateMe();

    if (me == NULL) {
        IofCompleteRequest(Irp, Boost);
        return;
    }
    GatePointCall(me, "IofCompleteRequest", GATE_SITE());
    if (GateMe() == me) GateCompleted(me, Irp, GATE_SITE());
}

const GATE_SERVICE GateMemoryServices[] = {{"ExAllocatePoolWithTag", GateExAllocatePoolWithTag},
                                           {"ExFreePoolWithTag", GateExFreePoolWithTag},
                                           {"IoAllocateWorkItem", GateIoAllocateWorkItem},
                                           {"IoFreeWorkItem", GateIoFreeWorkItem},
                                           {"IoCreateDevice", GateIoCreateDevice},
                                           {"IoDeleteDevice", GateIoDeleteDevice},
                                           {"IoCreateSymbolicLink", NULL},
                                           {"IoDeleteSymbolicLink", NULL},
                                           {"IofCompleteRequest", GateIofCompleteRequest},
                                           {NULL, NULL}};
