/* SPDX-License-Identifier: Apache-2.0
 *
 * Building a view, and the share and server under it where they do not exist yet. The objects are linked
 * in transition under the prefix table's lock, so that a name is built once (C63); the lock is released while the
 * mini-redirector works. MRxCreateSrvCall and MRxCreateVNetRoot return PENDING and answer through a callback, exactly
 * once (C65).
 */
#include "rxp.h"

static VOID RxpSrvCallCallback(PMRX_SRVCALL_CALLBACK_CONTEXT Context) {
    RxLogEvent(RxEventAnswered, RxEventTag(Context->RxContext), 0, (ULONG)Context->Status,
               Context->SrvCall->SerialNumber);
    KeSetEvent(&Context->FinishEvent, IO_NO_INCREMENT, FALSE);
}

/* Both good, or the view's status, unless only the share's is bad. */
static NTSTATUS RxpNetRootResult(const MRX_CREATENETROOT_CONTEXT* Context) {
    return NT_SUCCESS(Context->VirtualNetRootStatus) ? Context->NetRootStatus : Context->VirtualNetRootStatus;
}

/* After the event is set the context may be gone. */
static VOID RxpNetRootCallback(PMRX_CREATENETROOT_CONTEXT Context) {
    RxLogEvent(RxEventAnswered, RxEventTag(Context->RxContext), 0, (ULONG)RxpNetRootResult(Context),
               Context->pVNetRoot->SerialNumber);
    KeSetEvent(&Context->FinishEvent, IO_NO_INCREMENT, FALSE);
}

static PSRV_CALL RxpAllocateSrvCall(PRDBSS_DEVICE_OBJECT RxDeviceObject, const UNICODE_STRING* Name) {
    PSRV_CALL call = RxpAllocateNode(sizeof(SRV_CALL) + Name->Length, RX_TAG_SRVCALL, RDBSS_NTC_SRVCALL);

    if (call == NULL) return NULL;
    call->FinalizeItem = IoAllocateWorkItem(RxDeviceObject->pDeviceObject);
    if (call->FinalizeItem == NULL) {
        RxpFreeNode(call, RX_TAG_SRVCALL);
        return NULL;
    }
    call->RxDeviceObject = RxDeviceObject;
    call->Condition = Condition_InTransition;
    call->Header.NodeReferenceCount = 1; /* the table's */
    KeInitializeEvent(&call->TransitionEvent, NotificationEvent, FALSE);
    RxpCopyName(&call->SrvCallName, call->NameBuffer, Name);
    return call;
}

static PNET_ROOT RxpAllocateNetRoot(const UNICODE_STRING* Name) {
    PNET_ROOT root = RxpAllocateNode(sizeof(NET_ROOT) + Name->Length, RX_TAG_NETROOT, RDBSS_NTC_NETROOT);

    if (root == NULL) return NULL;
    if (!NT_SUCCESS(ExInitializeResourceLite(&root->FcbTable.TableLock))) {
        RxpFreeNode(root, RX_TAG_NETROOT);
        return NULL;
    }
    InitializeListHead(&root->FcbTable.Fcbs);
    root->Condition = Condition_InTransition;
    root->Header.NodeReferenceCount = 1; /* the table's */
    KeInitializeEvent(&root->TransitionEvent, NotificationEvent, FALSE);
    RxpCopyName(&root->NetRootName, root->NameBuffer, Name);
    return root;
}

static PV_NET_ROOT RxpAllocateVNetRoot(const UNICODE_STRING* Name) {
    PV_NET_ROOT view = RxpAllocateNode(sizeof(V_NET_ROOT) + Name->Length, RX_TAG_V_NETROOT, RDBSS_NTC_V_NETROOT);

    if (view == NULL) return NULL;
    view->Condition = Condition_InTransition;
    view->Header.NodeReferenceCount = 2; /* the table's and the construction's */
    KeInitializeEvent(&view->TransitionEvent, NotificationEvent, FALSE);
    RxpCopyName(&view->Name, view->NameBuffer, Name);
    return view;
}

PRX_CONSTRUCTION RxpBeginConstruction(PRX_CONTEXT RxContext, const RX_NAME_PARTS* Parts) {
    PRX_CONSTRUCTION construction = ExAllocatePoolWithTag(NonPagedPool, sizeof(*construction), RX_TAG_CONSTRUCTION);
    PV_NET_ROOT view = RxpAllocateVNetRoot(&Parts->View);
    PNET_ROOT root = RxpFindNetRoot(&Parts->Share);
    PSRV_CALL call = root != NULL ? root->pSrvCall : RxpFindSrvCall(&Parts->Server);
    PNET_ROOT new_root = root == NULL ? RxpAllocateNetRoot(&Parts->Share) : NULL;
    PSRV_CALL new_call = call == NULL ? RxpAllocateSrvCall(RxContext->RxDeviceObject, &Parts->Server) : NULL;

    if (root == NULL) root = new_root;
    if (call == NULL) call = new_call;
    if (construction == NULL || view == NULL || root == NULL || call == NULL) {
        if (new_call != NULL) RxpFreeSrvCall(new_call);
        if (new_root != NULL) ExDeleteResourceLite(&new_root->FcbTable.TableLock);
        if (new_root != NULL) RxpFreeNode(new_root, RX_TAG_NETROOT);
        if (view != NULL) RxpFreeNode(view, RX_TAG_V_NETROOT);
        if (construction != NULL) ExFreePoolWithTag(construction, RX_TAG_CONSTRUCTION);
        return NULL;
    }
    if (new_call != NULL) {
        call->SerialNumber = ++RxNetNameTable.LastSrvCallSerialNumber;
        InsertTailList(&RxNetNameTable.SrvCalls, &call->PrefixEntry);
    }
    if (new_root != NULL) {
        root->SerialNumber = ++RxNetNameTable.LastNetRootSerialNumber;
        root->pSrvCall = call;
        InterlockedIncrement(&call->Header.NodeReferenceCount);
        InsertTailList(&RxNetNameTable.NetRoots, &root->PrefixEntry);
    }
    view->pNetRoot = root;
    view->LogonId = RxContext->LogonId;
    InterlockedIncrement(&root->Header.NodeReferenceCount);
    view->SerialNumber = ++RxNetNameTable.LastSerialNumber;
    InsertTailList(&RxNetNameTable.VNetRoots, &view->PrefixEntry);

    RtlZeroMemory(construction, sizeof(*construction));
    construction->CreatesSrvCall = new_call != NULL;
    construction->CreatesNetRoot = new_root != NULL;
    construction->SrvCallContext.SrvCall = call;
    construction->SrvCallContext.RxContext = RxContext;
    construction->SrvCallContext.Callback = RxpSrvCallCallback;
    construction->NetRootContext.pVNetRoot = view;
    construction->NetRootContext.RxContext = RxContext;
    construction->NetRootContext.Callback = RxpNetRootCallback;
    return construction;
}

