/* SPDX-License-Identifier: Apache-2.0
 *
 * How to talk to rxgate.sys, on \Device\rxgate (\\.\rxgate): METHOD_BUFFERED, one request at a time. The gate holds the
 * drivers' threads and lets one go on at a time. BEGIN and GO answer when the harness is wanted: an actor stands
 * between two operations, nothing can go on, a rule is broken. Meanwhile nothing runs in the drivers. Plain C, no
 * kernel types beyond the CTL_CODE arithmetic; all numbers are little-endian, the structures have no padding.
 */
#ifndef RXGATE_PROTOCOL_H
#define RXGATE_PROTOCOL_H

#include "rxcheck_events.h"

/* CTL_CODE(FILE_DEVICE_UNKNOWN, 0xa00 + n, METHOD_BUFFERED, FILE_ANY_ACCESS) */
#define RXGATE_IOCTL(n) ((0x22u << 16) | ((0xA00u + (n)) << 2))
#define RXGATE_IS_IOCTL(code) (((code) >> 16) == 0x22u && (((code) >> 2) & 0xFFFu) >= 0xA00u)

#define IOCTL_RXGATE_BEGIN RXGATE_IOCTL(0) /* RXGATE_BEGIN. Reply: RXGATE_STOP, when all threads wait */
#define IOCTL_RXGATE_GO RXGATE_IOCTL(1)    /* RXGATE_GO, the input. Reply: RXGATE_STOP */
#define IOCTL_RXGATE_LEAVE \
    RXGATE_IOCTL(          \
        2) /* From here on all threads run free, until drivers are loaded again. With RXGATE_LEAVE: with delays */
#define IOCTL_RXGATE_EVENTS RXGATE_IOCTL(3)  /* Reply: RXGATE_STOP with what was not told yet */
#define IOCTL_RXGATE_THREADS RXGATE_IOCTL(4) /* Reply: RXGATE_THREADS */
#define IOCTL_RXGATE_ABANDON \
    RXGATE_IOCTL(5) /* Where the running thread stands. Answers BEGIN or GO with it, and leaves */
#define IOCTL_RXGATE_LEAKS RXGATE_IOCTL(6)   /* After RxGateUnload. Reply: RXGATE_STOP whose rule says what is left */
#define IOCTL_RXGATE_CHOICES RXGATE_IOCTL(7) /* RXGATE_CHOICE, several: the next ones of the schedule, before BEGIN */

#define RXGATE_MAX_CHOICES 4096u
#define RXGATE_MAX_PLACES 4u
#define RXGATE_MAX_OPERATIONS 8192u
#define RXGATE_ACTORS 9u /* 0 is the environment */
#define RXGATE_NO_OPERATION 0xffffu
#define RXGATE_ASKING (RXGATE_MAX_OPERATIONS - 1) /* stands for a request that belongs to no operation */
#define RXGATE_NAME 48u

/* Which memory: a place in a driver's image, or in an allocation. */
enum RXGATE_WHERE { RxGateNowhere = 0, RxGateImage = 1, RxGatePool = 2 };

typedef struct _RXGATE_PLACE {
    unsigned int Where;
    unsigned int Which;  /* Image: 0 the driver loaded first. Pool: the tag */
    unsigned int Offset; /* or RXGATE_WHOLE */
} RXGATE_PLACE;
#define RXGATE_WHOLE 0xffffffffu

typedef struct _RXGATE_RANGE {
    unsigned int Image;
    unsigned int Begin; /* relative to the image */
    unsigned int End;
} RXGATE_RANGE;

/* A choice of the schedule (harness/core/schedule.h), with places for names. */
typedef struct _RXGATE_CHOICE {
    unsigned short Actor, Worker, Operation, Access; /* Access: 0 read, 1 write, 2 atomic, 3 call, 4 block */
    unsigned int Occurrence;
    unsigned int IsPick;
    unsigned short ToActor, ToWorker, ToOperation, FunctionCount; /* FunctionCount 0: no function of a driver */
    RXGATE_RANGE Functions[RXGATE_MAX_PLACES];
    unsigned int ObjectCount;
    RXGATE_PLACE Objects[RXGATE_MAX_PLACES];
    char Service[RXGATE_NAME]; /* call: the imported routine. block: "begin" or "wait" */
} RXGATE_CHOICE;

/* Threads that race: at a yield point, once in Period, by Seed, the thread lets others go on or sleeps for a while. */
typedef struct _RXGATE_LEAVE {
    unsigned int Seed;
    unsigned int Period; /* 0: no delays */
} RXGATE_LEAVE;

