/* SPDX-License-Identifier: Apache-2.0
 *
 *   rxmpr.exe RXNP_DLL     carries out the commands that come on standard input, one a line
 *
 * An application that makes and cancels network connections through the system's own router, mpr.dll, with copies of
 * rxnp.dll as its network providers. docs/surface-mpr.md has the commands. Each is answered by lines that begin with
 * `call` for every call that a provider or notifyee got, in order, and one `result N`, N a Win32 error.
 */
#include "rxmpr.h"

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define MAX_WORDS 8
#define MAX_LINE 512

typedef DWORD(WINAPI* WNET_ADD_W)(LPNETRESOURCEW, LPCWSTR, LPCWSTR, DWORD);
typedef DWORD(WINAPI* WNET_ADD_A)(LPNETRESOURCEA, LPCSTR, LPCSTR, DWORD);
typedef DWORD(WINAPI* WNET_CANCEL_W)(LPCWSTR, BOOL);
typedef DWORD(WINAPI* WNET_CANCEL_A)(LPCSTR, BOOL);
typedef DWORD(WINAPI* WNET_CANCEL2_W)(LPCWSTR, DWORD, BOOL);
typedef DWORD(WINAPI* WNET_CANCEL2_A)(LPCSTR, DWORD, BOOL);

static HMODULE Router;
static const WCHAR* ProviderFile;

__declspec(dllexport) void CDECL RxmprSay(const WCHAR* Line) {
    printf("call %ls\n", Line);
}

static void ToAnsi(const WCHAR* Text, char* Ansi) {
    WideCharToMultiByte(CP_ACP, 0, Text, -1, Ansi, MAX_LINE, NULL, NULL);
}

static FARPROC RouterRoutine(const WCHAR* Name) {
    char ansi[MAX_LINE];

    ToAnsi(Name, ansi);
    return Router != NULL ? GetProcAddress(Router, ansi) : NULL;
}

/* netadd DEVICE|- REMOTE FUNCTION */
static DWORD NetAdd(WCHAR* Device, WCHAR* Remote, const WCHAR* Function) {
    const FARPROC routine = RouterRoutine(Function);
    char local[MAX_LINE];
    char remote[MAX_LINE];

    if (routine == NULL) return ERROR_PROC_NOT_FOUND;
    if (wcscmp(Function, L"WNetAddConnection2W") == 0) {
        NETRESOURCEW resource = {0};

        resource.dwType = RESOURCETYPE_DISK;
        resource.lpLocalName = Device[0] != L'-' ? Device : NULL;
        resource.lpRemoteName = Remote;
        return ((WNET_ADD_W)(void*)routine)(&resource, NULL, NULL, 0);
    } else {
        NETRESOURCEA resource = {0};

        ToAnsi(Device, local);
        ToAnsi(Remote, remote);
        resource.dwType = RESOURCETYPE_DISK;
        resource.lpLocalName = Device[0] != L'-' ? local : NULL;
        resource.lpRemoteName = remote;
        return ((WNET_ADD_A)(void*)routine)(&resource, NULL, NULL, 0);
    }
}

/* netcancel NAME TRUE|FALSE FUNCTION */
static DWORD NetCancel(const WCHAR* Name, BOOL Force, const WCHAR* Function) {
    const FARPROC routine = RouterRoutine(Function);
    char ansi[MAX_LINE];

    if (routine == NULL) return ERROR_PROC_NOT_FOUND;
    ToAnsi(Name, ansi);
    if (wcscmp(Function, L"WNetCancelConnectionA") == 0) return ((WNET_CANCEL_A)(void*)routine)(ansi, Force);
    if (wcscmp(Function, L"WNetCancelConnectionW") == 0) return ((WNET_CANCEL_W)(void*)routine)(Name, Force);
    if (wcscmp(Function, L"WNetCancelConnection2A") == 0) return ((WNET_CANCEL2_A)(void*)routine)(ansi, 0, Force);
    return ((WNET_CANCEL2_W)(void*)routine)(Name, 0, Force);
}

