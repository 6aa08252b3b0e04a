/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests that may wait are carried out by the engine's own system threads: the dispatch routine of a network file
 * system may not block its caller, and under Wine dispatch routines run one at a time.
 */
#include "rxp.h"

static struct {
    LIST_ENTRY Queue; /* guarded by Lock */
    KSPIN_LOCK Lock;
    KSEMAPHORE Semaphore; /* one unit an entry; on unload one a thread */
    PVOID Threads[RX_WORKER_THREADS];
} RxWork;

VOID RxpQueue(PRX_CONTEXT RxContext, VOID (*WorkerRoutine)(PRX_CONTEXT RxContext)) {
    KIRQL irql;

    RxContext->WorkQueueItem.WorkerRoutine = WorkerRoutine;
    KeAcquireSpinLock(&RxWork.Lock, &irql);
    InsertTailList(&RxWork.Queue, &RxContext->WorkQueueItem.Entry);
    KeReleaseSpinLock(&RxWork.Lock, irql);
    KeReleaseSemaphore(&RxWork.Semaphore, IO_NO_INCREMENT, 1, FALSE);
}

/* Takes a request up: a request cancelled before never reaches the mini-redirector (C51). The decision and its log
 * entry are one section, so a cancel comes either before or after it. */
static VOID RxpStartRequest(PRX_CONTEXT RxContext) {
    PRDBSS_DEVICE_OBJECT device = RxContext->RxDeviceObject;
    const BOOLEAN closing = RxContext->MajorFunction == IRP_MJ_CLEANUP || RxContext->MajorFunction == IRP_MJ_CLOSE;
    const BOOLEAN may_start = (RxContext->Flags & RX_CONTEXT_FLAG_BYPASS_VALIDOP_CHECK) != 0;
    NTSTATUS status = STATUS_SUCCESS;
    BOOLEAN starts;
    KIRQL irql;

    RxpCarryOut(RxContext);
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    starts = may_start && device->State == RDBSS_STARTABLE;
    if ((RxContext->Flags & RX_CONTEXT_FLAG_CANCELLED) != 0) {
        status = STATUS_CANCELLED;
    } else if (device->State != RDBSS_STARTED && !closing && !starts) {
        status = STATUS_REDIRECTOR_NOT_STARTED; /* C73 */
        /* Looked at after that, and so what the caller is told. */
        if (RxContext->FileObject != NULL && RxpIsOrphaned(RxContext->FileObject)) {
            status = STATUS_UNEXPECTED_NETWORK_ERROR; /* C17 */
        }
    }
    RxLogEvent(RxEventStart, RxEventTag(RxContext), 0, (ULONG)status, 0);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);

    if (status == STATUS_SUCCESS) status = device->Dispatch->MRxDevFcbXXXControlFile(RxContext);
    if (status == STATUS_PENDING) {
        RxDereferenceAndDeleteRxContext(
            RxContext); /* taken by RxLowIoSubmit; now nobody of us is in the mini-redirector */
    } else {
        RxCompleteRequest(RxContext, status);
    }
    RxpCarryOut(NULL);
}

NTSTATUS RxFsdPostRequest(PRX_CONTEXT RxContext) {
    PIRP irp = RxContext->CurrentIrp;
    PRX_CONTEXT chain = NULL;
    BOOLEAN cancelled;
    KIRQL cancel_irql;
    KIRQL irql;

    IoMarkIrpPending(irp);
    /* CLEANUP and CLOSE cannot be cancelled (C60). */
    if (RxContext->MajorFunction != IRP_MJ_CLEANUP && RxContext->MajorFunction != IRP_MJ_CLOSE) {
        IoAcquireCancelSpinLock(&cancel_irql);
        IoSetCancelRoutine(irp, RxCancelRoutine);
        /* Cancelled before it got here: nobody calls the routine for it, and it need not wait for a worker (C61). */
        cancelled = irp->Cancel && IoSetCancelRoutine(irp, NULL) != NULL;
        if (cancelled) {
            KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
            RxpMarkCancelled(RxContext, &chain); /* no routine is set yet: the chain stays empty */
            RxLogEvent(RxEventStart, RxEventTag(RxContext), 0, (ULONG)STATUS_CANCELLED, 0);
            KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
        }
        IoReleaseCancelSpinLock(cancel_irql);
        if (cancelled) {
            RxCompleteRequest(RxContext, STATUS_CANCELLED);
            return STATUS_PENDING;
        }
    }
    RxpQueue(RxContext, RxpStartRequest);
    /* From here on the IRP and the context are the worker's. */
    return STATUS_PENDING;
}

static VOID RxpWorker(PVOID Parameter) {
    RxpEnterWorker((ULONG)(ULONG_PTR)Parameter);
    /* ERESOURCEs are to be used with normal kernel APCs disabled: these threads never want any. */
    KeEnterCriticalRegion();
    for (;;) {
        PRX_WORK_QUEUE_ITEM item = NULL;
        KIRQL irql;

        KeWaitForSingleObject(&RxWork.Semaphore, Executive, KernelMode, FALSE, NULL);
        KeAcquireSpinLock(&RxWork.Lock, &irql);
        if (!IsListEmpty(&RxWork.Queue)) {
            item = CONTAINING_RECORD(RemoveHeadList(&RxWork.Queue), RX_WORK_QUEUE_ITEM, Entry);
        }
        KeReleaseSpinLock(&RxWork.Lock, irql);
        if (item == NULL) break; /* a unit without an entry: RxpStopWorkers */
        item->WorkerRoutine(CONTAINING_RECORD(item, RX_CONTEXT, WorkQueueItem));
    }
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS RxpStartWorkers(VOID) {
    OBJECT_ATTRIBUTES attributes;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG i;

    InitializeListHead(&RxWork.Queue);
    KeInitializeSpinLock(&RxWork.Lock);
    KeInitializeSemaphore(&RxWork.Semaphore, 0, MAXLONG);
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    for (i = 0; i < RX_WORKER_THREADS && NT_SUCCESS(status); ++i) {
        HANDLE handle;

        status =
            PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, NULL, RxpWorker, (PVOID)(ULONG_PTR)i);
        if (!NT_SUCCESS(status)) break;
        /* Cannot fail: the handle is new, and the access of kernel mode is not checked. */
        ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &RxWork.Threads[i], NULL);
        ZwClose(handle);
    }
    if (!NT_SUCCESS(status)) RxpStopWorkers();
    return status;
}

VOID RxpStopWorkers(VOID) {
    ULONG i;

    KeReleaseSemaphore(&RxWork.Semaphore, IO_NO_INCREMENT, RX_WORKER_THREADS, FALSE);
    for (i = 0; i < RX_WORKER_THREADS; ++i) {
        if (RxWork.Threads[i] == NULL) continue;
        KeWaitForSingleObject(RxWork.Threads[i], Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(RxWork.Threads[i]);
        RxWork.Threads[i] = NULL;
    }
}
