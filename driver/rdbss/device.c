/* SPDX-License-Identifier: Apache-2.0
 *
 * Mini-redirectors: registering, starting, stopping (documentation: RxRegisterMinirdr, RxStartMinirdr, RxStopMinirdr,
 * RxUnregisterMinirdr). The engine's data of a mini-redirector is the extension of its device object.
 */
#include "rxp.h"

NTSTATUS RxRegisterMinirdr(PRDBSS_DEVICE_OBJECT* DeviceObject, PDRIVER_OBJECT DriverObject,
                           const MINIRDR_DISPATCH* MrdrDispatch, ULONG Controls, PUNICODE_STRING DeviceName,
                           ULONG DeviceExtensionSize, DEVICE_TYPE DeviceType, ULONG DeviceCharacteristics) {
    PDEVICE_OBJECT device;
    PRDBSS_DEVICE_OBJECT rx;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Controls);
    status = IoCreateDevice(DriverObject, sizeof(RDBSS_DEVICE_OBJECT) + DeviceExtensionSize, DeviceName, DeviceType,
                            DeviceCharacteristics, FALSE, &device);
    if (!NT_SUCCESS(status)) return status;
    rx = device->DeviceExtension;
    RtlZeroMemory(rx, sizeof(*rx));
    rx->pDeviceObject = device;
    rx->Dispatch = MrdrDispatch;
    rx->State = RDBSS_STARTABLE;
    KeInitializeEvent(&rx->StopEvent, NotificationEvent, FALSE);
    KeInitializeEvent(&rx->SrvCallsGoneEvent, NotificationEvent, TRUE);
    KeInitializeEvent(&rx->ReservedContextFree, SynchronizationEvent, TRUE);
    rx->ReservedContext = ExAllocatePoolWithTag(NonPagedPool, sizeof(RX_CONTEXT), RX_TAG_CONTEXT);
    if (rx->ReservedContext == NULL) {
        IoDeleteDevice(device);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *DeviceObject = rx;
    return STATUS_SUCCESS;
}

/* Connections that nobody deleted go away. REQUIRES: stopped, or never started; no handles are left. */
VOID RxUnregisterMinirdr(PRDBSS_DEVICE_OBJECT RxDeviceObject) {
    KeEnterCriticalRegion();
    RxpForceFinalizeAllVNetRoots(RxDeviceObject);
    KeLeaveCriticalRegion();
    RxpAwaitSrvCalls(RxDeviceObject);
    ExFreePoolWithTag(RxDeviceObject->ReservedContext, RX_TAG_CONTEXT);
    IoDeleteDevice(RxDeviceObject->pDeviceObject);
}

_Requires_lock_held_(RxStrucSupSpinLock) static VOID RxpSetState(PRX_CONTEXT RxContext, int State) {
    RxContext->RxDeviceObject->State = State;
    RxLogEvent(RxEventState, RxEventTag(RxContext), 0, 0, (ULONG)State);
}

NTSTATUS RxStartMinirdr(PRX_CONTEXT RxContext, PBOOLEAN PostToFsp) {
    NTSTATUS status = STATUS_REDIRECTOR_STARTED;
    KIRQL irql;

    *PostToFsp = FALSE;
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (RxContext->RxDeviceObject->State == RDBSS_STARTABLE) {
        RxpSetState(RxContext, RDBSS_STARTED);
        status = STATUS_SUCCESS;
    }
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return status;
}

/* From its beginning nothing but cleanup and close is taken up (C73). Waits until the caller's is the only active
 * context (C57). Then nobody is inside the mini-redirector any more: a worker keeps a reference as long as it runs
 * there. Connections stay as they are, for what a later start finds of them is not documented; RxUnregisterMinirdr ends
 * them. */
NTSTATUS RxStopMinirdr(PRX_CONTEXT RxContext, PBOOLEAN PostToFsp) {
    PRDBSS_DEVICE_OBJECT device = RxContext->RxDeviceObject;
    BOOLEAN open_files;
    BOOLEAN waits;
    KIRQL irql;

    *PostToFsp = FALSE;
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    if (device->State == RDBSS_STOP_IN_PROGRESS) {
        KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
        return STATUS_REDIRECTOR_NOT_STARTED; /* another was faster, and waits for this one */
    }
    waits = RxSetNumber(&RxActiveContexts, &device->NumberOfActiveContexts) > 1;
    if (waits) {
        KeInitializeEvent(&device->StopEvent, NotificationEvent, FALSE);
        device->pStopContext = RxContext;
    }
    RxpSetState(RxContext, RDBSS_STOP_IN_PROGRESS);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (waits) KeWaitForSingleObject(&device->StopEvent, Executive, KernelMode, FALSE, NULL);
    KeEnterCriticalRegion();
    RxpScavenge(device, NULL); /* no handle holds it, and no new one comes: closes are not delayed any more */
    RxpSynchronizeWithScavenger();
    KeLeaveCriticalRegion();
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    RxpSetState(RxContext, RDBSS_STARTABLE);
    open_files = InterlockedOr(&device->NumberOfActiveFcbs, 0) != 0;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return open_files ? STATUS_REDIRECTOR_HAS_OPEN_HANDLES : STATUS_SUCCESS;
}
