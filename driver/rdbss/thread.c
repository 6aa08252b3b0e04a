/* SPDX-License-Identifier: Apache-2.0
 *
 * Which request a thread carries out. (The published engine asks for the top-level IRP, which Wine does not know.) A
 * worker writes its own entry only, and looks for its own only, so no lock is needed. Compiled without access
 * callbacks: the event log asks, too, and nothing can come between an effect and its entry.
 */
#include "rxp.h"

static struct {
    HANDLE ThreadId; /* before any request */
    PRX_CONTEXT Context;
    ULONG EventTag; /* its */
} RxThreads[RX_WORKER_THREADS];

VOID RxpEnterWorker(ULONG Number) {
    RxThreads[Number].ThreadId = PsGetCurrentThreadId();
}

static ULONG RxpWorkerNumber(VOID) {
    const HANDLE id = PsGetCurrentThreadId();
    ULONG number = 0;

    while (number < RX_WORKER_THREADS && RxThreads[number].ThreadId != id)
        ++number;
    return number;
}

VOID RxpCarryOut(PRX_CONTEXT RxContext) {
    const ULONG number = RxpWorkerNumber();

    if (number == RX_WORKER_THREADS) return;
    RxThreads[number].Context = RxContext;
    RxThreads[number].EventTag = RxContext == NULL ? 0 : RxEventTag(RxContext);
}

ULONG RxpTagOfThread(VOID) {
    const ULONG number = RxpWorkerNumber();

    return number < RX_WORKER_THREADS ? RxThreads[number].EventTag : 0;
}

PRX_CONTEXT RxpRequestOfThread(VOID) {
    const ULONG number = RxpWorkerNumber();

    return number < RX_WORKER_THREADS ? RxThreads[number].Context : NULL;
}
