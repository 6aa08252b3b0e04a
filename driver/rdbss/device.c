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
    *DeviceObject = rx;
    return STATUS_SUCCESS;
}

/* REQUIRES: stopped, or never started. */
VOID RxUnregisterMinirdr(PRDBSS_DEVICE_OBJECT RxDeviceObject) {
    IoDeleteDevice(RxDeviceObject->pDeviceObject);
}

static VOID RxpSetState(PRX_CONTEXT RxContext, int State, PBOOLEAN MustWait) {
    PRDBSS_DEVICE_OBJECT device = RxContext->RxDeviceObject;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    device->State = State;
    *MustWait = device->NumberOfActiveContexts > 1;
    if (State == RDBSS_STOP_IN_PROGRESS && *MustWait) device->pStopContext = RxContext;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}

NTSTATUS RxStartMinirdr(PRX_CONTEXT RxContext, PBOOLEAN PostToFsp) {
    BOOLEAN busy;

    *PostToFsp = FALSE;
    RxpSetState(RxContext, RDBSS_STARTED, &busy);
    return STATUS_SUCCESS;
}

/* Waits until the caller's is the only active context (C57). Then nobody is inside the mini-redirector any more: a
 * worker keeps a reference as long as it runs there. Connections that are left go away, unless files hold them. */
NTSTATUS RxStopMinirdr(PRX_CONTEXT RxContext, PBOOLEAN PostToFsp) {
    PRDBSS_DEVICE_OBJECT device = RxContext->RxDeviceObject;
    BOOLEAN busy;

    *PostToFsp = FALSE;
    RxpSetState(RxContext, RDBSS_STOP_IN_PROGRESS, &busy);
    if (busy) KeWaitForSingleObject(&device->StopEvent, Executive, KernelMode, FALSE, NULL);
    KeEnterCriticalRegion();
    RxpForceFinalizeAllVNetRoots(device);
    RxpAcquirePrefixTable(FALSE);
    busy = !IsListEmpty(&RxNetNameTable.NetRoots);
    RxpReleasePrefixTable();
    KeLeaveCriticalRegion();
    RxpAwaitSrvCalls(device);
    return busy ? STATUS_REDIRECTOR_HAS_OPEN_HANDLES : STATUS_SUCCESS; /* C73 */
}
