/* SPDX-License-Identifier: Apache-2.0
 *
 * The net-name table: how names are taken apart, compared and found. Names are few, so lists do.
 */
#include "rxp.h"

/* Letters differ in case only: enough for names of servers, shares and files under test, and needs no table of the
 * system's. */
static WCHAR RxpFold(WCHAR c) {
    return c >= L'a' && c <= L'z' ? (WCHAR)(c - (L'a' - L'A')) : c;
}

BOOLEAN RxEqualNames(const UNICODE_STRING* First, const UNICODE_STRING* Second) {
    const USHORT length = First->Length;
    const WCHAR* a = First->Buffer;
    const WCHAR* b = Second->Buffer;
    ULONG i;

    if (length != Second->Length) return FALSE;
    if (memcmp(a, b, length) == 0) return TRUE; /* the usual case, and one report of an access in place of many */
    for (i = 0; i < length / sizeof(WCHAR); ++i) {
        if (RxpFold(a[i]) != RxpFold(b[i])) return FALSE;
    }
    return TRUE;
}

/* The characters of Name from From to To. */
static UNICODE_STRING RxpPart(const UNICODE_STRING* Name, ULONG From, ULONG To) {
    UNICODE_STRING part;

    part.Buffer = Name->Buffer + From;
    part.Length = (USHORT)((To - From) * sizeof(WCHAR));
    part.MaximumLength = part.Length;
    return part;
}

/* The index of the next backslash from From on, or the end. The characters are the request's own: no need to report
 * each. */
RX_UNOBSERVED
static ULONG RxpComponentEnd(const UNICODE_STRING* Name, ULONG From) {
    const ULONG end = Name->Length / sizeof(WCHAR);
    const WCHAR* text = Name->Buffer;

    while (From < end && text[From] != L'\\')
        ++From;
    return From;
}

/* OBJECT_NAME_INVALID for a name that is too short, does not begin with a backslash, or lacks a component. */
NTSTATUS RxpSplitName(const UNICODE_STRING* Name, RX_NAME_PARTS* Parts) {
    const ULONG end = Name->Length / sizeof(WCHAR);
    ULONG begin = 0; /* of the server's component, at its backslash */
    ULONG server;
    ULONG share;

    if (end < 2 || Name->Buffer[0] != L'\\') return STATUS_OBJECT_NAME_INVALID;
    if (Name->Buffer[1] == L';') begin = RxpComponentEnd(Name, 1);
    if (begin == end) return STATUS_OBJECT_NAME_INVALID;
    server = RxpComponentEnd(Name, begin + 1);
    if (server == begin + 1 || server == end) return STATUS_OBJECT_NAME_INVALID;
    share = RxpComponentEnd(Name, server + 1);
    if (share == server + 1) return STATUS_OBJECT_NAME_INVALID;
    Parts->Server = RxpPart(Name, begin, server);
    Parts->Share = RxpPart(Name, begin, share);
    Parts->View = RxpPart(Name, 0, share);
    Parts->Remaining = RxpPart(Name, share, end);
    return STATUS_SUCCESS;
}

VOID RxpAcquirePrefixTable(BOOLEAN Exclusive) {
    if (Exclusive) {
        ExAcquireResourceExclusiveLite(&RxNetNameTable.TableLock, TRUE);
    } else {
        ExAcquireResourceSharedLite(&RxNetNameTable.TableLock, TRUE);
    }
}

VOID RxpReleasePrefixTable(VOID) {
    ExReleaseResourceLite(&RxNetNameTable.TableLock);
}

VOID RxAcquirePrefixTableLockExclusive(VOID) {
    RxpAcquirePrefixTable(TRUE);
}

VOID RxReleasePrefixTableLock(VOID) {
    RxpReleasePrefixTable();
}

PSRV_CALL RxpFindSrvCall(const UNICODE_STRING* Name) {
    PLIST_ENTRY entry;

    for (entry = RxNetNameTable.SrvCalls.Flink; entry != &RxNetNameTable.SrvCalls; entry = entry->Flink) {
        PSRV_CALL call = CONTAINING_RECORD(entry, SRV_CALL, PrefixEntry);

        if (RxEqualNames(&call->SrvCallName, Name)) return call;
    }
    return NULL;
}

PNET_ROOT RxpFindNetRoot(const UNICODE_STRING* Name) {
    PLIST_ENTRY entry;

    for (entry = RxNetNameTable.NetRoots.Flink; entry != &RxNetNameTable.NetRoots; entry = entry->Flink) {
        PNET_ROOT root = CONTAINING_RECORD(entry, NET_ROOT, PrefixEntry);

        if (RxEqualNames(&root->NetRootName, Name)) return root;
    }
    return NULL;
}

/* Another logon session's view of that name is another view (C69, C100). */
PV_NET_ROOT RxpFindVNetRoot(const UNICODE_STRING* Name, ULONG LogonId) {
    PLIST_ENTRY entry;

    for (entry = RxNetNameTable.VNetRoots.Flink; entry != &RxNetNameTable.VNetRoots; entry = entry->Flink) {
        PV_NET_ROOT view = CONTAINING_RECORD(entry, V_NET_ROOT, PrefixEntry);

        if (view->LogonId == LogonId && RxEqualNames(&view->Name, Name)) return view;
    }
    return NULL;
}
