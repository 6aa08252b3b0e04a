/* SPDX-License-Identifier: Apache-2.0
 *
 * What the engine asks of the mini-redirector. The server that the probe plays has every name, and every path but the
 * denied ones.
 */
#include "probe.h"

static NTSTATUS ProbeCreateSrvCall(PMRX_SRV_CALL SrvCall, PMRX_SRVCALL_CALLBACK_CONTEXT Context) {
    UNREFERENCED_PARAMETER(SrvCall);
    RxLogEvent(RxEventCreateSrvCall, RxEventTag(Context->RxContext), 0, 0, 0);
    Context->Status = STATUS_SUCCESS;
    Context->Callback(Context);
    return STATUS_PENDING; /* by contract, even if the answer was given already (C65) */
}

/* The server's answer may be withheld until RELEASE. */
static NTSTATUS ProbeCreateVNetRoot(PMRX_CREATENETROOT_CONTEXT Context) {
    const ULONG tag = RxEventTag(Context->RxContext);
    KIRQL irql;

    RxLogEvent(RxEventCreateVNetRoot, tag, 0, 0, Context->pVNetRoot->SerialNumber);
    Context->NetRootStatus = STATUS_SUCCESS;
    Context->VirtualNetRootStatus = STATUS_SUCCESS;
    if (((ULONG)(ULONG_PTR)Context->RxContext->MRxContext[1] & RXPROBE_FLAG_HOLD) != 0) {
        KeAcquireSpinLock(&ProbeSpinLock, &irql);
        InsertTailList(&ProbeHeld, &Context->WorkQueueItem);
        RxLogEvent(RxEventHeld, tag, 0, 0, 0);
        KeReleaseSpinLock(&ProbeSpinLock, irql);
    } else {
        Context->Callback(Context);
    }
    return STATUS_PENDING;
}

NTSTATUS ProbeRelease(ULONG Tag, const UNICODE_STRING* Name) {
    PMRX_CREATENETROOT_CONTEXT context = NULL;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    for (entry = ProbeHeld.Flink; entry != &ProbeHeld; entry = entry->Flink) {
        PMRX_CREATENETROOT_CONTEXT candidate = CONTAINING_RECORD(entry, MRX_CREATENETROOT_CONTEXT, WorkQueueItem);

        if (!RxEqualNames(&candidate->pVNetRoot->Name, Name)) continue;
        context = candidate;
        RemoveEntryList(entry);
        RxLogEvent(RxEventReleased, Tag, RxEventTag(context->RxContext), 0, 0);
        break;
    }
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    if (context == NULL) return STATUS_NOT_FOUND;
    context->Callback(context);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeFinalizeVNetRoot(PMRX_V_NET_ROOT VNetRoot, BOOLEAN ForceDisconnect) {
    UNREFERENCED_PARAMETER(ForceDisconnect);
    RxLogEvent(RxEventFinalizeVNetRoot, 0, 0, 0, VNetRoot->SerialNumber);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeFinalizeNetRoot(PMRX_NET_ROOT NetRoot, BOOLEAN ForceDisconnect) {
    UNREFERENCED_PARAMETER(NetRoot);
    UNREFERENCED_PARAMETER(ForceDisconnect);
    RxLogEvent(RxEventFinalizeNetRoot, 0, 0, 0, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeFinalizeSrvCall(PMRX_SRV_CALL SrvCall, BOOLEAN Force) {
    UNREFERENCED_PARAMETER(SrvCall);
    UNREFERENCED_PARAMETER(Force);
    RxLogEvent(RxEventFinalizeSrvCall, 0, 0, 0, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeCreate(PRX_CONTEXT RxContext) {
    static const WCHAR denied[] = L"" RXPROBE_DENIED_PATH;
    UNICODE_STRING prefix = {sizeof(denied) - sizeof(WCHAR), sizeof(denied), (PWSTR)denied};
    UNICODE_STRING path = RxContext->Create.RemainingName;

    RxLogEvent(RxEventCreate, RxEventTag(RxContext), 0, 0, RxContext->Create.pVNetRoot->SerialNumber);
    if (path.Length > prefix.Length) path.Length = prefix.Length;
    return RxEqualNames(&path, &prefix) ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
}

static NTSTATUS ProbeCleanupFobx(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventCleanupFobx, RxEventTag(RxContext), 0, 0, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeCloseSrvOpen(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventCloseSrvOpen, RxEventTag(RxContext), 0, 0, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeLowIoWrite(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventLowIoWrite, RxEventTag(RxContext), 0, 0, 0);
    return STATUS_SUCCESS;
}

const MINIRDR_DISPATCH ProbeMiniRdrDispatch = {
    .MRxCreateSrvCall = ProbeCreateSrvCall,
    .MRxCreateVNetRoot = ProbeCreateVNetRoot,
    .MRxFinalizeVNetRoot = ProbeFinalizeVNetRoot,
    .MRxFinalizeNetRoot = ProbeFinalizeNetRoot,
    .MRxFinalizeSrvCall = ProbeFinalizeSrvCall,
    .MRxCreate = ProbeCreate,
    .MRxCleanupFobx = ProbeCleanupFobx,
    .MRxCloseSrvOpen = ProbeCloseSrvOpen,
    .MRxLowIOSubmit = {[LOWIO_OP_READ] = ProbeLowIoPend,
                       [LOWIO_OP_WRITE] = ProbeLowIoWrite,
                       [LOWIO_OP_NOTIFY_CHANGE_DIRECTORY] = ProbeLowIoPend},
    .MRxDevFcbXXXControlFile = ProbeDevFcbXXXControlFile,
    .NamedCancelRoutines = {[RXPROBE_ROUTINE_A] = ProbeCancelRoutineA, [RXPROBE_ROUTINE_B] = ProbeCancelRoutineB},
};
