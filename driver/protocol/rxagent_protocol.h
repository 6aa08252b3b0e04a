/* SPDX-License-Identifier: Apache-2.0
 *
 * How the harness talks to the guest agent (docs/agent-protocol.md): frames over a byte stream each way. Plain C, no
 * system's types: included by both. All numbers are little-endian; the structures have no padding.
 */
#ifndef RXAGENT_PROTOCOL_H
#define RXAGENT_PROTOCOL_H

#define RXAGENT_MAGIC 0x47415852u /* "RXAG" */
#define RXAGENT_VERSION 2u
#define RXAGENT_MAX_PAYLOAD 65536u

/* A frame is this and Length bytes. Request is chosen by the harness and comes back in the answer. */
typedef struct _RXAGENT_FRAME {
    unsigned int Magic;
    unsigned short Version;
    unsigned short Kind;
    unsigned int Request;
    unsigned int Length;
} RXAGENT_FRAME;

enum RXAGENT_KIND {
    /* From the harness. */
    RxAgentHello = 1,  /* Nothing. Answer: RXAGENT_HELLO */
    RxAgentLoad = 2,   /* Three texts: paths of the engine, of the mini-redirector, and of the gate, which is started
                          once, or nothing. Installs and starts them */
    RxAgentUnload = 3, /* Nothing. Stops and removes them */
    RxAgentIssue = 4,  /* RXAGENT_ISSUE and the request. Answer: RXAGENT_RESULT and the output, when it completes */
    RxAgentCancel = 5, /* RXAGENT_CANCEL: the request of an earlier RxAgentIssue. Answer: RXAGENT_RESULT, Status 0 if it
                          was pending */
    RxAgentGoodbye = 6, /* Nothing. The agent unloads what is loaded, answers and ends */
    RxAgentPut = 7, /* A text, the file's path; 4 bytes, the offset; the bytes that stand there. At 0 the file is new */
    RxAgentRepeat = 8, /* RXAGENT_REPEAT and the request: batched, many times from one thread, each when the one before
                          has completed. Answer: RXAGENT_RESULT without output, Status of the last, when all have */

    /* From the agent. */
    RxAgentAnswer = 64, /* RXAGENT_ANSWER, to load, unload, put and goodbye */
    RxAgentHelloAnswer = 65,
    RxAgentIssued = 66, /* RXAGENT_RESULT without output: the driver has the request, and it is pending */
    RxAgentResult = 67,
    RxAgentRefused = 68 /* RXAGENT_ANSWER: the frame makes no sense. Text: why */
};

typedef struct _RXAGENT_HELLO {
    unsigned int Version;
    unsigned int Processors;
    char System[120]; /* "Wine 8.0", "Windows 10.0.19045"; ends with NUL */
} RXAGENT_HELLO;

/* A text: its length in bytes, then UTF-8, no terminator. */
#define RXAGENT_MAX_TEXT 1024u

typedef struct _RXAGENT_ANSWER {
    unsigned int Status; /* 0, or a Win32 error */
    unsigned int TextLength;
    /* Text: what failed. */
} RXAGENT_ANSWER;

/* One IOCTL, from the real thread of that actor. */
typedef struct _RXAGENT_ISSUE {
    unsigned int Actor; /* 0..RXAGENT_MAX_ACTORS - 1 */
    unsigned int Code;
    unsigned int InputLength; /* at most RXAGENT_MAX_BUFFER */
    unsigned int OutputLength;
    /* Input. */
} RXAGENT_ISSUE;

typedef struct _RXAGENT_REPEAT {
    unsigned int Times;
    unsigned int Code;
    unsigned int InputLength;
    unsigned int OutputLength;
    /* Input. */
} RXAGENT_REPEAT;

#define RXAGENT_MAX_ACTORS 9u
#define RXAGENT_MAX_BUFFER 16384u

typedef struct _RXAGENT_CANCEL {
    unsigned int Request; /* of the RxAgentIssue */
} RXAGENT_CANCEL;

#define RXAGENT_LOG_LOST 0xffffffffu /* in place of a number of entries: the drivers do not answer */

typedef struct _RXAGENT_RESULT {
    unsigned int Status; /* NTSTATUS */
    unsigned int OutputLength;
    unsigned int LogBefore; /* entries of the event log when it was issued, and when it had completed */
    unsigned int LogAfter;
    /* Output. */
} RXAGENT_RESULT;

#endif
