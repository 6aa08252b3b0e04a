/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets that are kept as linked lists: in which order elements came means nothing. The compiled code is that of the list
 * macros; the hook is told what it is for (RX_HOOK_TABLE.Set), so that whoever explores interleavings need not tell
 * apart those that differ in that order alone. Each set has a lock, which the caller holds, and promises:
 * - who adds or removes an element, or changes a number that counts them, learns nothing from it;
 * - who looks at the elements does the same whatever their order, or says so (RxSetOrderMatters);
 * - nothing else touches the entries, or shares eight bytes with the number.
 */
#ifndef RXSET_H
#define RXSET_H

#include "../protocol/rxcheck_events.h"
#include "rxkernel.h"

VOID RxTellSet(PVOID Set, PVOID Entry, unsigned int Use); /* hook/runtime.c */

FORCEINLINE VOID RxSetAdd(_Inout_ PLIST_ENTRY Set, _Inout_ PLIST_ENTRY Entry) {
    RxTellSet(Set, Entry, RX_SET_ADDS);
    InsertTailList(Set, Entry);
    RxTellSet(Set, Entry, RX_SET_DONE);
}

FORCEINLINE VOID RxSetRemove(_Inout_ PLIST_ENTRY Set, _Inout_ PLIST_ENTRY Entry) {
    RxTellSet(Set, Entry, RX_SET_REMOVES);
    RemoveEntryList(Entry);
    RxTellSet(Set, Entry, RX_SET_DONE);
}

/* The element after Entry; the first, if that is the set itself, which comes after the last. */
FORCEINLINE PLIST_ENTRY RxSetNext(_In_ PLIST_ENTRY Set, _In_ PLIST_ENTRY Entry) {
    PLIST_ENTRY next;

    RxTellSet(Set, NULL, RX_SET_LOOKS);
    next = Entry->Flink;
    RxTellSet(Set, NULL, RX_SET_DONE);
    return next;
}

FORCEINLINE VOID RxSetCount(_In_ PLIST_ENTRY Set, _Inout_ LONG* Number, _In_ LONG More) {
    RxTellSet(Set, NULL, RX_SET_COUNTS);
    *Number += More;
    RxTellSet(Set, NULL, RX_SET_DONE);
}

FORCEINLINE LONG RxSetNumber(_In_ PLIST_ENTRY Set, _In_ const LONG* Number) {
    LONG number;

    RxTellSet(Set, NULL, RX_SET_LOOKS);
    number = *Number;
    RxTellSet(Set, NULL, RX_SET_DONE);
    return number;
}

/* What the caller does next depends on which of two elements came first. */
FORCEINLINE VOID RxSetOrderMatters(_In_ PLIST_ENTRY Set) {
    RxTellSet(Set, NULL, RX_SET_ORDERED);
}

#endif
