/* SPDX-License-Identifier: Apache-2.0
 *
 * The last references of views, shares and servers. A name in
 * the table is one reference. A view that nobody but the table holds is of no use to anybody and goes at once; the
 * documentation's scavenger would come later for it. All of this happens with the prefix table held exclusive.
 */
#include "rxp.h"

VOID RxpFreeSrvCall(PSRV_CALL SrvCall) {
    IoFreeWorkItem(SrvCall->FinalizeItem);
    RxpFreeNode(SrvCall, RX_TAG_SRVCALL);
}

/* On a system thread, with no lock held: the mini-redirector may talk to the server. */
static VOID RxpFinalizeSrvCallWorker(PDEVICE_OBJECT DeviceObject, PVOID Context) {
    PSRV_CALL call = Context;
    PRDBSS_DEVICE_OBJECT device = call->RxDeviceObject;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    device->Dispatch->MRxFinalizeSrvCall(call, FALSE);
    RxpFreeSrvCall(call);
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (--device->NumberOfFinalizingSrvCalls == 0) KeSetEvent(&device->SrvCallsGoneEvent, IO_NO_INCREMENT, FALSE);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}

VOID RxpAwaitSrvCalls(PRDBSS_DEVICE_OBJECT RxDeviceObject) {
    BOOLEAN some;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    some = RxDeviceObject->NumberOfFinalizingSrvCalls != 0;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (some) KeWaitForSingleObject(&RxDeviceObject->SrvCallsGoneEvent, Executive, KernelMode, FALSE, NULL);
}

/* The name goes before the callout, which is left to a system thread: whoever connects meanwhile builds another server
 * (C38). */
BOOLEAN RxFinalizeSrvCall(PSRV_CALL ThisSrvCall, BOOLEAN RecursiveFinalize, BOOLEAN ForceFinalize) {
    PRDBSS_DEVICE_OBJECT device = ThisSrvCall->RxDeviceObject;
    KIRQL irql;

    UNREFERENCED_PARAMETER(RecursiveFinalize);
    UNREFERENCED_PARAMETER(ForceFinalize);
    if (ThisSrvCall->Header.NodeReferenceCount != 1) return FALSE;
    RemoveEntryList(&ThisSrvCall->PrefixEntry);
    if (ThisSrvCall->Condition != Condition_Good) {
        RxpFreeSrvCall(ThisSrvCall);
        return TRUE;
    }
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    ++device->NumberOfFinalizingSrvCalls;
    KeClearEvent(&device->SrvCallsGoneEvent);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    IoQueueWorkItem(ThisSrvCall->FinalizeItem, RxpFinalizeSrvCallWorker, DelayedWorkQueue, ThisSrvCall);
    return TRUE;
}

BOOLEAN RxFinalizeNetRoot(PNET_ROOT ThisNetRoot, BOOLEAN RecursiveFinalize, BOOLEAN ForceFinalize) {
    PSRV_CALL call = ThisNetRoot->pSrvCall;

    UNREFERENCED_PARAMETER(RecursiveFinalize);
    UNREFERENCED_PARAMETER(ForceFinalize);
    if ((ThisNetRoot->Flags & NETROOT_FLAG_FINALIZATION_IN_PROGRESS) != 0) return FALSE; /* C45 */
    ThisNetRoot->Flags |= NETROOT_FLAG_FINALIZATION_IN_PROGRESS;
    if (ThisNetRoot->Header.NodeReferenceCount != 1) {
        ThisNetRoot->Flags &= ~NETROOT_FLAG_FINALIZATION_IN_PROGRESS;
        return FALSE;
    }
    RemoveEntryList(&ThisNetRoot->PrefixEntry);
    if (ThisNetRoot->Condition == Condition_Good && (ThisNetRoot->Flags & RX_NETROOT_FLAG_MINIRDR_FINALIZED) == 0) {
        call->RxDeviceObject->Dispatch->MRxFinalizeNetRoot(ThisNetRoot, FALSE);
    }
    ExDeleteResourceLite(&ThisNetRoot->FcbTable.TableLock);
    RxpFreeNode(ThisNetRoot, RX_TAG_NETROOT);
    InterlockedDecrement(&call->Header.NodeReferenceCount);
    RxFinalizeSrvCall(call, FALSE, FALSE);
    return TRUE;
}

