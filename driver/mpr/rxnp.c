/* SPDX-License-Identifier: Apache-2.0
 *
 * rxnp.dll: a network provider without a network. It keeps connections and the files open on them in memory, and does
 * what the NPAddConnection and NPCancelConnection pages ask of a provider; so whatever an application sees that is not
 * documented is the router's doing. Used from one thread.
 */
#include "rxnp.h"

#include <npapi.h>
#include <stdio.h>
#include <wchar.h>

#include "rxnp_notify.h"

#define MAX_CONNECTIONS 32
#define MAX_FILES 256
#define MAX_NAME 64

typedef struct _CONNECTION {
    BOOL Used;
    WCHAR Device[4]; /* L"X:", or L"" for none */
    WCHAR Remote[MAX_NAME];
} CONNECTION;

typedef struct _FILE_ENTRY {
    CONNECTION* Connection; /* NULL: the entry is free */
    DWORD Number;
    BOOL Current;
} FILE_ENTRY;

static CONNECTION Connections[MAX_CONNECTIONS];
static FILE_ENTRY Files[MAX_FILES];
static WCHAR OnlyServer[MAX_NAME];
static DWORD Faults;
static HINSTANCE Module;

BOOL WINAPI DllMain(HINSTANCE Instance, DWORD Reason, LPVOID Reserved) {
    (void)Reserved;
    if (Reason == DLL_PROCESS_ATTACH) Module = Instance;
    return TRUE;
}

/* The name of this copy of the file, without folder and ending: so is the provider called. */
static void MyName(WCHAR* Name) {
    WCHAR path[MAX_PATH];
    const WCHAR* base;

    path[0] = 0;
    GetModuleFileNameW(Module, path, ARRAYSIZE(path));
    base = wcsrchr(path, L'\\');
    wcsncpy(Name, base != NULL ? base + 1 : path, MAX_NAME - 1);
    Name[MAX_NAME - 1] = 0;
    if (wcsrchr(Name, L'.') != NULL) *wcsrchr(Name, L'.') = 0;
}

void RxnpSay(const WCHAR* Text) {
    const RXMPR_SAY say = (RXMPR_SAY)(void*)GetProcAddress(GetModuleHandleW(NULL), "RxmprSay");
    WCHAR line[512];
    WCHAR name[MAX_NAME];

    if (say == NULL) return; /* another program than rxmpr.exe has loaded it */
    MyName(name);
    _snwprintf(line, ARRAYSIZE(line) - 1, L"%ls %ls", name, Text);
    line[ARRAYSIZE(line) - 1] = 0;
    say(line);
}

static BOOL IsDevice(const WCHAR* Name) {
    return Name[0] != 0 && Name[1] == L':' && Name[2] == 0;
}

/* A device's name finds the connection that it is redirected by, a remote name the one that has no device. */
static CONNECTION* Find(const WCHAR* Name) {
    int i;

    for (i = 0; i < MAX_CONNECTIONS; ++i) {
        CONNECTION* each = &Connections[i];

        if (!each->Used) continue;
        if (IsDevice(Name) ? _wcsicmp(each->Device, Name) == 0 : !each->Device[0] && _wcsicmp(each->Remote, Name) == 0)
            return each;
    }
    return NULL;
}

static BOOL Serves(const WCHAR* Remote) {
    const size_t length = wcslen(OnlyServer);

    return length == 0 || (_wcsnicmp(Remote, OnlyServer, length) == 0 && Remote[length] == L'\\');
}

/* Drops the connection, and what is open on it. */
static void Drop(CONNECTION* Connection) {
    int i;

    for (i = 0; i < MAX_FILES; ++i)
        if (Files[i].Connection == Connection) Files[i].Connection = NULL;
    Connection->Used = FALSE;
}

/* Why a cancel that is not forced fails; NO_ERROR if nothing is open. */
static DWORD WhyBusy(const CONNECTION* Connection) {
    DWORD busy = NO_ERROR;
    int i;

    for (i = 0; i < MAX_FILES; ++i)
        if (Files[i].Connection == Connection && busy != ERROR_OPEN_FILES)
            busy = Files[i].Current ? ERROR_DEVICE_IN_USE : ERROR_OPEN_FILES;
    return busy;
}

