/* SPDX-License-Identifier: Apache-2.0
 *
 * One IOCTL an operation, each from the real thread of its actor. A request that the driver pends is waited for by a
 * thread of its own, so that the actor's can go on.
 */
#include "agent.h"

#define MAX_REQUESTS 256
#ifndef STATUS_NOT_FOUND
#define STATUS_NOT_FOUND ((NTSTATUS)0xC0000225)
#endif

typedef struct _REQUEST {
    struct _REQUEST* Next; /* in its actor's line */
    DWORD Number;          /* the harness's */
    BOOL Used;
    HANDLE Device; /* that it goes to */
    DWORD Code;
    DWORD InputLength;
    DWORD OutputLength;
    DWORD LogBefore;
    IO_STATUS_BLOCK Status;
    HANDLE Event;
    HANDLE Waiter; /* a thread of its own, made when it is first pended; woken by Pended */
    HANDLE Pended;
    BYTE Input[RXAGENT_MAX_BUFFER];
    BYTE Output[RXAGENT_MAX_BUFFER];
} REQUEST;

typedef struct _ACTOR {
    HANDLE Thread;
    HANDLE Wake;
    REQUEST* First;
} ACTOR;

typedef NTSTATUS(NTAPI* CANCEL_IO_FILE_EX)(HANDLE, PIO_STATUS_BLOCK, PIO_STATUS_BLOCK);

static CRITICAL_SECTION Lock; /* Used, the lines, the devices */
static BOOL LockMade;
static REQUEST* Requests[MAX_REQUESTS];
static ACTOR Actors[RXAGENT_MAX_ACTORS];
static BOOL Usable;                          /* drivers are loaded */
static HANDLE Device = INVALID_HANDLE_VALUE; /* the mini-redirector's, once a request has asked for it */
static HANDLE GateDevice = INVALID_HANDLE_VALUE;

static void Prepare(void) {
    if (!LockMade) InitializeCriticalSection(&Lock);
    LockMade = TRUE;
}

/* REQUIRES: Lock is held. */
static HANDLE DeviceFor(DWORD Code) {
    if (!Usable) return INVALID_HANDLE_VALUE;
    if (RXGATE_IS_IOCTL(Code)) return GateDevice;
    Device = ServicesDevice();
    return Device;
}

void RequestsUse(BOOL Loaded, HANDLE Gate) {
    Prepare();
    EnterCriticalSection(&Lock);
    Usable = Loaded;
    if (!Loaded) Device = INVALID_HANDLE_VALUE;
    GateDevice = Gate;
    LeaveCriticalSection(&Lock);
}

/* How many entries the drivers' event log has had; RXAGENT_LOG_LOST if the drivers do not say. */
static DWORD LogTotal(void) {
    RXPROBE_REQUEST request = {0};
    RXPROBE_LOG log = {0};
    IO_STATUS_BLOCK status;
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    NTSTATUS result;

    request.Tag = ~2u;
    request.Argument = ~0u; /* no entries */
    result = NtDeviceIoControlFile(Device, event, NULL, NULL, &status, IOCTL_RXPROBE_QUERY_LOG, &request,
                                   RXPROBE_REQUEST_HEADER + 2, &log, FIELD_OFFSET(RXPROBE_LOG, Entries));
    if (result == STATUS_PENDING) {
        WaitForSingleObject(event, INFINITE);
        result = status.Status;
    }
    CloseHandle(event);
    return result >= 0 ? log.Total : RXAGENT_LOG_LOST;
}

/* The gate is told when events are made; asking for their number would only cost time. */
static DWORD LogTotalOf(const REQUEST* Request) {
    return Request->Device == GateDevice ? 0 : LogTotal();
}

static void Answer(REQUEST* Request, NTSTATUS Status) {
    RXAGENT_RESULT result = {(DWORD)Status, 0, Request->LogBefore, LogTotalOf(Request)};
    const DWORD number = Request->Number;

    if (Status >= 0) result.OutputLength = (DWORD)Request->Status.Information;
    if (result.OutputLength > Request->OutputLength) result.OutputLength = Request->OutputLength;
    ChannelSend(RxAgentResult, number, &result, sizeof(result), Request->Output, result.OutputLength);
    EnterCriticalSection(&Lock);
    Request->Used = FALSE;
    LeaveCriticalSection(&Lock);
}

_Noreturn static DWORD WINAPI WaiterMain(PVOID Parameter) {
    REQUEST* request = Parameter;

    for (;;) {
        WaitForSingleObject(request->Pended, INFINITE);
        WaitForSingleObject(request->Event, INFINITE);
        Answer(request, request->Status.Status);
    }
}

static BOOL AwaitCompletion(REQUEST* Request) {
    if (Request->Pended == NULL) Request->Pended = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (Request->Pended == NULL) return FALSE;
    if (Request->Waiter == NULL) Request->Waiter = CreateThread(NULL, 65536, WaiterMain, Request, 0, NULL);
    return Request->Waiter != NULL && SetEvent(Request->Pended);
}

static void CarryOut(REQUEST* Request) {
    NTSTATUS status;

    Request->LogBefore = LogTotalOf(Request);
    ResetEvent(Request->Event);
    Request->Status.Status = STATUS_PENDING;
    status = NtDeviceIoControlFile(Request->Device, Request->Event, NULL, NULL, &Request->Status, Request->Code,
                                   Request->Input, Request->InputLength, Request->Output, Request->OutputLength);
    if (status != STATUS_PENDING) {
        if (status < 0) Request->Status.Information = 0;
        Answer(Request, status);
        return;
    }
    {
        const RXAGENT_RESULT pending = {(DWORD)STATUS_PENDING, 0, Request->LogBefore, 0};

        ChannelSend(RxAgentIssued, Request->Number, &pending, sizeof(pending), NULL, 0);
    }
    if (!AwaitCompletion(Request)) ExitProcess(4);
}

