/* SPDX-License-Identifier: Apache-2.0
 *
 * What the mini-redirector knows of the files that are open on a daemon's servers, and the poller that visits them. A
 * file's state is shared: by its SRV_OPEN, by each request that is pending on it, and by the poller while it visits.
 */
#include "probe.h"

#define PROBE_POLL_MAX 8u

typedef struct _PROBE_FILE {
    LIST_ENTRY Entry;             /* guarded by ProbeSpinLock; linked until its close */
    volatile LONG ReferenceCount; /* raised by who holds one, or under ProbeSpinLock while it is linked */
    PMRX_V_NET_ROOT VNetRoot;     /* const; there while the state is linked: the open holds it */
    volatile LONG Visits;
} PROBE_FILE;

static LIST_ENTRY ProbeFiles; /* guarded by ProbeSpinLock */

VOID ProbeStartPoller(VOID) {
    InitializeListHead(&ProbeFiles);
}

/* For MRxCreate: the state belongs to the SRV_OPEN, as its context. */
NTSTATUS ProbeOpenFile(PMRX_SRV_OPEN SrvOpen, PMRX_V_NET_ROOT VNetRoot) {
    PPROBE_FILE file = ExAllocatePoolWithTag(NonPagedPool, sizeof(*file), PROBE_TAG_FILE);
    KIRQL irql;

    if (file == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    file->ReferenceCount = 1; /* the SRV_OPEN's */
    file->VNetRoot = VNetRoot;
    file->Visits = 0;
    SrvOpen->Context = file;
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    InsertTailList(&ProbeFiles, &file->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return STATUS_SUCCESS;
}

/* REQUIRES: the caller keeps the file open. NULL: it has no state. */
PPROBE_FILE ProbeReferenceFile(PRX_FILE_OBJECT FileObject) {
    PPROBE_FILE file;

    if (FileObject->FsContext == NULL) return NULL; /* a tree handle */
    file = ((PMRX_FOBX)FileObject->FsContext2)->pSrvOpen->Context;
    if (file != NULL) InterlockedIncrement(&file->ReferenceCount);
    return file;
}

VOID ProbeDereferenceFile(PPROBE_FILE File) {
    if (File != NULL && InterlockedDecrement(&File->ReferenceCount) == 0) ExFreePoolWithTag(File, PROBE_TAG_FILE);
}

VOID ProbeCloseFile(PMRX_SRV_OPEN SrvOpen) {
    PPROBE_FILE file = SrvOpen->Context;
    KIRQL irql;

    if (file == NULL) return;
    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    RemoveEntryList(&file->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    SrvOpen->Context = NULL;
    ProbeDereferenceFile(file);
}

static BOOLEAN ProbeIsOf(const PROBE_FILE* File, const UNICODE_STRING* Name) {
    return RxEqualNames(&File->VNetRoot->Name, Name);
}

/* Nobody is asked while the lock is held: first the files, then the visits. */
VOID ProbePoll(const UNICODE_STRING* Name) {
    PPROBE_FILE files[PROBE_POLL_MAX];
    ULONG count = 0;
    PLIST_ENTRY entry;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    for (entry = ProbeFiles.Flink; entry != &ProbeFiles && count < PROBE_POLL_MAX; entry = entry->Flink) {
        PPROBE_FILE file = CONTAINING_RECORD(entry, PROBE_FILE, Entry);

        if (!ProbeIsOf(file, Name)) continue;
        InterlockedIncrement(&file->ReferenceCount);
        files[count++] = file;
    }
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    while (count-- > 0) {
        InterlockedIncrement(&files[count]->Visits);
        ProbeDereferenceFile(files[count]);
    }
}
