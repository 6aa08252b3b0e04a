/* SPDX-License-Identifier: Apache-2.0
 *
 * The event log: a ring of the last RXPROBE_LOG_MAX entries and the hook's callback. Compiled without access callbacks,
 * so that nothing can come between an effect and its entry.
 */
#include "rxp.h"

extern RX_HOOK_TABLE* RxHookTable;

static RXCHECK_EVENT RxEventLog[RXPROBE_LOG_MAX];
static volatile LONG RxEventCount;

VOID RxLogEvent(ULONG Kind, ULONG Tag, ULONG Target, ULONG Status, ULONG Value) {
    const ULONG number = (ULONG)InterlockedIncrement(&RxEventCount) - 1;
    RXCHECK_EVENT* event = &RxEventLog[number % RXPROBE_LOG_MAX];
    const RX_HOOK_TABLE* hook = RxHookTable;

    if (Tag == 0) Tag = RxpTagOfThread();
    event->Kind = Kind;
    event->Tag = Tag;
    event->Target = Target;
    event->Status = Status;
    event->Value = Value;
    if (hook != NULL && hook->Event != NULL) hook->Event(event);
}

/* Entries that are being made or overwritten meanwhile come out torn: whoever reads waits until nothing happens. */
ULONG RxReadEventLog(ULONG First, RXPROBE_LOG* Log, ULONG Size) {
    const ULONG header = FIELD_OFFSET(RXPROBE_LOG, Entries);
    const ULONG total = (ULONG)RxEventCount;
    const ULONG room = (Size - header) / sizeof(RXCHECK_EVENT);
    ULONG count;
    ULONG i;

    if (total > RXPROBE_LOG_MAX && First < total - RXPROBE_LOG_MAX) First = total - RXPROBE_LOG_MAX;
    if (First > total) First = total;
    count = total - First;
    if (count > room) count = room;
    for (i = 0; i < count; ++i)
        Log->Entries[i] = RxEventLog[(First + i) % RXPROBE_LOG_MAX];
    Log->Total = total;
    Log->First = First;
    Log->Count = count;
    return header + count * (ULONG)sizeof(RXCHECK_EVENT);
}
