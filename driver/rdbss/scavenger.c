/* SPDX-License-Identifier: Apache-2.0
 *
 * Collapsed opens and delayed closes. The last close of an SRV_OPEN that may be shared leaves its FOBX dormant: the
 * handle is gone, the server's stays open for whoever opens the path next. A timer closes what nobody wanted; a
 * deletion closes what is dormant on its view before it judges whether that is busy (C10).
 *
 * Whose a dormant FOBX is, is decided under RxStrucSupSpinLock: who takes it out of the list, be it an open, the
 * timer's line or a deletion, is the only one to touch it, and from there on it does not count on its view as one to be
 * closed.
 */
#include "rxp.h"

#define RX_SCAVENGER_INTERVAL_SECONDS 10
#define RX_SECOND 10000000LL /* in units of 100 ns */

static struct {
    LIST_ENTRY DormantFobxs; /* S; oldest first */
    BOOLEAN TimerArmed;      /* S; until the line that the timer set going finds nothing left */
    KTIMER Timer;
    KDPC Dpc;
    KSEMAPHORE Semaphore; /* one unit a time that the timer ran out; on unload one more */
    PVOID Thread;         /* of its own: the workers may all be waiting for the server */
    BOOLEAN Stopping;     /* written before the last unit */
    ERESOURCE Resource;   /* outermost; held exclusive by the timer's line while it closes */
} RxScavenger;

_Requires_lock_held_(RxStrucSupSpinLock) static VOID RxpUnlinkDormantFobx(PFOBX Fobx) {
    PSRV_OPEN open = Fobx->pSrvOpen;

    RemoveEntryList(&Fobx->ScavengerEntry);
    Fobx->Flags &= ~FOBX_FLAG_MARKED_AS_DORMANT;
    open->Flags &= ~SRVOPEN_FLAG_CLOSE_DELAYED;
    --open->pVNetRoot->pNetRoot->pSrvCall->NumberOfCloseDelayedFiles;
    InterlockedDecrement(&open->pVNetRoot->NumberOfFobxs);
}

/* A handle more or less, an open that finds the SRV_OPEN, and its end are decided in one section each. */
RX_SRV_OPEN_FATE RxpLeaveSrvOpen(PRX_CONTEXT RxContext, PFOBX Fobx) {
    PSRV_OPEN open = Fobx->pSrvOpen;
    PV_NET_ROOT view = open->pVNetRoot;
    PSRV_CALL call = view->pNetRoot->pSrvCall;
    const ULONG tag = RxEventTag(RxContext);
    const ULONG target = RxContext->FileObject->EventTarget;
    LARGE_INTEGER due;
    RX_SRV_OPEN_FATE fate = RxSrvOpenLast;
    KIRQL irql;

    due.QuadPart = -RX_SCAVENGER_INTERVAL_SECONDS * RX_SECOND;
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (open->OpenCount > 1) {
        fate = RxSrvOpenShared;
        --open->OpenCount;
        InterlockedDecrement(&view->NumberOfFobxs);
        RxLogEvent(RxEventClose, tag, target, 0, view->SerialNumber);
    } else if ((open->BufferingFlags & FCB_STATE_COLLAPSING_ENABLED) != 0 &&
               (open->Flags & SRVOPEN_FLAG_ORPHANED) == 0 && !view->Deleted &&
               call->NumberOfCloseDelayedFiles < call->MaximumNumberOfCloseDelayedFiles &&
               call->RxDeviceObject->State == RDBSS_STARTED) {
        fate = RxSrvOpenDormant;
        InterlockedDecrement(&view->pNetRoot->NumberOfSrvOpens);
        ++call->NumberOfCloseDelayedFiles;
        open->Flags |= SRVOPEN_FLAG_CLOSE_DELAYED;
        open->pDormantFobx = Fobx;
        Fobx->Flags |= FOBX_FLAG_MARKED_AS_DORMANT;
        InsertTailList(&RxScavenger.DormantFobxs, &Fobx->ScavengerEntry);
        if (!RxScavenger.TimerArmed) {
            RxScavenger.TimerArmed = TRUE;
            KeSetTimer(&RxScavenger.Timer, due, &RxScavenger.Dpc);
        }
        RxLogEvent(RxEventDormant, tag, target, 0, view->SerialNumber);
    } else {
        open->Flags |= SRVOPEN_FLAG_CLOSED;
        RemoveEntryList(&open->SrvOpenEntry);
        InterlockedDecrement(&view->pNetRoot->NumberOfSrvOpens);
    }
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return fate;
}