_Noreturn static DWORD WINAPI ActorMain(PVOID Parameter) {
    ACTOR* actor = Parameter;

    for (;;) {
        REQUEST* request;

        WaitForSingleObject(actor->Wake, INFINITE);
        EnterCriticalSection(&Lock);
        request = actor->First;
        if (request != NULL) actor->First = request->Next;
        LeaveCriticalSection(&Lock);
        if (request != NULL) CarryOut(request);
    }
}

static BOOL StartActor(ACTOR* Actor) {
    if (Actor->Thread != NULL) return TRUE;
    Actor->Wake = CreateSemaphoreW(NULL, 0, MAXLONG, NULL); /* a unit a request */
    Actor->Thread = Actor->Wake == NULL ? NULL : CreateThread(NULL, 0, ActorMain, Actor, 0, NULL);
    return Actor->Thread != NULL;
}

/* REQUIRES: Lock is held. */
static REQUEST* FindFree(void) {
    DWORD i;

    for (i = 0; i < MAX_REQUESTS; ++i) {
        if (Requests[i] == NULL) {
            Requests[i] = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(REQUEST));
            if (Requests[i] == NULL) return NULL;
            Requests[i]->Event = CreateEventW(NULL, TRUE, FALSE, NULL);
        }
        if (!Requests[i]->Used) return Requests[i];
    }
    return NULL;
}

BOOL RequestsIssue(DWORD Request, const RXAGENT_ISSUE* Issue, const BYTE* Input) {
    HANDLE device;
    REQUEST* request;
    REQUEST** last;

    Prepare();
    if (Issue->Actor >= RXAGENT_MAX_ACTORS || !StartActor(&Actors[Issue->Actor])) return FALSE;
    EnterCriticalSection(&Lock);
    device = DeviceFor(Issue->Code);
    request = device == INVALID_HANDLE_VALUE ? NULL : FindFree();
    if (request != NULL) {
        request->Used = TRUE;
        request->Device = device;
        request->Next = NULL;
        request->Number = Request;
        request->Code = Issue->Code;
        request->InputLength = Issue->InputLength;
        request->OutputLength = Issue->OutputLength;
        memcpy(request->Input, Input, Issue->InputLength);
        for (last = &Actors[Issue->Actor].First; *last != NULL; last = &(*last)->Next) {
        }
        *last = request;
    }
    LeaveCriticalSection(&Lock);
    if (request != NULL) ReleaseSemaphore(Actors[Issue->Actor].Wake, 1, NULL);
    return request != NULL;
}

BOOL RequestsRepeat(DWORD Request, const RXAGENT_REPEAT* Repeat, const BYTE* Input) {
    static BYTE input[RXAGENT_MAX_BUFFER];
    static BYTE output[RXAGENT_MAX_BUFFER];
    RXAGENT_RESULT result = {0, 0, 0, 0};
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
    IO_STATUS_BLOCK status;
    HANDLE device;
    DWORD i;

    Prepare();
    EnterCriticalSection(&Lock);
    device = DeviceFor(Repeat->Code);
    LeaveCriticalSection(&Lock);
    if (device == INVALID_HANDLE_VALUE || event == NULL) return FALSE;
    memcpy(input, Input, Repeat->InputLength);
    for (i = 0; i < Repeat->Times; ++i) {
        NTSTATUS one;

        ResetEvent(event);
        one = NtDeviceIoControlFile(device, event, NULL, NULL, &status, Repeat->Code, input, Repeat->InputLength,
                                    output, Repeat->OutputLength);
        if (one == STATUS_PENDING) {
            WaitForSingleObject(event, INFINITE);
            one = status.Status;
        }
        result.Status = (DWORD)one;
    }
    CloseHandle(event);
    ChannelSend(RxAgentResult, Request, &result, sizeof(result), NULL, 0);
    return TRUE;
}

static DWORD Cancel(REQUEST* Request) {
    static CANCEL_IO_FILE_EX cancel;
    IO_STATUS_BLOCK status;

    if (cancel == NULL)
        cancel = (CANCEL_IO_FILE_EX)(void*)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtCancelIoFileEx");
    return cancel != NULL && cancel(Request->Device, &Request->Status, &status) >= 0 ? 0 : ERROR_NOT_FOUND;
}

void RequestsCancel(DWORD Number, DWORD Request) {
    RXAGENT_RESULT result = {(DWORD)STATUS_NOT_FOUND, 0, 0, 0};
    DWORD i;

    Prepare();
    result.LogBefore = LogTotal();
    EnterCriticalSection(&Lock);
    for (i = 0; i < MAX_REQUESTS && Requests[i] != NULL; ++i)
        if (Requests[i]->Used && Requests[i]->Number == Request && Cancel(Requests[i]) == 0) result.Status = 0;
    LeaveCriticalSection(&Lock);
    result.LogAfter = LogTotal();
    ChannelSend(RxAgentResult, Number, &result, sizeof(result), NULL, 0);
}

void RequestsDrain(void) {
    DWORD attempt;

    Prepare();
    for (attempt = 0; attempt < 100; ++attempt) {
        BOOL some = FALSE;
        DWORD i;

        EnterCriticalSection(&Lock);
        for (i = 0; i < MAX_REQUESTS && Requests[i] != NULL; ++i) {
            if (!Requests[i]->Used) continue;
            some = TRUE;
            Cancel(Requests[i]);
        }
        LeaveCriticalSection(&Lock);
        if (!some) return;
        Sleep(10);
    }
}
