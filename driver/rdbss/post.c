/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests that may wait are carried out by the engine's own system threads: the dispatch routine of a network file
 * system may not block its caller, and under Wine dispatch routines run one at a time.
 */
#include "rxp.h"

typedef struct _RX_WORKER {
    PVOID Thread;
    HANDLE ThreadId;     /* the worker's own to write, once, before any request */
    PRX_CONTEXT Context; /* the worker's own: the request that it carries out, or NULL */
} RX_WORKER;

static struct {
    LIST_ENTRY Queue; /* guarded by Lock */
    KSPIN_LOCK Lock;
    KSEMAPHORE Semaphore; /* one unit an entry; on unload one a thread */
    RX_WORKER Workers[RX_WORKER_THREADS];
} RxWork;

/* Of this thread; NULL if it is none of them. */
static RX_WORKER* RxpThisWorker(VOID) {
    const HANDLE id = PsGetCurrentThreadId();
    ULONG i;

    for (i = 0; i < RX_WORKER_THREADS; ++i)
        if (RxWork.Workers[i].ThreadId == id) return &RxWork.Workers[i];
    return NULL;
}

/* The published engine asks for the top-level IRP, which Wine does not know. */
PRX_CONTEXT RxpRequestOfThread(VOID) {
    const RX_WORKER* worker = RxpThisWorker();

    return worker == NULL ? NULL : worker->Context;
}

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
    RX_WORKER* worker = RxpThisWorker();
    const BOOLEAN may_start = (RxContext->Flags & RX_CONTEXT_FLAG_BYPASS_VALIDOP_CHECK) != 0;
    NTSTATUS status = STATUS_SUCCESS;
    BOOLEAN starts;
    KIRQL irql;

    worker->Context = RxContext;
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
    worker->Context = NULL;
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
    ((RX_WORKER*)Parameter)->ThreadId = PsGetCurrentThreadId();
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
        RX_WORKER* worker = &RxWork.Workers[i];
        HANDLE handle;

        status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, NULL, RxpWorker, worker);
        if (!NT_SUCCESS(status)) break;
        /* Cannot fail: the handle is new, and the access of kernel mode is not checked. */
        ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &worker->Thread, NULL);
        ZwClose(handle);
    }
    if (!NT_SUCCESS(status)) RxpStopWorkers();
    return status;
}

VOID RxpStopWorkers(VOID) {
    ULONG i;

    KeReleaseSemaphore(&RxWork.Semaphore, IO_NO_INCREMENT, RX_WORKER_THREADS, FALSE);
    for (i = 0; i < RX_WORKER_THREADS; ++i) {
        PVOID thread = RxWork.Workers[i].Thread;

        if (thread == NULL) continue;
        KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(thread);
        RtlZeroMemory(&RxWork.Workers[i], sizeof(RX_WORKER));
    }
}
