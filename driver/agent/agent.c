/* SPDX-License-Identifier: Apache-2.0
 *
 *   rxagent.exe [DEVICE]     talks over the standard streams, or over a device as \\.\vport0p1
 */
#include "agent.h"

#include <stdio.h>

static void Reply(DWORD Request, DWORD Kind, DWORD Status, const char* Text) {
    const RXAGENT_ANSWER answer = {Status, (DWORD)strlen(Text)};

    ChannelSend(Kind, Request, &answer, sizeof(answer), Text, answer.TextLength);
}

static void Hello(DWORD Request) {
    typedef const char*(CDECL * WINE_VERSION)(void);
    const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    const WINE_VERSION wine = (WINE_VERSION)(void*)GetProcAddress(ntdll, "wine_get_version");
    typedef NTSTATUS(NTAPI * VERSION)(OSVERSIONINFOW*);
    const VERSION version = (VERSION)(void*)GetProcAddress(ntdll, "RtlGetVersion");
    OSVERSIONINFOW windows;
    RXAGENT_HELLO hello = {RXAGENT_VERSION, 0, {0}};
    SYSTEM_INFO info;

    memset(&windows, 0, sizeof(windows));
    windows.dwOSVersionInfoSize = sizeof(windows);
    GetSystemInfo(&info);
    hello.Processors = info.dwNumberOfProcessors;
    if (version != NULL) version(&windows);
    if (wine != NULL) {
        snprintf(hello.System, sizeof(hello.System), "Wine %s", wine());
    } else {
        snprintf(hello.System, sizeof(hello.System), "Windows %lu.%lu.%lu", windows.dwMajorVersion,
                 windows.dwMinorVersion, windows.dwBuildNumber);
    }
    ChannelSend(RxAgentHelloAnswer, Request, &hello, sizeof(hello), NULL, 0);
}

/* Takes a text from the payload and ends it with NUL. FALSE: it is not whole. */
static BOOL TakeText(const BYTE** From, DWORD* Left, char* Text) {
    DWORD length;

    if (*Left < sizeof(length)) return FALSE;
    memcpy(&length, *From, sizeof(length));
    if (length > RXAGENT_MAX_TEXT || length > *Left - sizeof(length)) return FALSE;
    memcpy(Text, *From + sizeof(length), length);
    Text[length] = 0;
    *From += sizeof(length) + length;
    *Left -= (DWORD)sizeof(length) + length;
    return TRUE;
}

static void Load(DWORD Request, const BYTE* Payload, DWORD Length) {
    char engine[RXAGENT_MAX_TEXT + 1];
    char redirector[RXAGENT_MAX_TEXT + 1];
    char gate[RXAGENT_MAX_TEXT + 1];
    char text[512] = "";
    DWORD error;

    if (!TakeText(&Payload, &Length, engine) || !TakeText(&Payload, &Length, redirector) ||
        !TakeText(&Payload, &Length, gate) || Length != 0) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "three paths are wanted");
        return;
    }
    error = ServicesLoad(engine, redirector, gate, text, sizeof(text));
    Reply(Request, RxAgentAnswer, error, text);
}

static void Put(DWORD Request, const BYTE* Payload, DWORD Length) {
    char name[RXAGENT_MAX_TEXT + 1];
    WCHAR path[RXAGENT_MAX_TEXT + 1];
    DWORD offset;
    DWORD put = 0;
    DWORD error = 0;
    HANDLE file;

    if (!TakeText(&Payload, &Length, name) || Length < sizeof(offset) ||
        MultiByteToWideChar(CP_UTF8, 0, name, -1, path, ARRAYSIZE(path)) == 0) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "a path, an offset and bytes are wanted");
        return;
    }
    memcpy(&offset, Payload, sizeof(offset));
    Payload += sizeof(offset);
    Length -= (DWORD)sizeof(offset);
    file = CreateFileW(path, GENERIC_WRITE, 0, NULL, offset == 0 ? CREATE_ALWAYS : OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        Reply(Request, RxAgentAnswer, GetLastError(), "the file cannot be written");
        return;
    }
    if (SetFilePointer(file, (LONG)offset, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER ||
        !WriteFile(file, Payload, Length, &put, NULL) || put != Length)
        error = GetLastError() != 0 ? GetLastError() : ERROR_DISK_FULL;
    CloseHandle(file);
    Reply(Request, RxAgentAnswer, error, error == 0 ? "" : "the file cannot be written whole");
}