/* The mini-redirector promised to return PENDING, whether it has called back already or not (C65). */
static VOID RxpRequirePending(NTSTATUS Status) {
    if (Status != STATUS_PENDING) KeBugCheckEx(RDR_FILE_SYSTEM, (ULONG_PTR)Status, 0, 0, 0);
}

/* Whoever finds the server in transition waits for the one who builds it. */
static NTSTATUS RxpConstructSrvCall(PRX_CONSTRUCTION Construction) {
    PMRX_SRVCALL_CALLBACK_CONTEXT context = &Construction->SrvCallContext;
    PSRV_CALL call = context->SrvCall;

    if (!Construction->CreatesSrvCall) {
        KeWaitForSingleObject(&call->TransitionEvent, Executive, KernelMode, FALSE, NULL);
        return call->Condition == Condition_Good ? STATUS_SUCCESS : STATUS_BAD_NETWORK_PATH; /* C67 */
    }
    KeInitializeEvent(&context->FinishEvent, NotificationEvent, FALSE);
    RxpRequirePending(call->RxDeviceObject->Dispatch->MRxCreateSrvCall(call, context));
    KeWaitForSingleObject(&context->FinishEvent, Executive, KernelMode, FALSE, NULL);
    RxpAcquirePrefixTable(TRUE);
    call->Condition = NT_SUCCESS(context->Status) ? Condition_Good : Condition_Bad;
    KeSetEvent(&call->TransitionEvent, IO_NO_INCREMENT, FALSE);
    RxpReleasePrefixTable();
    return context->Status;
}

/* What the view stands on: the share, if another builds it, or else the server. */
static NTSTATUS RxpConstructFoundation(PRX_CONSTRUCTION Construction) {
    PNET_ROOT root = Construction->NetRootContext.pVNetRoot->pNetRoot;

    if (Construction->CreatesNetRoot) return RxpConstructSrvCall(Construction);
    KeWaitForSingleObject(&root->TransitionEvent, Executive, KernelMode, FALSE, NULL);
    return root->Condition == Condition_Good ? STATUS_SUCCESS : STATUS_BAD_NETWORK_PATH; /* C67 */
}

NTSTATUS RxpConstruct(PRX_CONSTRUCTION Construction) {
    PMRX_CREATENETROOT_CONTEXT context = &Construction->NetRootContext;
    NTSTATUS status = RxpConstructFoundation(Construction);

    if (!NT_SUCCESS(status)) {
        context->NetRootStatus = status;
        return status;
    }
    KeInitializeEvent(&context->FinishEvent, NotificationEvent, FALSE);
    RxpRequirePending(context->pVNetRoot->pNetRoot->pSrvCall->RxDeviceObject->Dispatch->MRxCreateVNetRoot(context));
    KeWaitForSingleObject(&context->FinishEvent, Executive, KernelMode, FALSE, NULL);
    return RxpNetRootResult(context);
}

/* Makes the outcome known and wakes who waits; they find the view usable, or Bad and fail (C64). A share may be Good
 * although the view that it was built for is Bad. */
VOID RxpEndConstruction(PRX_CONSTRUCTION Construction, NTSTATUS Status) {
    PMRX_CREATENETROOT_CONTEXT context = &Construction->NetRootContext;
    PV_NET_ROOT view = context->pVNetRoot;
    PNET_ROOT root = view->pNetRoot;

    if (Construction->CreatesNetRoot) {
        root->Condition = NT_SUCCESS(context->NetRootStatus) ? Condition_Good : Condition_Bad;
        KeSetEvent(&root->TransitionEvent, IO_NO_INCREMENT, FALSE);
    }
    if (NT_SUCCESS(Status)) {
        view->Condition = Condition_Good;
    } else {
        view->Condition = Condition_Bad;
        RxpRemoveVNetRootName(view);
        RxLogEvent(RxEventBad, RxEventTag(context->RxContext), 0, (ULONG)Status, view->SerialNumber);
    }
    KeSetEvent(&view->TransitionEvent, IO_NO_INCREMENT, FALSE);
    ExFreePoolWithTag(Construction, RX_TAG_CONSTRUCTION);
}
