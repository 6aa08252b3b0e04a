/* SPDX-License-Identifier: Apache-2.0
 *
 * The event log: what the drivers report of themselves, one entry an event, in the order in which the events took
 * place. It is the only thing that models ever learn of a driver. The numbers are shared with the harness
 * (harness/core/history.h). Plain C, no kernel types: included by drivers and harness alike.
 *
 * An effect is logged inside the atomic section (the lock, or directly after the interlocked instruction)
 * that makes it visible, so that the order of entries is the order of effects. Tag names a request (see
 * rxprobe_protocol.h); Target a request, or the request that opened a handle.
 */
#ifndef RXCHECK_EVENTS_H
#define RXCHECK_EVENTS_H

enum RXCHECK_EVENT_KIND {
    /* Effects, by the engine. */
    RxEventStart = 16, /* Tag. Worker took the request up; Status CANCELLED if it was cancelled before, else SUCCESS. */
    RxEventConnect = 17,     /* Tag, Value = serial. Tree handle taken and the add-connection reference is held. */
    RxEventTree = 18,        /* Tag, Value = serial. Tree handle taken (also the temporary one of DISCONNECT). */
    RxEventMissing = 19,     /* Tag. No such connection. */
    RxEventOpen = 20,        /* Tag, Value = serial. NumberOfFobxs was raised for this open. */
    RxEventUnopen = 21,      /* Tag, Value = serial. ...and lowered again because the open failed. */
    RxEventSubmit = 22,      /* Tag, Target = handle, Status, Value = serial. Accepted, or refused with Status. */
    RxEventFinalize = 23,    /* Tag, Status = level, Value = serial. RxFinalizeConnection decided. */
    RxEventCancel = 24,      /* Target. RX_CONTEXT_FLAG_CANCELLED was set on it and its routine taken out. */
    RxEventSet = 25,         /* Target, Value = routine. RxSetMinirdrCancelRoutine's atomic section. */
    RxEventCleanup = 26,     /* Tag, Target = handle. */
    RxEventClose = 27,       /* Tag, Target = handle, Value = serial. NumberOfFobxs was lowered. */
    RxEventTreeClose = 28,   /* Tag, Value = serial. */
    RxEventList = 29,        /* Tag. */
    RxEventFinish = 30,      /* Target, Status. CurrentIrp was taken out: the request's result is decided. */
    RxEventLookup = 31,      /* Tag, Target, Status SUCCESS or NOT_FOUND. By the mini-redirector. */
    RxEventDereference = 32, /* Tag, Target, Value = 1 if Flags showed CANCELLED. By the mini-redirector. */
    RxEventShareBusy =
        38, /* Tag, Status FILES_OPEN or SUCCESS, Value = serial. By the mini-redirector: a test of its own. */
    RxEventUnconnect = 39, /* Tag, Value = serial. The add-connection reference that this request took is given back. */
    RxEventOrphan = 40,    /* Value = serial. RxFinalizeVNetRoot with force. */
    RxEventAcquire = 41,   /* Tag, Status CANCELLED or SUCCESS. Whether it may acquire its FCB; not cleanup, close. */
    RxEventReinitialize = 42, /* Tag. The context of a create is ready for its second attempt. */
    RxEventState = 43,        /* Tag, Value = RDBSS_STARTABLE 0, RDBSS_STARTED 1 or RDBSS_STOP_IN_PROGRESS 2. */

    RxEventBad = 33,      /* Tag, Status, Value = serial. A view's construction failed: its name is gone again. */
    RxEventAnswered = 34, /* Tag, Status, Value = serial of server or view. The mini-redirector called back. */
    RxEventDormant =
        35, /* Tag, Target = handle, Value = serial. The close is delayed: the handle is gone, its FOBX stays. */
    RxEventScavenge =
        36, /* Target = handle whose MRxCreate opened it, Value = serial. A dormant FOBX stopped counting. */
    RxEventCollapse = 37, /* Tag, Target as above, Value = serial. The open uses what is open on the server already. */

    /* Callouts, by the mini-redirector. */
    RxEventCreateSrvCall = 48,    /* Tag, Value = serial of the server */
    RxEventCreateVNetRoot = 49,   /* Tag, Value = serial */
    RxEventFinalizeVNetRoot = 50, /* Status = ForceDisconnect, Value = serial */
    RxEventFinalizeNetRoot = 51,  /* Status = ForceDisconnect, Value = serial of the share */
    RxEventFinalizeSrvCall = 52,  /* Value = serial of the server */
    RxEventCreate = 53,           /* Tag, Value = serial */
    RxEventCleanupFobx = 54,      /* Tag */
    RxEventCloseSrvOpen = 55,     /* Tag */
    RxEventLowIoWrite = 56,       /* Tag */
    RxEventLowIoRead = 57,        /* Tag */
    RxEventLowIoNotify = 58,      /* Tag */
    RxEventCancelRoutine = 59,    /* Target, Value = routine */
    RxEventHeld = 60,             /* Tag */
    RxEventReleased = 61,         /* Tag, Target = the connect or open that was held */
    RxEventCreateNetRoot = 62,    /* Tag, Value = serial of the share: MRxCreateVNetRoot is to make it, too */
    RxEventIsValidDirectory = 63, /* Tag, Status, Value = serial of the view */
    RxEventTransportUp = 67,   /* Tag, Value = number. By the engine: the transport's connection to a server is there */
    RxEventTransportDown = 68, /* Value = number. ...and gone */

