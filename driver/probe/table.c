/* SPDX-License-Identifier: Apache-2.0
 *
 * The mini-redirector's own table of connections by drive letter, as providers ask for it. Filled by a connect, emptied
 * by a successful delete by name; it knows nothing of deletes through a handle.
 */
#include "probe.h"

#define PROBE_LETTERS 26

static ERESOURCE ProbeTableLock;                 /* taken with no other lock held, and no other is taken under it */
static UNICODE_STRING ProbeTable[PROBE_LETTERS]; /* guarded by it; Buffer is NULL where there is no connection */

NTSTATUS ProbeStartTable(VOID) {
    RtlZeroMemory(ProbeTable, sizeof(ProbeTable));
    return ExInitializeResourceLite(&ProbeTableLock);
}

_Requires_exclusive_lock_held_(ProbeTableLock) static VOID ProbeEmptySlot(PUNICODE_STRING Slot) {
    if (Slot->Buffer != NULL) ExFreePoolWithTag(Slot->Buffer, PROBE_TAG_LETTER);
    RtlZeroMemory(Slot, sizeof(*Slot));
}

/* REQUIRES: nobody else uses the table any more. */
VOID ProbeStopTable(VOID) {
    ULONG i;

    for (i = 0; i < PROBE_LETTERS; ++i)
        ProbeEmptySlot(&ProbeTable[i]);
    ExDeleteResourceLite(&ProbeTableLock);
}

PWSTR ProbeCopyName(const UNICODE_STRING* Name) {
    PWSTR copy = ExAllocatePoolWithTag(PagedPool, Name->Length, PROBE_TAG_LETTER);

    if (copy != NULL) RtlCopyMemory(copy, Name->Buffer, Name->Length);
    return copy;
}

VOID ProbeAddLetter(ULONG Letter, const UNICODE_STRING* Name, PWSTR Copy) {
    PUNICODE_STRING slot = &ProbeTable[Letter];

    ExAcquireResourceExclusiveLite(&ProbeTableLock, TRUE);
    ProbeEmptySlot(slot); /* connected before */
    slot->Buffer = Copy;
    slot->Length = Name->Length;
    slot->MaximumLength = Name->Length;
    ExReleaseResourceLite(&ProbeTableLock);
}

VOID ProbeRemoveLetter(const UNICODE_STRING* Name) {
    ULONG letter;

    if (!ProbeLetterOf(Name, &letter)) return;
    ExAcquireResourceExclusiveLite(&ProbeTableLock, TRUE);
    ProbeEmptySlot(&ProbeTable[letter]);
    ExReleaseResourceLite(&ProbeTableLock);
}

/* A provider that asks does not wait for one that connects. */
NTSTATUS ProbeFindLetter(const UNICODE_STRING* Name) {
    NTSTATUS status;
    ULONG letter;

    if (!ProbeLetterOf(Name, &letter)) return STATUS_NOT_FOUND;
    if (!ExAcquireResourceSharedLite(&ProbeTableLock, FALSE)) return STATUS_DEVICE_BUSY;
    status = ProbeTable[letter].Buffer != NULL ? STATUS_SUCCESS : STATUS_NOT_FOUND;
    ExReleaseResourceLite(&ProbeTableLock);
    return status;
}
