/* SPDX-License-Identifier: Apache-2.0
 *
 * The drivers' end, on the environment's line: a DriverUnload that waits for ever is seen, and what it leaves is
 * counted when it has returned. The system stops the services afterwards, and finds nothing to do.
 */
#include "gate.h"

extern __declspec(dllimport) POBJECT_TYPE* IoDriverObjectType;

static VOID NTAPI GateUnloaded(PDRIVER_OBJECT Driver) {
    UNREFERENCED_PARAMETER(Driver);
}

static VOID GateUnloadDriver(PCWSTR Name) {
    PDRIVER_UNLOAD unload;
    PDRIVER_OBJECT driver;
    UNICODE_STRING name;

    RtlInitUnicodeString(&name, Name);
    if (!NT_SUCCESS(ObReferenceObjectByName(&name, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType, KernelMode, NULL,
                                            (PVOID*)&driver))) {
        GateLose("a driver object is not found by its name");
        return;
    }
    unload = driver->DriverUnload;
    driver->DriverUnload = GateUnloaded;
    ObDereferenceObject(driver);
    if (unload != NULL && unload != GateUnloaded) unload(driver);
}

VOID GateUnloadDrivers(VOID) {
    GateUnloadDriver(L"\\Driver\\rxprobe");
    GateUnloadDriver(L"\\Driver\\rxrdbss");
}