static void Issue(DWORD Request, const BYTE* Payload, DWORD Length) {
    RXAGENT_ISSUE issue;

    if (Length < sizeof(issue)) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "the request is cut short");
        return;
    }
    memcpy(&issue, Payload, sizeof(issue));
    if (issue.InputLength != Length - sizeof(issue) || issue.InputLength > RXAGENT_MAX_BUFFER ||
        issue.OutputLength > RXAGENT_MAX_BUFFER) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "a length of the request is wrong");
    } else if (!RequestsIssue(Request, &issue, Payload + sizeof(issue))) {
        Reply(Request, RxAgentRefused, ERROR_NOT_READY, "no drivers are loaded, or there is no such actor");
    }
}

static void Repeat(DWORD Request, const BYTE* Payload, DWORD Length) {
    RXAGENT_REPEAT repeat;

    if (Length < sizeof(repeat)) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "the request is cut short");
        return;
    }
    memcpy(&repeat, Payload, sizeof(repeat));
    if (repeat.InputLength != Length - sizeof(repeat) || repeat.InputLength > RXAGENT_MAX_BUFFER ||
        repeat.OutputLength > RXAGENT_MAX_BUFFER) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "a length of the request is wrong");
    } else if (!RequestsRepeat(Request, &repeat, Payload + sizeof(repeat))) {
        Reply(Request, RxAgentRefused, ERROR_NOT_READY, "no drivers are loaded");
    }
}

static void Cancel(DWORD Request, const BYTE* Payload, DWORD Length) {
    RXAGENT_CANCEL cancel;

    if (Length != sizeof(cancel)) {
        Reply(Request, RxAgentRefused, ERROR_INVALID_DATA, "the number of a request is wanted");
        return;
    }
    memcpy(&cancel, Payload, sizeof(cancel));
    RequestsCancel(Request, cancel.Request);
}

int wmain(int Count, WCHAR** Arguments) {
    static BYTE payload[RXAGENT_MAX_PAYLOAD];
    RXAGENT_FRAME frame;
    char text[512] = "";

    if (ChannelOpen(Count > 1 ? Arguments[1] : NULL) != 0) return 2;
    while (ChannelReceive(&frame, payload)) {
        switch (frame.Kind) {
            case RxAgentHello:
                Hello(frame.Request);
                break;
            case RxAgentLoad:
                Load(frame.Request, payload, frame.Length);
                break;
            case RxAgentUnload:
                text[0] = 0;
                {
                    const DWORD error = ServicesUnload(text, sizeof(text));

                    Reply(frame.Request, RxAgentAnswer, error, text);
                }
                break;
            case RxAgentIssue:
                Issue(frame.Request, payload, frame.Length);
                break;
            case RxAgentRepeat:
                Repeat(frame.Request, payload, frame.Length);
                break;
            case RxAgentCancel:
                Cancel(frame.Request, payload, frame.Length);
                break;
            case RxAgentPut:
                Put(frame.Request, payload, frame.Length);
                break;
            case RxAgentGoodbye:
                ServicesUnload(text, sizeof(text));
                Reply(frame.Request, RxAgentAnswer, 0, "");
                return 0;
            default:
                Reply(frame.Request, RxAgentRefused, ERROR_INVALID_FUNCTION, "there is no such kind of frame");
                break;
        }
    }
    ServicesUnload(text, sizeof(text)); /* the harness is gone, or sent what is no frame */
    return 1;
}