PFOBX RxpCollapseOpen(PRX_CONTEXT RxContext, PFOBX Fobx) {
    PFCB fcb = RxContext->pFcb;
    PV_NET_ROOT view = RxContext->Create.pVNetRoot;
    PFOBX fobx = NULL;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    for (entry = fcb->SrvOpenList.Flink; entry != &fcb->SrvOpenList; entry = entry->Flink) {
        PSRV_OPEN open = CONTAINING_RECORD(entry, SRV_OPEN, SrvOpenEntry);

        if (open->pVNetRoot != view || open->CreateOptions != RxContext->Create.CreateOptions ||
            (open->BufferingFlags & FCB_STATE_COLLAPSING_ENABLED) == 0 ||
            (open->Flags & (SRVOPEN_FLAG_CLOSED | SRVOPEN_FLAG_ORPHANED)) != 0) {
            continue;
        }
        if ((open->Flags & SRVOPEN_FLAG_CLOSE_DELAYED) != 0) {
            fobx = open->pDormantFobx;
            RxpUnlinkDormantFobx(fobx);
            InterlockedIncrement(&view->pNetRoot->NumberOfSrvOpens);
            /* The dormant one's. It is not the last: the open that goes on with it has its own. */
            InterlockedDecrement(&view->Header.NodeReferenceCount);
        } else {
            fobx = Fobx;
            fobx->pSrvOpen = open;
            ++open->OpenCount;
        }
        RxLogEvent(RxEventCollapse, RxEventTag(RxContext), open->EventTarget, 0, view->SerialNumber);
        break;
    }
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return fobx;
}

/* One that is dormant, the oldest first, taken out of the list and no longer counted on its view. No open finds its
 * SRV_OPEN any more. */
static PFOBX RxpTakeDormantFobx(PRDBSS_DEVICE_OBJECT RxDeviceObject, const V_NET_ROOT* VNetRoot) {
    PFOBX fobx = NULL;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    for (entry = RxScavenger.DormantFobxs.Flink; entry != &RxScavenger.DormantFobxs; entry = entry->Flink) {
        PFOBX candidate = CONTAINING_RECORD(entry, FOBX, ScavengerEntry);
        PV_NET_ROOT view = candidate->pSrvOpen->pVNetRoot;

        if (VNetRoot != NULL ? view != VNetRoot
                             : RxDeviceObject != NULL && view->pNetRoot->pSrvCall->RxDeviceObject != RxDeviceObject) {
            continue;
        }
        fobx = candidate;
        RxpUnlinkDormantFobx(fobx);
        fobx->pSrvOpen->Flags |= SRVOPEN_FLAG_CLOSED;
        RemoveEntryList(&fobx->pSrvOpen->SrvOpenEntry);
        RxLogEvent(RxEventScavenge, 0, fobx->pSrvOpen->EventTarget, 0, view->SerialNumber);
        break;
    }
    if (fobx == NULL && RxDeviceObject == NULL) RxScavenger.TimerArmed = FALSE;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return fobx;
}

BOOLEAN RxpHasDormantFobx(const V_NET_ROOT* VNetRoot) {
    BOOLEAN found = FALSE;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    for (entry = RxScavenger.DormantFobxs.Flink; entry != &RxScavenger.DormantFobxs; entry = entry->Flink)
        if (CONTAINING_RECORD(entry, FOBX, ScavengerEntry)->pSrvOpen->pVNetRoot == VNetRoot) found = TRUE;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return found;
}

