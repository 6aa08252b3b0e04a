/* SPDX-License-Identifier: Apache-2.0 */
#include "agent.h"

static HANDLE Input;
static HANDLE Output;
static CRITICAL_SECTION OutputLock;

DWORD ChannelOpen(const WCHAR* Device) {
    InitializeCriticalSection(&OutputLock);
    if (Device == NULL) {
        Input = GetStdHandle(STD_INPUT_HANDLE);
        Output = GetStdHandle(STD_OUTPUT_HANDLE);
        return 0;
    }
    Input = CreateFileW(Device, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                        0, NULL);
    Output = Input;
    return Input == INVALID_HANDLE_VALUE ? GetLastError() : 0;
}

static BOOL ReadAll(void* Buffer, DWORD Length) {
    BYTE* to = Buffer;

    while (Length != 0) {
        DWORD got = 0;

        if (!ReadFile(Input, to, Length, &got, NULL) || got == 0) return FALSE;
        to += got;
        Length -= got;
    }
    return TRUE;
}

BOOL ChannelReceive(RXAGENT_FRAME* Frame, BYTE* Payload) {
    if (!ReadAll(Frame, sizeof(*Frame))) return FALSE;
    if (Frame->Magic != RXAGENT_MAGIC || Frame->Version != RXAGENT_VERSION || Frame->Length > RXAGENT_MAX_PAYLOAD)
        return FALSE;
    return ReadAll(Payload, Frame->Length);
}

static void WriteAll(const void* Buffer, DWORD Length) {
    const BYTE* from = Buffer;

    while (Length != 0) {
        DWORD put = 0;

        if (!WriteFile(Output, from, Length, &put, NULL) || put == 0) ExitProcess(3);
        from += put;
        Length -= put;
    }
}

void ChannelSend(DWORD Kind, DWORD Request, const void* Head, DWORD HeadLength, const void* Tail, DWORD TailLength) {
    static BYTE whole[sizeof(RXAGENT_FRAME) + RXAGENT_MAX_PAYLOAD]; /* guarded by OutputLock */
    const RXAGENT_FRAME frame = {RXAGENT_MAGIC, RXAGENT_VERSION, (unsigned short)Kind, Request,
                                 HeadLength + TailLength};

    EnterCriticalSection(&OutputLock);
    memcpy(whole, &frame, sizeof(frame));
    memcpy(whole + sizeof(frame), Head, HeadLength);
    if (TailLength != 0) memcpy(whole + sizeof(frame) + HeadLength, Tail, TailLength);
    WriteAll(whole, sizeof(frame) + HeadLength + TailLength);
    LeaveCriticalSection(&OutputLock);
}
