/* SPDX-License-Identifier: Apache-2.0
 *
 * System threads, work items, the end of the system.
 */
#include "gate.h"

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

static struct {
    volatile LONG Used;
    PIO_WORKITEM_ROUTINE Routine;
    PVOID Context;
} GateWorkItems[64];

static VOID NTAPI GateRunWorkItem(PDEVICE_OBJECT Device, PVOID Context) {
    const ULONG_PTR i = (ULONG_PTR)Context;
    const PIO_WORKITEM_ROUTINE routine = GateWorkItems[i].Routine;
    const PVOID context = GateWorkItems[i].Context;

    InterlockedExchange(&GateWorkItems[i].Used, 0);
    routine(Device, context);
    InterlockedDecrement(&Gate.WorkItems);
}

/* A queued work item keeps its device on Windows, and so the driver; Wine unloads it all the same. */
static VOID GateQueueFreely(PIO_WORKITEM Item, PIO_WORKITEM_ROUTINE Routine, WORK_QUEUE_TYPE Type, PVOID Context) {
    ULONG_PTR i;

    for (i = 0; i < ARRAYSIZE(GateWorkItems); ++i) {
        if (InterlockedCompareExchange(&GateWorkItems[i].Used, 1, 0) != 0) continue;
        GateWorkItems[i].Routine = Routine;
        GateWorkItems[i].Context = Context;
        InterlockedIncrement(&Gate.WorkItems);
        IoQueueWorkItem(Item, GateRunWorkItem, Type, (PVOID)i);
        return;
    }
    IoQueueWorkItem(Item, Routine, Type, Context);
}

/* A work item runs on a thread of its own, which works for whoever queued it. */
static VOID NTAPI GateIoQueueWorkItem(PIO_WORKITEM Item, PIO_WORKITEM_ROUTINE Routine, WORK_QUEUE_TYPE Type,
                                      PVOID Context) {
    GATE_THREAD* me = GateMe();
    OBJECT_ATTRIBUTES attributes;
    GATE_THREAD* thread;
    HANDLE handle;

    if (me == NULL) {
        GateQueueFreely(Item, Routine, Type, Context);
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

const GATE_SERVICE GateThreadServices[] = {{"PsCreateSystemThread", GatePsCreateSystemThread},
                                           {"PsTerminateSystemThread", GatePsTerminateSystemThread},
                                           {"IoQueueWorkItem", GateIoQueueWorkItem},
                                           {"KeBugCheckEx", GateKeBugCheckEx},
                                           {"ObReferenceObjectByHandle", GateObReferenceObjectByHandle},
                                           {"ObfDereferenceObject", NULL},
                                           {"ZwClose", NULL},
                                           {"PsGetCurrentThreadId", NULL},
                                           {NULL, NULL}};
