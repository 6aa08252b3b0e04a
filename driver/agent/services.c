/* SPDX-License-Identifier: Apache-2.0
 *
 * The drivers as kernel services. All belong to one load-order group, or Wine starts them in two processes that share
 * nothing. The gate is started before the engine, the engine is started first and stopped last of the two drivers.
 */
#include "agent.h"

#include <stdio.h>

#define GROUP L"rxcheck"

typedef struct _SERVICE {
    const WCHAR* Name;
    SC_HANDLE Handle;
    BOOL Started;
} SERVICE;

static SERVICE Services[2] = {{L"rxrdbss", NULL, FALSE}, {L"rxprobe", NULL, FALSE}};
static SERVICE Gate = {L"rxgate", NULL, FALSE}; /* cannot be stopped: once started it stays */
static HANDLE Device = INVALID_HANDLE_VALUE;
static HANDLE GateDevice = INVALID_HANDLE_VALUE;

static DWORD Fail(const char* What, const WCHAR* Name, char* Text, DWORD TextLength) {
    const DWORD error = GetLastError();

    snprintf(Text, TextLength, "cannot %s the service %ls: error %lu", What, Name, error);
    return error == 0 ? ERROR_GEN_FAILURE : error;
}

static DWORD Start(SC_HANDLE Manager, SERVICE* Service, const char* Path, char* Text, DWORD TextLength) {
    WCHAR path[RXAGENT_MAX_TEXT + 1];

    if (MultiByteToWideChar(CP_UTF8, 0, Path, -1, path, ARRAYSIZE(path)) == 0)
        return Fail("read the path of", Service->Name, Text, TextLength);
    Service->Handle = OpenServiceW(Manager, Service->Name, SERVICE_ALL_ACCESS);
    if (Service->Handle != NULL) { /* left over: another path, perhaps */
        SERVICE_STATUS status;

        ControlService(Service->Handle, SERVICE_CONTROL_STOP, &status);
        DeleteService(Service->Handle);
        CloseServiceHandle(Service->Handle);
    }
    Service->Handle = CreateServiceW(Manager, Service->Name, Service->Name, SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
                                     SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, path, GROUP, NULL, NULL, NULL, NULL);
    if (Service->Handle == NULL) return Fail("install", Service->Name, Text, TextLength);
    if (!StartServiceW(Service->Handle, 0, NULL)) return Fail("start", Service->Name, Text, TextLength);
    Service->Started = TRUE;
    return 0;
}

/* A driver is unloaded after the call that stops it has returned. */
static DWORD WaitUntilStopped(SERVICE* Service, char* Text, DWORD TextLength) {
    SERVICE_STATUS status;
    DWORD attempt;

    for (attempt = 0; attempt < 5000; ++attempt) {
        if (!QueryServiceStatus(Service->Handle, &status) || status.dwCurrentState == SERVICE_STOPPED) return 0;
        Sleep(1);
    }
    SetLastError(ERROR_TIMEOUT);
    return Fail("see the end of", Service->Name, Text, TextLength);
}

static DWORD Stop(SERVICE* Service, char* Text, DWORD TextLength) {
    SERVICE_STATUS status;
    DWORD error = 0;

    if (Service->Handle == NULL) return 0;
    if (Service->Started && !ControlService(Service->Handle, SERVICE_CONTROL_STOP, &status))
        error = Fail("stop", Service->Name, Text, TextLength);
    if (Service->Started && error == 0) error = WaitUntilStopped(Service, Text, TextLength);
    DeleteService(Service->Handle);
    CloseServiceHandle(Service->Handle);
    Service->Handle = NULL;
    Service->Started = FALSE;
    return error;
}

DWORD ServicesUnload(char* Text, DWORD TextLength) {
    DWORD error;
    DWORD second;

    RequestsDrain();
    RequestsUse(FALSE, GateDevice);
    if (Device != INVALID_HANDLE_VALUE) CloseHandle(Device);
    Device = INVALID_HANDLE_VALUE;
    error = Stop(&Services[1], Text, TextLength);
    second = Stop(&Services[0], Text, TextLength);
    return error != 0 ? error : second;
}

static HANDLE Open(const WCHAR* Name) {
    return CreateFileW(Name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                       FILE_FLAG_OVERLAPPED, NULL);
}

/* Behind a gate that lets nobody else in, nobody asks for it. */
HANDLE ServicesDevice(void) {
    if (Device == INVALID_HANDLE_VALUE) Device = Open(L"\\\\.\\rxprobe");
    return Device;
}

static DWORD StartGate(SC_HANDLE Manager, const char* Path, char* Text, DWORD TextLength) {
    const DWORD error = Start(Manager, &Gate, Path, Text, TextLength);

    if (error != 0) return error;
    GateDevice = Open(L"\\\\.\\rxgate");
    return GateDevice == INVALID_HANDLE_VALUE ? Fail("open the device of", Gate.Name, Text, TextLength) : 0;
}

DWORD ServicesLoad(const char* Engine, const char* Redirector, const char* GatePath, char* Text, DWORD TextLength) {
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    DWORD error = 0;

    if (manager == NULL) return Fail("ask for", L"manager", Text, TextLength);
    if (GatePath[0] != 0 && GateDevice == INVALID_HANDLE_VALUE) error = StartGate(manager, GatePath, Text, TextLength);
    if (error == 0) error = Start(manager, &Services[0], Engine, Text, TextLength);
    if (error == 0) error = Start(manager, &Services[1], Redirector, Text, TextLength);
    CloseServiceHandle(manager);
    if (error == 0) {
        RequestsUse(TRUE, GateDevice);
    } else {
        char unused[8];

        ServicesUnload(unused, sizeof(unused));
    }
    return error;
}