/* The variant of C26: for the last view of a share, the share's callout before the view's. */
static VOID RxpFinalizeNetRootFirst(PNET_ROOT NetRoot) {
    if (NetRoot->Header.NodeReferenceCount != 2) return; /* the table's, and that of the view which ends */
    NetRoot->Flags |= RX_NETROOT_FLAG_MINIRDR_FINALIZED;
    NetRoot->pSrvCall->RxDeviceObject->Dispatch->MRxFinalizeNetRoot(NetRoot, FALSE);
}

/* REQUIRES: no reference is left. Clause C24: MRxFinalizeVNetRoot exactly once, at this moment. */
static VOID RxpFreeVNetRoot(PV_NET_ROOT VNetRoot) {
    PNET_ROOT root = VNetRoot->pNetRoot;

    if (VNetRoot->Condition == Condition_Good) {
        if (RxpHasVariant(NET_ROOT_FIRST)) RxpFinalizeNetRootFirst(root);
        root->pSrvCall->RxDeviceObject->Dispatch->MRxFinalizeVNetRoot(VNetRoot, FALSE);
    }
    RxpFreeNode(VNetRoot, RX_TAG_V_NETROOT);
    InterlockedDecrement(&root->Header.NodeReferenceCount);
    RxFinalizeNetRoot(root, FALSE, FALSE);
}

VOID RxpRemoveVNetRootName(PV_NET_ROOT VNetRoot) {
    RemoveEntryList(&VNetRoot->PrefixEntry);
    VNetRoot->UpperFinalizationDone = TRUE;
    InterlockedDecrement(&VNetRoot->Header.NodeReferenceCount);
}

/* Without force a no-op unless nobody but the table holds the view (C44). With force the name goes, the opens are
 * orphaned, and the add-connection reference is dropped, which nobody could drop any more; the memory goes with the
 * last reference. TRUE: the view is gone. */
BOOLEAN RxFinalizeVNetRoot(PV_NET_ROOT ThisVNetRoot, BOOLEAN RecursiveFinalize, BOOLEAN ForceFinalize) {
    UNREFERENCED_PARAMETER(RecursiveFinalize);
    if (ForceFinalize) {
        KIRQL irql;

        ExAcquireResourceExclusiveLite(&ThisVNetRoot->pNetRoot->FcbTable.TableLock, TRUE);
        KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
        RxpOrphanSrvOpens(ThisVNetRoot);
        RxLogEvent(RxEventOrphan, 0, 0, 0, ThisVNetRoot->SerialNumber);
        KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
        ExReleaseResourceLite(&ThisVNetRoot->pNetRoot->FcbTable.TableLock);
    } else if (ThisVNetRoot->UpperFinalizationDone || ThisVNetRoot->Header.NodeReferenceCount != 1) {
        return FALSE;
    }
    if (ForceFinalize && ThisVNetRoot->AdditionalReferenceForDeleteFsctlTaken != 0) {
        ThisVNetRoot->AdditionalReferenceForDeleteFsctlTaken = 0;
        InterlockedDecrement(&ThisVNetRoot->Header.NodeReferenceCount);
    }
    if (!ThisVNetRoot->UpperFinalizationDone) RxpRemoveVNetRootName(ThisVNetRoot);
    if (ThisVNetRoot->Header.NodeReferenceCount != 0) return FALSE;
    RxpFreeVNetRoot(ThisVNetRoot);
    return TRUE;
}

VOID RxpDereferenceVNetRoot(PV_NET_ROOT VNetRoot) {
    const LONG count = InterlockedDecrement(&VNetRoot->Header.NodeReferenceCount);

    if (VNetRoot->UpperFinalizationDone) {
        if (count == 0) RxpFreeVNetRoot(VNetRoot);
    } else if (count == 1) {
        RxFinalizeVNetRoot(VNetRoot, FALSE, FALSE);
    }
}

VOID RxReference(PVOID Instance) {
    InterlockedIncrement(&((MRX_NORMAL_NODE_HEADER*)Instance)->NodeReferenceCount);
}

VOID RxDereference(PVOID Instance, LOCK_HOLDING_STATE LockHoldingState) {
    if (LockHoldingState != LHS_ExclusiveLockHeld) RxpAcquirePrefixTable(TRUE);
    RxpDereferenceVNetRoot(Instance);
    if (LockHoldingState != LHS_ExclusiveLockHeld) RxpReleasePrefixTable();
}
