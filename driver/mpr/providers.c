/* SPDX-License-Identifier: Apache-2.0
 *
 * The copies of rxnp.dll: each under a name of its own, which makes it a provider, a notifyee, or both, of its own.
 */
#include "rxmpr.h"

#include <stdio.h>
#include <wchar.h>

#define FOLDER L"C:\\rxmpr"
#define CONTROL L"SYSTEM\\CurrentControlSet\\Control\\NetworkProvider\\"

typedef struct _PROVIDER {
    WCHAR Name[32];
    WCHAR Path[MAX_PATH];
    BOOL Notifyee;
    HMODULE Module;
} PROVIDER;

static PROVIDER Providers[MAX_PROVIDERS];
static DWORD Count;

static FARPROC Routine(DWORD Index, const char* Name) {
    return GetProcAddress(Providers[Index].Module, Name);
}

DWORD ProvidersAdd(const WCHAR* Source, const WCHAR* Name, const WCHAR* Server, DWORD Faults, BOOL Notifyee) {
    PROVIDER* added = &Providers[Count];

    if (Count == MAX_PROVIDERS || wcslen(Name) >= ARRAYSIZE(added->Name)) return ERROR_INVALID_PARAMETER;
    wcscpy(added->Name, Name);
    added->Notifyee = Notifyee;
    _snwprintf(added->Path, MAX_PATH - 1, FOLDER L"\\%ls.dll", Name);
    CreateDirectoryW(FOLDER, NULL);
    if (!CopyFileW(Source, added->Path, FALSE)) return GetLastError();
    /* Loaded before the router does: what it loads by the same path is then this module. */
    added->Module = LoadLibraryW(added->Path);
    if (added->Module == NULL) return GetLastError();
    ++Count;
    ((RXNP_CONFIGURE)(void*)Routine(Count - 1, "RxnpConfigure"))(Server, Faults);
    return NO_ERROR;
}

static DWORD Write(HKEY Key, const WCHAR* Value, DWORD Type, const WCHAR* Text) {
    return (DWORD)RegSetValueExW(Key, Value, 0, Type, (const BYTE*)Text, (DWORD)((wcslen(Text) + 1) * sizeof(WCHAR)));
}

static DWORD Open(const WCHAR* Path, HKEY* Key) {
    return (DWORD)RegCreateKeyExW(HKEY_LOCAL_MACHINE, Path, 0, NULL, 0, KEY_SET_VALUE, NULL, Key, NULL);
}

static DWORD RegisterOne(const PROVIDER* Provider) {
    WCHAR path[MAX_PATH];
    HKEY key;
    DWORD error;

    _snwprintf(path, MAX_PATH - 1, L"SYSTEM\\CurrentControlSet\\Services\\%ls\\NetworkProvider", Provider->Name);
    path[MAX_PATH - 1] = 0;
    error = Open(path, &key);
    if (error != NO_ERROR) return error;
    error = Write(key, L"Name", REG_SZ, Provider->Name);
    if (error == NO_ERROR) error = Write(key, L"ProviderPath", REG_EXPAND_SZ, Provider->Path);
    RegCloseKey(key);
    return error;
}

DWORD ProvidersRegister(void) {
    WCHAR order[MAX_PROVIDERS * 33] = L"";
    HKEY key;
    DWORD error = NO_ERROR;
    DWORD i;

    RegDeleteKeyW(HKEY_LOCAL_MACHINE, CONTROL L"Notifyees"); /* of a program before */
    for (i = 0; i < Count && error == NO_ERROR; ++i) {
        if (Providers[i].Notifyee) {
            error = Open(CONTROL L"Notifyees", &key);
            if (error != NO_ERROR) return error;
            error = Write(key, Providers[i].Name, REG_EXPAND_SZ, Providers[i].Path);
            RegCloseKey(key);
            continue;
        }
        error = RegisterOne(&Providers[i]);
        if (order[0] != 0) wcscat(order, L",");
        wcscat(order, Providers[i].Name);
    }
    if (error == NO_ERROR) error = Open(CONTROL L"Order", &key);
    if (error != NO_ERROR) return error;
    error = Write(key, L"ProviderOrder", REG_SZ, order);
    RegCloseKey(key);
    return error;
}

DWORD ProvidersOpen(const WCHAR* Name, DWORD File, BOOL Current) {
    DWORD i;
    DWORD result = ERROR_NOT_CONNECTED;

    for (i = 0; i < Count && result == ERROR_NOT_CONNECTED; ++i)
        result = ((RXNP_OPEN)(void*)Routine(i, "RxnpOpen"))(Name, File, Current);
    return result;
}

DWORD ProvidersClose(DWORD File) {
    DWORD i;
    DWORD result = ERROR_INVALID_HANDLE;

    for (i = 0; i < Count && result == ERROR_INVALID_HANDLE; ++i)
        result = ((RXNP_CLOSE)(void*)Routine(i, "RxnpClose"))(File);
    return result;
}

DWORD ProvidersList(const WCHAR* Name) {
    DWORD i;
    DWORD result = ERROR_NOT_CONNECTED;

    for (i = 0; i < Count && result == ERROR_NOT_CONNECTED; ++i)
        result = ((RXNP_LIST)(void*)Routine(i, "RxnpList"))(Name);
    return result;
}