static DWORD Add(const NETRESOURCEW* Resource) {
    const WCHAR* device = Resource->lpLocalName != NULL ? Resource->lpLocalName : L"";
    const WCHAR* remote = Resource->lpRemoteName;
    int i;

    if (remote == NULL || wcslen(remote) >= MAX_NAME || !Serves(remote)) return ERROR_BAD_NET_NAME;
    if (device[0] != 0 && !IsDevice(device)) return ERROR_BAD_DEVICE;
    if (device[0] != 0 && Find(device) != NULL) return ERROR_ALREADY_ASSIGNED;
    if (device[0] == 0 && Find(remote) != NULL) return NO_ERROR; /* one connection, however often it is asked for */
    for (i = 0; i < MAX_CONNECTIONS; ++i) {
        if (Connections[i].Used) continue;
        Connections[i].Used = TRUE;
        wcscpy(Connections[i].Device, device);
        wcscpy(Connections[i].Remote, remote);
        return NO_ERROR;
    }
    return ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD Cancel(const WCHAR* Name, BOOL Force) {
    CONNECTION* found = Find(Name);
    DWORD busy;
    int i;

    if (found == NULL) return ERROR_NOT_CONNECTED;
    busy = WhyBusy(found);
    if (busy != NO_ERROR && (!Force || (Faults & RXNP_IGNORES_FORCE)) && !(Faults & RXNP_IGNORES_OPEN_FILES))
        return busy;
    if (Faults & RXNP_CANCELS_SHARE)
        for (i = 0; i < MAX_CONNECTIONS; ++i)
            if (&Connections[i] != found && Connections[i].Used && _wcsicmp(Connections[i].Remote, found->Remote) == 0)
                Drop(&Connections[i]);
    Drop(found);
    return NO_ERROR;
}

DWORD WINAPI NPGetCaps(DWORD Index) {
    switch (Index) {
        case WNNC_SPEC_VERSION:
            return WNNC_SPEC_VERSION51;
        case WNNC_NET_TYPE:
            return 0x7F000000; /* a type that no real provider has */
        case WNNC_DRIVER_VERSION:
            return 1;
        case WNNC_CONNECTION:
            return WNNC_CON_ADDCONNECTION | WNNC_CON_ADDCONNECTION3 | WNNC_CON_CANCELCONNECTION |
                   WNNC_CON_GETCONNECTIONS;
        case WNNC_START:
            return 1; /* it is started */
        default:
            return 0;
    }
}

static DWORD AddAndSay(const WCHAR* Routine, const NETRESOURCEW* Resource) {
    const DWORD result = Add(Resource);
    WCHAR text[256];

    _snwprintf(text, ARRAYSIZE(text) - 1, L"%ls %ls %ls %lu", Routine,
               Resource->lpLocalName != NULL && Resource->lpLocalName[0] ? Resource->lpLocalName : L"-",
               Resource->lpRemoteName != NULL ? Resource->lpRemoteName : L"-", result);
    text[ARRAYSIZE(text) - 1] = 0;
    RxnpSay(text);
    return result;
}

DWORD WINAPI NPAddConnection(LPNETRESOURCEW Resource, LPWSTR Password, LPWSTR User) {
    (void)Password;
    (void)User;
    return AddAndSay(L"NPAddConnection", Resource);
}

DWORD WINAPI NPAddConnection3(HWND Owner, LPNETRESOURCEW Resource, LPWSTR Password, LPWSTR User, DWORD Flags) {
    (void)Owner;
    (void)Password;
    (void)User;
    (void)Flags;
    return AddAndSay(L"NPAddConnection3", Resource);
}

DWORD WINAPI NPCancelConnection(LPWSTR Name, WINBOOL Force) {
    const DWORD result = Cancel(Name, Force);
    WCHAR text[256];

    _snwprintf(text, ARRAYSIZE(text) - 1, L"NPCancelConnection %ls %ls %lu", Name, Force ? L"TRUE" : L"FALSE", result);
    text[ARRAYSIZE(text) - 1] = 0;
    RxnpSay(text);
    return result;
}

DWORD WINAPI NPGetConnection(LPWSTR Local, LPWSTR Remote, LPDWORD Length) {
    const CONNECTION* found = Local != NULL && IsDevice(Local) ? Find(Local) : NULL;
    DWORD needed;

    if (found == NULL) return ERROR_NOT_CONNECTED;
    needed = (DWORD)wcslen(found->Remote) + 1;
    if (*Length < needed) {
        *Length = needed;
        return ERROR_MORE_DATA;
    }
    wcscpy(Remote, found->Remote);
    return NO_ERROR;
}

void CDECL RxnpConfigure(const WCHAR* Server, DWORD NewFaults) {
    wcsncpy(OnlyServer, Server, MAX_NAME - 1);
    Faults = NewFaults;
}

DWORD CDECL RxnpOpen(const WCHAR* Name, DWORD File, BOOL Current) {
    CONNECTION* found = Find(Name);
    int i;

    if (found == NULL) return ERROR_NOT_CONNECTED;
    for (i = 0; i < MAX_FILES; ++i) {
        if (Files[i].Connection != NULL) continue;
        Files[i].Connection = found;
        Files[i].Number = File;
        Files[i].Current = Current;
        return NO_ERROR;
    }
    return ERROR_TOO_MANY_OPEN_FILES;
}

DWORD CDECL RxnpClose(DWORD File) {
    int i;

    for (i = 0; i < MAX_FILES; ++i) {
        if (Files[i].Connection == NULL || Files[i].Number != File) continue;
        Files[i].Connection = NULL;
        return NO_ERROR;
    }
    return ERROR_INVALID_HANDLE;
}

DWORD CDECL RxnpList(const WCHAR* Name) {
    return Find(Name) != NULL ? NO_ERROR : ERROR_NOT_CONNECTED;
}
