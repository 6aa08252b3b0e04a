/* SPDX-License-Identifier: Apache-2.0
 *
 * What the engine asks of the mini-redirector. The network that the probe plays has every server, share and path but a
 * few (rxprobe_protocol.h), and may withhold its answer to a connect until RELEASE: that to the first question, where
 * the server is not known, and that to the last one otherwise.
 */
#include "probe.h"

/* Whether Name begins with Prefix, which has Length bytes. */
static BOOLEAN ProbeBeginsWith(UNICODE_STRING Name, const WCHAR* Prefix, USHORT Length) {
    UNICODE_STRING prefix = {Length, Length, (PWSTR)Prefix};

    if (Name.Length > Length) Name.Length = Length;
    return RxEqualNames(&Name, &prefix);
}

#define PROBE_BEGINS_WITH(Name, Prefix) ProbeBeginsWith(Name, L"" Prefix, sizeof(L"" Prefix) - sizeof(WCHAR))

/* The part of Name after its first Skip bytes and a backslash. */
static UNICODE_STRING ProbeComponent(const UNICODE_STRING* Name, USHORT Skip) {
    UNICODE_STRING component = *Name;

    component.Buffer += Skip / sizeof(WCHAR) + 1;
    component.Length -= Skip + sizeof(WCHAR);
    return component;
}

