/* SPDX-License-Identifier: Apache-2.0
 *
 * The transport's connection to each server: built with the server, taken down with it unless somebody did so before. A
 * deletion leaves it up unless it asks for more (C37).
 */
#include "probe.h"

typedef struct _PROBE_SERVER {
    LIST_ENTRY Entry;      /* guarded by ProbeSpinLock */
    PMRX_SRV_CALL SrvCall; /* const; not dereferenced by those who find the entry */
    LONG References;       /* guarded by ProbeSpinLock: 1 the server's, 1 each line that takes the connection down */
    RXCE_CONNECTION Connection;
} PROBE_SERVER, *PPROBE_SERVER;

NTSTATUS ProbeBuildTransport(ULONG Tag, PMRX_SRV_CALL SrvCall) {
    PPROBE_SERVER server = ExAllocatePoolWithTag(NonPagedPool, sizeof(*server), PROBE_TAG_SERVER);
    NTSTATUS status;
    KIRQL irql;

    if (server == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    RtlZeroMemory(server, sizeof(*server));
    server->SrvCall = SrvCall;
    server->References = 1;
    status = RxCeBuildConnection(&SrvCall->SrvCallName, Tag, &server->Connection);
    if (!NT_SUCCESS(status)) {
        ExFreePoolWithTag(server, PROBE_TAG_SERVER);
        return status;
    }
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    InsertTailList(&ProbeServers, &server->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return STATUS_SUCCESS;
}

/* The server's entry, with a reference: by the server, or by its name. */
static PPROBE_SERVER ProbeFindServer(PMRX_SRV_CALL SrvCall, const UNICODE_STRING* Name) {
    PPROBE_SERVER found = NULL;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    /* The newest: an older one of the same name is about to go. */
    for (entry = ProbeServers.Blink; entry != &ProbeServers && found == NULL; entry = entry->Blink) {
        PPROBE_SERVER server = CONTAINING_RECORD(entry, PROBE_SERVER, Entry);

        if (SrvCall != NULL ? server->SrvCall != SrvCall : !RxEqualNames(&server->SrvCall->SrvCallName, Name)) continue;
        found = server;
        ++server->References;
    }
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return found;
}

static VOID ProbeDereferenceServer(PPROBE_SERVER Server, LONG References) {
    BOOLEAN last;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    Server->References -= References;
    last = Server->References == 0;
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    if (last) ExFreePoolWithTag(Server, PROBE_TAG_SERVER);
}

NTSTATUS ProbeTearDownTransport(PMRX_SRV_CALL SrvCall, const UNICODE_STRING* Name) {
    PPROBE_SERVER server = ProbeFindServer(SrvCall, Name);
    NTSTATUS status;

    if (server == NULL) return STATUS_INVALID_PARAMETER; /* as for a connection that is down */
    status = RxCeTearDownConnection(&server->Connection);
    ProbeDereferenceServer(server, 1);
    return status;
}

/* The server goes. */
VOID ProbeEndTransport(PMRX_SRV_CALL SrvCall) {
    PPROBE_SERVER server = ProbeFindServer(SrvCall, NULL);
    KIRQL irql;

    if (server == NULL) return;
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    RemoveEntryList(&server->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    RxCeTearDownConnection(&server->Connection);
    ProbeDereferenceServer(server, 2);
}