/* Of all mini-redirectors if none is given, as only the timer's line does. */
VOID RxpScavenge(PRDBSS_DEVICE_OBJECT RxDeviceObject, const V_NET_ROOT* VNetRoot) {
    RX_CONTEXT context; /* of nobody's request: it lives as long as the calldown */
    PFOBX fobx;

    while ((fobx = RxpTakeDormantFobx(RxDeviceObject, VNetRoot)) != NULL) {
        PSRV_OPEN open = fobx->pSrvOpen;
        PV_NET_ROOT view = open->pVNetRoot;

        RxInitializeContext(NULL, view->pNetRoot->pSrvCall->RxDeviceObject, RX_CONTEXT_FLAG_WAIT, &context);
        context.MajorFunction = IRP_MJ_CLOSE;
        context.pFcb = open->pFcb;
        context.pFobx = fobx;
        context.pRelevantSrvOpen = open;
        RxpCloseSrvOpen(&context, fobx);
        RxpAcquirePrefixTable(TRUE);
        RxpDereferenceVNetRoot(view);
        RxpReleasePrefixTable();
    }
}

static VOID RxpScavengerThread(PVOID Parameter) {
    UNREFERENCED_PARAMETER(Parameter);
    KeEnterCriticalRegion(); /* for the ERESOURCEs; this thread never wants any APC */
    for (;;) {
        KeWaitForSingleObject(&RxScavenger.Semaphore, Executive, KernelMode, FALSE, NULL);
        if (RxScavenger.Stopping) break;
        ExAcquireResourceExclusiveLite(&RxScavenger.Resource, TRUE);
        RxpScavenge(NULL, NULL);
        ExReleaseResourceLite(&RxScavenger.Resource);
    }
    KeLeaveCriticalRegion();
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID NTAPI RxpScavengerTimer(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) {
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeReleaseSemaphore(&RxScavenger.Semaphore, IO_NO_INCREMENT, 1, FALSE);
}

VOID RxpSynchronizeWithScavenger(VOID) {
    ExAcquireResourceExclusiveLite(&RxScavenger.Resource, TRUE);
    ExReleaseResourceLite(&RxScavenger.Resource);
}

NTSTATUS RxpInitializeScavenger(VOID) {
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle;
    NTSTATUS status;

    InitializeListHead(&RxScavenger.DormantFobxs);
    RxScavenger.TimerArmed = FALSE;
    KeInitializeTimer(&RxScavenger.Timer);
    KeInitializeDpc(&RxScavenger.Dpc, RxpScavengerTimer, NULL);
    KeInitializeSemaphore(&RxScavenger.Semaphore, 0, MAXLONG);
    RxScavenger.Stopping = FALSE;
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ExInitializeResourceLite(&RxScavenger.Resource);
    if (!NT_SUCCESS(status)) return status;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, NULL, RxpScavengerThread, NULL);
    if (!NT_SUCCESS(status)) {
        ExDeleteResourceLite(&RxScavenger.Resource);
        return status;
    }
    /* Cannot fail: the handle is new, and the access of kernel mode is not checked. */
    ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &RxScavenger.Thread, NULL);
    ZwClose(handle);
    return STATUS_SUCCESS;
}

VOID RxpStopScavengerTimer(VOID) {
    KeCancelTimer(&RxScavenger.Timer);
    KeFlushQueuedDpcs();
}

VOID RxpFreeScavenger(VOID) {
    RxScavenger.Stopping = TRUE;
    KeReleaseSemaphore(&RxScavenger.Semaphore, IO_NO_INCREMENT, 1, FALSE);
    KeWaitForSingleObject(RxScavenger.Thread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(RxScavenger.Thread);
    ExDeleteResourceLite(&RxScavenger.Resource);
}
