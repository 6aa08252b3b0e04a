/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading and unloading of the test mini-redirector: one device, registered with the engine, and a symbolic link.
 */
#include "probe.h"

KSPIN_LOCK ProbeSpinLock;
PRDBSS_DEVICE_OBJECT ProbeDevice;
LIST_ENTRY ProbeHandles;
LIST_ENTRY ProbePended;
LIST_ENTRY ProbeReferences;
LIST_ENTRY ProbeServers;
LIST_ENTRY ProbeHeld;
LIST_ENTRY ProbeHeldSrvCalls;
LIST_ENTRY ProbeHeldOpens;

#define PROBE_STRING(text) \
    { sizeof(text) - sizeof(WCHAR), sizeof(text), (PWSTR)(text) }
static UNICODE_STRING ProbeDeviceName = PROBE_STRING(L"\\Device\\rxprobe");
static UNICODE_STRING ProbeLinkName = PROBE_STRING(L"\\DosDevices\\rxprobe");

typedef NTSTATUS (*PPROBE_STATE_ROUTINE)(PRX_CONTEXT RxContext, PBOOLEAN PostToFsp);

/* The engine's start and stop routines work on behalf of a request; here there is none. */
static NTSTATUS ProbeCallEngine(PPROBE_STATE_ROUTINE Routine) {
    PRX_CONTEXT context = RxCreateRxContext(NULL, ProbeDevice, RX_CONTEXT_FLAG_WAIT);
    BOOLEAN post;
    NTSTATUS status;

    if (context == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    status = Routine(context, &post);
    RxDereferenceAndDeleteRxContext(context);
    return status;
}

/* What the mini-redirector remembers. */
static NTSTATUS ProbeStartTables(VOID) {
    NTSTATUS status = ProbeStartTable();

    if (!NT_SUCCESS(status)) return status;
    status = ProbeStartMounts();
    if (!NT_SUCCESS(status)) {
        ProbeStopTable();
        return status;
    }
    ProbeStartUpcalls();
    ProbeStartPoller();
    return STATUS_SUCCESS;
}

static VOID ProbeStopTables(VOID) {
    ProbeStopUpcalls();
    ProbeStopMounts();
    ProbeStopTable();
}

/* Nobody has the device open. Stop waits until no request is active, so nobody runs in this driver afterwards. */
static VOID ProbeUnload(PDRIVER_OBJECT DriverObject) {
    UNREFERENCED_PARAMETER(DriverObject);
    ProbeCallEngine(RxStopMinirdr);
    IoDeleteSymbolicLink(&ProbeLinkName);
    RxUnregisterMinirdr(ProbeDevice);
    ProbeStopTables();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&ProbeSpinLock);
    InitializeListHead(&ProbeHandles);
    InitializeListHead(&ProbePended);
    InitializeListHead(&ProbeReferences);
    InitializeListHead(&ProbeServers);
    InitializeListHead(&ProbeHeld);
    InitializeListHead(&ProbeHeldSrvCalls);
    InitializeListHead(&ProbeHeldOpens);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = ProbeDispatch;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = ProbeDispatch;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = ProbeDispatch;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = ProbeDeviceControl;
    DriverObject->DriverUnload = ProbeUnload;

    status = RxRegisterMinirdr(&ProbeDevice, DriverObject, &ProbeMiniRdrDispatch, 0, &ProbeDeviceName, 0,
                               FILE_DEVICE_NETWORK_FILE_SYSTEM, 0);
    if (!NT_SUCCESS(status)) return status;
    status = ProbeStartTables();
    if (!NT_SUCCESS(status)) {
        RxUnregisterMinirdr(ProbeDevice);
        return status;
    }
    status = IoCreateSymbolicLink(&ProbeLinkName, &ProbeDeviceName);
    if (!NT_SUCCESS(status)) {
        ProbeStopTables();
        RxUnregisterMinirdr(ProbeDevice);
        return status;
    }
    status = ProbeCallEngine(RxStartMinirdr);
    if (!NT_SUCCESS(status)) {
        IoDeleteSymbolicLink(&ProbeLinkName);
        ProbeStopTables();
        RxUnregisterMinirdr(ProbeDevice);
    }
    return status;
}