    RxEventCollapseOpen = 64, /* Tag, Value = serial */

    /* The mini-redirector calling the engine. */
    RxEventSetEnter = 72, /* Target, Value = routine */
    RxEventSetLeave = 73  /* Target, Status, Value = routine */
};

typedef struct _RXCHECK_EVENT {
    unsigned int Kind;
    unsigned int Tag;
    unsigned int Target;
    unsigned int Status;
    unsigned int Value;
} RXCHECK_EVENT;

/*
 * The hook: a table of routines that the harness may set in each driver it loads, through the data export
 * RxHookTable (NULL in the file: then every callback is inert). Microsoft x64 calling convention.
 *
 * Access is called before a load or store by driver code (stack accesses excluded only where the compiler proves them
 * local): Site is the return address inside the accessing function. Event is called with each log entry as it is made.
 * Set, unless it is NULL, is told what a driver does with its sets; its accesses are told as any.
 *
 * Each access is counted down in AccessesLeft. Most of at most 8 bytes concern nobody, and a driver makes so many that
 * the callback finds it out by itself: Fields has a byte for each 8 bytes of memory below RX_FIELDS_END. 0: nothing can
 * happen at an access. 1: it counts in Yields, and Access is called instead when that would come to Question. Negative,
 * or no accesses are left: Access is called, as it is for larger accesses, interlocked instructions and memory beyond.
 * Step is what of the byte is added to Yields: its sign, which is beyond every Question, and at times its lowest bit.
 */
#define RX_ACCESS_READ 0
#define RX_ACCESS_WRITE 1
#define RX_ACCESS_ATOMIC 2
#define RX_ACCESS_KIND(Kind) ((Kind)&3u)
/* Added to one of the above. Of a load or store: it is of something volatile. Of an interlocked one: it only reads. */
#define RX_ACCESS_MARKED 4

/* What a driver is about to do with a set (driver/include/rxset.h), until it is done. */
#define RX_SET_DONE 0
#define RX_SET_ADDS 1
#define RX_SET_REMOVES 2
#define RX_SET_COUNTS 3
#define RX_SET_LOOKS 4
#define RX_SET_ORDERED 5 /* in which order elements came decides what it does next; no done follows */

#define RX_FIELDS_END 0x80000000ull
#define RX_STEP_NONE (1ull << 63)
#define RX_STEP_ONE (RX_STEP_NONE | 1)
#define RX_QUESTION_NEVER (1ull << 63)

typedef struct _RX_HOOK_TABLE {
#if defined(__MINGW32__) || defined(_MSC_VER)
    void (*Access)(void* Address, unsigned int Size, unsigned int Kind, void* Site);
    void (*Event)(const RXCHECK_EVENT* Event);
    void (*Set)(void* Set, void* Entry, unsigned int Use);
#else
    void(__attribute__((ms_abi)) * Access)(void* Address, unsigned int Size, unsigned int Kind, void* Site);
    void(__attribute__((ms_abi)) * Event)(const RXCHECK_EVENT* Event);
    void(__attribute__((ms_abi)) * Set)(void* Set, void* Entry, unsigned int Use);
#endif
    const signed char* Fields;
    unsigned long long Yields;
    unsigned long long Step; /* RX_STEP_NONE or RX_STEP_ONE */
    unsigned long long Question;
    long long AccessesLeft;
} RX_HOOK_TABLE;

/* The data export RxCoverage of drivers that were built for libFuzzer: their edge counters, and the table of their
 * places. */
typedef struct _RX_COVERAGE_TABLE {
    unsigned char* CountersStart;
    unsigned char* CountersStop;
    const void* PcsStart;
    const void* PcsStop;
} RX_COVERAGE_TABLE;

/* The data export RxCompared of drivers that were built to tell what they compare, too: a pointer that the harness
 * sets. Site is the place behind the comparison. */
#if defined(__MINGW32__) || defined(_MSC_VER)
typedef void (*RX_COMPARED)(unsigned long long Site, unsigned long long Left, unsigned long long Right,
                            unsigned int Bytes);
#else
typedef void(__attribute__((ms_abi)) * RX_COMPARED)(unsigned long long Site, unsigned long long Left,
                                                    unsigned long long Right, unsigned int Bytes);
#endif

#endif