typedef struct _RXGATE_BEGIN {
    unsigned int LowMemory; /* Program::low_memory: which allocation for an actor's operation is refused; 0: none */
} RXGATE_BEGIN;

/* What the actor that stands at its boundary does next. */
enum RXGATE_ACT {
    RxGateNothing = 0, /* nobody stands there: threads can go on, for conditions may be met now */
    RxGateIssue = 1,
    RxGateCancel = 2, /* IoCancelIrp for Target's request. STOP: Value is whether a routine was called */
    RxGateWait = 3,   /* until Condition; then it stands at its boundary again */
    RxGateTick = 4,   /* Value seconds pass */
    RxGateDone = 5,   /* it has no more operations */
    RxGateUnload = 6  /* actor 0: the drivers' DriverUnload, the mini-redirector's first */
};

enum RXGATE_CONDITION {
    RxGateReady = 0,     /* its bit in Ready is set */
    RxGateCompleted = 1, /* Target's request is */
    RxGateIdle = 2,      /* no request uses the handle of Target */
    RxGateSettled = 3    /* Operation's request is completed, or no system thread that could go on works for it */
};

#define RXGATE_USES_HANDLE 1u /* of Target */
#define RXGATE_ASYNC 2u       /* The operation returns when the request is settled; else when it is completed */
#define RXGATE_CANCELLED 4u   /* The request is cancelled before it is sent */

typedef struct _RXGATE_GO {
    unsigned int Actor;
    unsigned int Act;
    unsigned short Ordinal; /* of the operation within its actor, from 1 */
    unsigned short Operation;
    unsigned short Target; /* an operation */
    unsigned short Flags;
    unsigned int Condition;
    unsigned int Value;
    unsigned int Ready;     /* a bit for each actor that waits for RxGateReady and need not any more */
    unsigned int Start;     /* a bit for each actor that begins */
    unsigned int Exploring; /* whether choices are met, and allocations refused */
    unsigned int Code;
    unsigned int OutputLength;
    unsigned int InputLength;
    /* Input. */
} RXGATE_GO;

enum RXGATE_REASON {
    RxGateBoundary = 1,  /* Actor stands between two operations */
    RxGateQuiescent = 2, /* no thread can go on */
    RxGateBroken = 3,    /* a rule is; the drivers are not to be used any more */
    RxGateLost = 4,      /* a thread did what the gate does not know, or did not come back: see Text */
    RxGateMore = 5       /* an answer to EVENTS */
};

/* The event of a driver's log, or RXGATE_COMPLETED, RXGATE_REFUSED. */
typedef struct _RXGATE_EVENT {
    RXCHECK_EVENT Event;
    unsigned int Operation; /* for which the thread worked */
} RXGATE_EVENT;
#define RXGATE_COMPLETED 4u /* Tag: operation + 1; Value: the first number of the output */
#define RXGATE_REFUSED 8u   /* an allocation */

typedef struct _RXGATE_STOP {
    unsigned int Reason;
    unsigned int Actor;
    unsigned int Value;
    unsigned int Status; /* of the actor's request */
    unsigned int ChoicesMet;
    unsigned int LeftSchedule; /* the line of the next choice cannot run where it is met */
    unsigned int Switches;
    unsigned int Points;       /* yield points so far */
    unsigned int MoreEvents;   /* ask EVENTS */
    unsigned int EventCount;   /* RXGATE_EVENT each, follow */
    unsigned int OutputLength; /* and then the output */
    unsigned int RuleOperation;
    RXGATE_PLACE RulePlace; /* what the rule is about, */
    char RuleObject[32];    /* or that in words */
    RXGATE_PLACE RuleSite;  /* the place behind the call or access */
    char Rule[RXGATE_NAME];
    char Text[96];
} RXGATE_STOP;

typedef struct _RXGATE_THREAD_STATE {
    unsigned int Number;
    unsigned short Actor, Operation;
    unsigned int System;
    unsigned int Wait; /* RXGATE_WAIT_KIND */
    RXGATE_PLACE Place;
} RXGATE_THREAD_STATE;

enum RXGATE_WAIT_KIND {
    RxGateWaitNone = 0,
    RxGateWaitSpinLock = 1,
    RxGateWaitObject = 2,
    RxGateWaitResourceExclusive = 3,
    RxGateWaitResourceShared = 4,
    RxGateWaitCondition = 5
};

typedef struct _RXGATE_THREADS {
    unsigned int Count;
    RXGATE_THREAD_STATE Threads[32];
} RXGATE_THREADS;

#endif
