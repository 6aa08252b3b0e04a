/* SPDX-License-Identifier: Apache-2.0
 *
 * Mounts: the views on servers that a daemon mounts, each with the security context in which its upcalls are made.
 */
#include "probe.h"

/* Made for one mount, and used by its last upcall: freed after that. */
typedef struct _PROBE_SECURITY {
    ULONG User; /* const */
} PROBE_SECURITY, *PPROBE_SECURITY;

typedef struct _PROBE_MOUNT {
    LIST_ENTRY Entry;         /* guarded by ProbeMountLock */
    PMRX_V_NET_ROOT VNetRoot; /* const; not referenced: the mount ends before the view */
    PPROBE_SECURITY Security; /* const once linked; NULL if there is none (yet) */
} PROBE_MOUNT, *PPROBE_MOUNT;

static ERESOURCE ProbeMountLock; /* taken under the prefix table's, or with no lock held */
static LIST_ENTRY ProbeMounts;   /* guarded by it */

NTSTATUS ProbeStartMounts(VOID) {
    InitializeListHead(&ProbeMounts);
    return ExInitializeResourceLite(&ProbeMountLock);
}

VOID ProbeStopMounts(VOID) {
    ExDeleteResourceLite(&ProbeMountLock);
}

static PPROBE_SECURITY ProbeCreateSecurity(ULONG User) {
    PPROBE_SECURITY security = ExAllocatePoolWithTag(NonPagedPool, sizeof(*security), PROBE_TAG_SECURITY);

    if (security != NULL) security->User = User;
    return security;
}

static VOID ProbeFreeMount(PPROBE_MOUNT Mount) {
    if (Mount->Security != NULL) ExFreePoolWithTag(Mount->Security, PROBE_TAG_SECURITY);
    ExFreePoolWithTag(Mount, PROBE_TAG_MOUNT);
}

/* The security context is made once the daemon has the share. */
NTSTATUS ProbeMount(ULONG Tag, PMRX_V_NET_ROOT VNetRoot, NTSTATUS Answer) {
    PPROBE_MOUNT mount = ExAllocatePoolWithTag(NonPagedPool, sizeof(*mount), PROBE_TAG_MOUNT);
    NTSTATUS status;

    if (mount == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    mount->VNetRoot = VNetRoot;
    mount->Security = NULL;
    status = ProbeUpcallMount(Tag, &VNetRoot->Name, VNetRoot->LogonId);
    if (NT_SUCCESS(status)) status = Answer;
    if (NT_SUCCESS(status)) {
        mount->Security = ProbeCreateSecurity(VNetRoot->LogonId);
        if (mount->Security == NULL) status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (!NT_SUCCESS(status)) {
        ProbeFreeMount(mount);
        return status;
    }
    ExAcquireResourceExclusiveLite(&ProbeMountLock, TRUE);
    InsertTailList(&ProbeMounts, &mount->Entry);
    ExReleaseResourceLite(&ProbeMountLock);
    return STATUS_SUCCESS;
}

/* Takes the view's mount out of the list. NULL: it never came to be. */
static PPROBE_MOUNT ProbeTakeMount(PMRX_V_NET_ROOT VNetRoot) {
    PPROBE_MOUNT mount = NULL;
    PLIST_ENTRY entry;

    ExAcquireResourceExclusiveLite(&ProbeMountLock, TRUE);
    for (entry = ProbeMounts.Flink; entry != &ProbeMounts && mount == NULL; entry = entry->Flink) {
        PPROBE_MOUNT candidate = CONTAINING_RECORD(entry, PROBE_MOUNT, Entry);

        if (candidate->VNetRoot == VNetRoot) mount = candidate;
    }
    if (mount != NULL) RemoveEntryList(&mount->Entry);
    ExReleaseResourceLite(&ProbeMountLock);
    return mount;
}

VOID ProbeUnmount(PMRX_V_NET_ROOT VNetRoot) {
    PPROBE_MOUNT mount = ProbeTakeMount(VNetRoot);

    if (mount == NULL) return;
    ProbeUpcallUnmount(&VNetRoot->Name, mount->Security->User);
    ProbeFreeMount(mount);
}