static BOOLEAN ProbeIsHeld(PRX_CONTEXT RxContext) {
    return ((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_HOLD) != 0;
}

/* An open is held in MRxCreate, and not while a connection is built for it. */
static BOOLEAN ProbeIsHeldConnect(PRX_CONTEXT RxContext) {
    return RxContext->MajorFunction != IRP_MJ_CREATE && ProbeIsHeld(RxContext);
}

static VOID ProbeHold(PLIST_ENTRY List, PLIST_ENTRY Entry, ULONG Tag) {
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    InsertTailList(List, Entry);
    RxLogEvent(RxEventHeld, Tag, 0, 0, 0);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
}

static NTSTATUS ProbeCreateSrvCall(PMRX_SRV_CALL SrvCall, PMRX_SRVCALL_CALLBACK_CONTEXT Context) {
    const ULONG tag = RxEventTag(Context->RxContext);
    const BOOLEAN nowhere = PROBE_BEGINS_WITH(ProbeComponent(&SrvCall->SrvCallName, 0), RXPROBE_NOWHERE_SERVER);

    RxLogEvent(RxEventCreateSrvCall, tag, 0, 0, SrvCall->SerialNumber);
    SrvCall->MaximumNumberOfCloseDelayedFiles = RXPROBE_MAX_CLOSE_DELAYED;
    Context->Status = nowhere ? STATUS_BAD_NETWORK_PATH : ProbeBuildTransport(tag, SrvCall);
    if (nowhere && ProbeIsHeldConnect(Context->RxContext)) {
        ProbeHold(&ProbeHeldSrvCalls, &Context->WorkQueueItem, tag);
    } else {
        Context->Callback(Context);
    }
    return STATUS_PENDING; /* by contract, even if the answer was given already (C65) */
}

static BOOLEAN ProbeIsDaemons(PMRX_SRV_CALL SrvCall) {
    return PROBE_BEGINS_WITH(ProbeComponent(&SrvCall->SrvCallName, 0), RXPROBE_DAEMON_SERVER);
}

/* By the daemon. A share that it does not have, or a view that it refuses, is not mounted. */
static VOID ProbeMountView(PMRX_CREATENETROOT_CONTEXT Context, ULONG Tag) {
    const BOOLEAN good = NT_SUCCESS(Context->NetRootStatus);
    const NTSTATUS status =
        ProbeMount(Tag, Context->pVNetRoot, good ? Context->VirtualNetRootStatus : Context->NetRootStatus);

    if (good) Context->VirtualNetRootStatus = status;
}

static NTSTATUS ProbeCreateVNetRoot(PMRX_CREATENETROOT_CONTEXT Context) {
    const ULONG tag = RxEventTag(Context->RxContext);
    PMRX_V_NET_ROOT view = Context->pVNetRoot;
    PMRX_NET_ROOT root = view->pNetRoot;
    const UNICODE_STRING share = ProbeComponent(&root->NetRootName, root->pSrvCall->SrvCallName.Length);

    /* Only who builds the share finds it in transition: others wait for that one. */
    if (root->Condition == Condition_InTransition) RxLogEvent(RxEventCreateNetRoot, tag, 0, 0, root->SerialNumber);
    RxLogEvent(RxEventCreateVNetRoot, tag, 0, 0, view->SerialNumber);
    Context->NetRootStatus = PROBE_BEGINS_WITH(share, RXPROBE_BAD_SHARE) ? STATUS_BAD_NETWORK_NAME : STATUS_SUCCESS;
    Context->VirtualNetRootStatus =
        PROBE_BEGINS_WITH(share, RXPROBE_LOCKED_SHARE) ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
    if (PROBE_BEGINS_WITH(share, RXPROBE_CONFLICT_SHARE) && Context->RxContext->MRxContext[2] == NULL) {
        Context->RxContext->MRxContext[2] = Context->RxContext; /* its second attempt is let through */
        Context->VirtualNetRootStatus = STATUS_NETWORK_CREDENTIAL_CONFLICT;
    }
    if (ProbeIsDaemons(root->pSrvCall)) {
        ProbeMountView(Context, tag);
        Context->Callback(Context);
    } else if (ProbeIsHeldConnect(Context->RxContext)) {
        ProbeHold(&ProbeHeld, &Context->WorkQueueItem, tag);
    } else {
        Context->Callback(Context);
    }
    return STATUS_PENDING;
}

/* The answers of this one and the next are an objection that changes nothing: an engine that heeds it is seen (C25). */
static NTSTATUS ProbeFinalizeVNetRoot(PMRX_V_NET_ROOT VNetRoot, BOOLEAN ForceDisconnect) {
    if (ProbeIsOfRoutine(&VNetRoot->Name)) return STATUS_SUCCESS;
    RxLogEvent(RxEventFinalizeVNetRoot, 0, 0, ForceDisconnect, VNetRoot->SerialNumber);
    ProbeUnmount(VNetRoot);
    return STATUS_CONNECTION_IN_USE;
}

static NTSTATUS ProbeFinalizeNetRoot(PMRX_NET_ROOT NetRoot, BOOLEAN ForceDisconnect) {
    if (ProbeIsOfRoutine(&NetRoot->NetRootName)) return STATUS_SUCCESS;
    RxLogEvent(RxEventFinalizeNetRoot, 0, 0, ForceDisconnect, NetRoot->SerialNumber);
    return STATUS_CONNECTION_IN_USE;
}

static NTSTATUS ProbeFinalizeSrvCall(PMRX_SRV_CALL SrvCall, BOOLEAN Force) {
    UNREFERENCED_PARAMETER(Force);
    ProbeEndTransport(SrvCall);
    if (ProbeIsOfRoutine(&SrvCall->SrvCallName)) return STATUS_SUCCESS;
    RxLogEvent(RxEventFinalizeSrvCall, 0, 0, 0, SrvCall->SerialNumber);
    return STATUS_SUCCESS;
}

static BOOLEAN ProbeKeeps(const RX_CONTEXT* RxContext) {
    return ((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_KEEP) != 0;
}

static NTSTATUS ProbeShouldTryToCollapseThisOpen(PRX_CONTEXT RxContext) {
    return ProbeKeeps(RxContext) ? STATUS_SUCCESS : STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS ProbeCollapseOpen(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventCollapseOpen, RxEventTag(RxContext), 0, 0, RxContext->Create.pVNetRoot->SerialNumber);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeIsValidDirectory(PRX_CONTEXT RxContext, PUNICODE_STRING DirectoryName) {
    const NTSTATUS status =
        PROBE_BEGINS_WITH(*DirectoryName, RXPROBE_DENIED_PATH) ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;

    RxLogEvent(RxEventIsValidDirectory, RxEventTag(RxContext), 0, (ULONG)status,
               RxContext->Create.pVNetRoot->SerialNumber);
    return status;
}

static NTSTATUS ProbeCreate(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventCreate, RxEventTag(RxContext), 0, 0, RxContext->Create.pVNetRoot->SerialNumber);
    if (((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_RETRY) != 0 && RxContext->MRxContext[3] == NULL) {
        RxContext->MRxContext[3] = RxContext; /* once; the words of a mini-redirector outlive the attempt */
        return STATUS_SHARING_VIOLATION;
    }
    if (ProbeIsHeld(RxContext)) {
        NTSTATUS status = ProbeHoldOpen(RxContext);

        if (!NT_SUCCESS(status)) return status;
    }
    if (ProbeKeeps(RxContext)) RxContext->pRelevantSrvOpen->BufferingFlags |= FCB_STATE_COLLAPSING_ENABLED;
    if (PROBE_BEGINS_WITH(RxContext->Create.RemainingName, RXPROBE_DENIED_PATH)) return STATUS_ACCESS_DENIED;
    if (!ProbeIsDaemons(RxContext->Create.pVNetRoot->pNetRoot->pSrvCall)) return STATUS_SUCCESS;
    return ProbeOpenFile(RxContext->pRelevantSrvOpen, RxContext->Create.pVNetRoot);
}

static NTSTATUS ProbeCleanupFobx(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventCleanupFobx, RxEventTag(RxContext), 0, 0, 0);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeCloseSrvOpen(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventCloseSrvOpen, RxEventTag(RxContext), 0, 0, 0);
    ProbeCloseFile(RxContext->pRelevantSrvOpen);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeLowIoWrite(PRX_CONTEXT RxContext) {
    RxLogEvent(RxEventLowIoWrite, RxEventTag(RxContext), 0, 0, 0);
    return STATUS_SUCCESS;
}

const MINIRDR_DISPATCH ProbeMiniRdrDispatch = {
    .MRxCreateSrvCall = ProbeCreateSrvCall,
    .MRxCreateVNetRoot = ProbeCreateVNetRoot,
    .MRxIsValidDirectory = ProbeIsValidDirectory,
    .MRxFinalizeVNetRoot = ProbeFinalizeVNetRoot,
    .MRxFinalizeNetRoot = ProbeFinalizeNetRoot,
    .MRxFinalizeSrvCall = ProbeFinalizeSrvCall,
    .MRxShouldTryToCollapseThisOpen = ProbeShouldTryToCollapseThisOpen,
    .MRxCollapseOpen = ProbeCollapseOpen,
    .MRxCreate = ProbeCreate,
    .MRxCleanupFobx = ProbeCleanupFobx,
    .MRxCloseSrvOpen = ProbeCloseSrvOpen,
    .MRxLowIOSubmit = {[LOWIO_OP_READ] = ProbeLowIoPend,
                       [LOWIO_OP_WRITE] = ProbeLowIoWrite,
                       [LOWIO_OP_NOTIFY_CHANGE_DIRECTORY] = ProbeLowIoPend},
    .MRxDevFcbXXXControlFile = ProbeDevFcbXXXControlFile,
    .NamedCancelRoutines = {[RXPROBE_ROUTINE_A] = ProbeCancelRoutineA,
                            [RXPROBE_ROUTINE_B] = ProbeCancelRoutineB,
                            [RXPROBE_ROUTINE_C] = ProbeCancelRoutineC},
};
