/* SPDX-License-Identifier: Apache-2.0
 *
 * Names as they come from user mode: the drive letter in a connection's name, and the raw buffers of RAW_ADD and
 * RAW_DEL, where nothing but the length of the input says how long the name is.
 */
#include "probe.h"

static BOOLEAN ProbeHasCharacter(const UNICODE_STRING* Name, ULONG Index) {
    return Index < Name->Length / sizeof(WCHAR);
}

BOOLEAN ProbeLetterOf(const UNICODE_STRING* Name, PULONG Letter) {
    ULONG colon = 0;
    WCHAR c;

    while (ProbeHasCharacter(Name, colon) && Name->Buffer[colon] != L':')
        ++colon;
    if (colon == 0 || !ProbeHasCharacter(Name, colon)) return FALSE;
    c = Name->Buffer[colon - 1];
    if (c >= L'a' && c <= L'z') c = (WCHAR)(c - (L'a' - L'A'));
    if (c < L'A' || c > L'Z') return FALSE;
    *Letter = (ULONG)(c - L'A');
    return TRUE;
}

/* The terminator is not part of the name, and a buffer that has no room for it has no name. */
NTSTATUS ProbeRawName(PRX_CONTEXT RxContext, PUNICODE_STRING Name) {
    RXPROBE_REQUEST* request = RxContext->CurrentIrp->AssociatedIrp.SystemBuffer;
    const ULONG input = RxContext->CurrentIrpSp->Parameters.DeviceIoControl.InputBufferLength;
    const ULONG length = input - RXPROBE_REQUEST_HEADER; /* the dispatch routine has seen that the header is there */

    if (length < sizeof(WCHAR) || length > RXPROBE_NAME_MAX || length % sizeof(WCHAR) != 0) {
        return STATUS_BAD_NETWORK_NAME;
    }
    Name->Buffer = (PWSTR)request->Name;
    Name->Length = (USHORT)(length - sizeof(WCHAR));
    Name->MaximumLength = Name->Length;
    return STATUS_SUCCESS;
}
