/* SPDX-License-Identifier: Apache-2.0
 *
 * File and tree handles by key: what a FILE_OBJECT would be if each file were opened through the I/O manager.
 */
#include "probe.h"

PPROBE_HANDLE ProbeAllocateHandle(ULONG Key) {
    PPROBE_HANDLE handle = ExAllocatePoolWithTag(NonPagedPool, sizeof(*handle), PROBE_TAG_HANDLE);

    if (handle == NULL) return NULL;
    RtlZeroMemory(handle, sizeof(*handle));
    handle->Key = Key;
    handle->File.EventTarget = Key;
    return handle;
}

VOID ProbeFreeHandle(PPROBE_HANDLE Handle) {
    ExFreePoolWithTag(Handle, PROBE_TAG_HANDLE);
}

VOID ProbeInsertHandle(PPROBE_HANDLE Handle) {
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    RxSetAdd(&ProbeHandles, &Handle->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
}

_Requires_lock_held_(ProbeSpinLock) static PPROBE_HANDLE ProbeFindHandleLocked(ULONG Key) {
    PLIST_ENTRY entry;

    for (entry = RxSetNext(&ProbeHandles, &ProbeHandles); entry != &ProbeHandles;
         entry = RxSetNext(&ProbeHandles, entry)) {
        PPROBE_HANDLE handle = CONTAINING_RECORD(entry, PROBE_HANDLE, Entry);

        if (handle->Key == Key) return handle;
    }
    return NULL;
}

PPROBE_HANDLE ProbeFindHandle(ULONG Key) {
    PPROBE_HANDLE handle;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    handle = ProbeFindHandleLocked(Key);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return handle;
}

PPROBE_HANDLE ProbeRemoveHandle(ULONG Key) {
    PPROBE_HANDLE handle;
    KIRQL irql;

    KeAcquireSpinLock(&ProbeSpinLock, &irql);
    handle = ProbeFindHandleLocked(Key);
    if (handle != NULL && (handle->File.Flags & FO_CLEANUP_COMPLETE) == 0) handle = NULL;
    if (handle != NULL) RxSetRemove(&ProbeHandles, &handle->Entry);
    KeReleaseSpinLock(&ProbeSpinLock, irql);
    return handle;
}