static DWORD FaultOf(const WCHAR* Word) {
    if (wcscmp(Word, L"ignores-force") == 0) return RXNP_IGNORES_FORCE;
    if (wcscmp(Word, L"ignores-open-files") == 0) return RXNP_IGNORES_OPEN_FILES;
    if (wcscmp(Word, L"cancels-share") == 0) return RXNP_CANCELS_SHARE;
    return 0;
}

/* provider NAME \\SERVER|- [FAULT...] */
static DWORD AddProvider(WCHAR** Words, int Count) {
    DWORD faults = 0;
    int i;

    for (i = 3; i < Count; ++i)
        faults |= FaultOf(Words[i]);
    return ProvidersAdd(ProviderFile, Words[1], Words[2][0] != L'-' ? Words[2] : L"", faults, FALSE);
}

/* The router reads the registry when it is loaded, so it is loaded when all is there. */
static DWORD Start(void) {
    const DWORD error = ProvidersRegister();

    if (error != NO_ERROR) return error;
    Router = LoadLibraryW(L"mpr.dll");
    return Router != NULL ? NO_ERROR : GetLastError();
}

/* FALSE: there is no such command. */
static BOOL CarryOut(WCHAR** Words, int Count, DWORD* Result) {
    const WCHAR* kind = Words[0];

    if (Count >= 3 && wcscmp(kind, L"provider") == 0)
        *Result = AddProvider(Words, Count);
    else if (Count == 2 && wcscmp(kind, L"notifyee") == 0)
        *Result = ProvidersAdd(ProviderFile, Words[1], L"", 0, TRUE);
    else if (Count == 1 && wcscmp(kind, L"start") == 0)
        *Result = Start();
    else if (Count == 4 && wcscmp(kind, L"netadd") == 0)
        *Result = NetAdd(Words[1], Words[2], Words[3]);
    else if (Count == 4 && wcscmp(kind, L"netcancel") == 0)
        *Result = NetCancel(Words[1], wcscmp(Words[2], L"TRUE") == 0, Words[3]);
    else if (Count == 4 && wcscmp(kind, L"netopen") == 0)
        *Result = ProvidersOpen(Words[1], wcstoul(Words[2], NULL, 10), wcscmp(Words[3], L"current") == 0);
    else if (Count == 2 && wcscmp(kind, L"netclose") == 0)
        *Result = ProvidersClose(wcstoul(Words[1], NULL, 10));
    else if (Count == 2 && wcscmp(kind, L"netlist") == 0)
        *Result = ProvidersList(Words[1]);
    else
        return FALSE;
    return TRUE;
}

static int Split(WCHAR* Line, WCHAR** Words) {
    int count = 0;

    while (count < MAX_WORDS) {
        Line += wcsspn(Line, L" \r\n");
        if (*Line == 0) break;
        Words[count++] = Line;
        Line += wcscspn(Line, L" \r\n");
        if (*Line != 0) *Line++ = 0;
    }
    return count;
}

int wmain(int Count, WCHAR** Arguments) {
    typedef const char*(CDECL * WINE_VERSION)(void);
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    const WINE_VERSION wine = (WINE_VERSION)(void*)GetProcAddress(ntdll, "wine_get_version");
    char line[MAX_LINE];

    _setmode(_fileno(stdout), _O_BINARY);
    if (Count != 2 || wine == NULL) {
        /* It replaces the system's list of providers: nothing for a machine that somebody uses. */
        printf("refused: give the path of rxnp.dll, and run it under Wine only\n");
        return 2;
    }
    ProviderFile = Arguments[1];
    printf("ready Wine %s\n", wine());
    fflush(stdout);
    while (fgets(line, sizeof(line), stdin) != NULL) {
        WCHAR wide[MAX_LINE];
        WCHAR* words[MAX_WORDS];
        DWORD result = 0;
        int count;

        MultiByteToWideChar(CP_ACP, 0, line, -1, wide, MAX_LINE);
        count = Split(wide, words);
        if (count == 0 || !CarryOut(words, count, &result)) {
            printf("refused: there is no such command\n");
            return 2;
        }
        printf("result %lu\n", result);
        fflush(stdout);
    }
    return 0;
}
