/* SPDX-License-Identifier: Apache-2.0
 *
 * What cancel routine C does before it ends the request: it opens and closes a file, as a mini-redirector may that has
 * to tell its server through a file of its own. The open is made on another thread, as one that goes through the I/O
 * manager would be carried out by another: so whatever the canceller holds is in its way.
 */
#include "probe.h"

static const WCHAR ProbeRoutineServer[] = L"\\rxprobe";
static const WCHAR ProbeRoutineShare[] = L"\\rxprobe\\routine";
static const WCHAR ProbeRoutineFile[] = L"\\rxprobe\\routine\\file";

typedef struct _PROBE_ROUTINE_OPEN {
    PIO_WORKITEM WorkItem;
    KEVENT Done;
} PROBE_ROUTINE_OPEN, *PPROBE_ROUTINE_OPEN;

static UNICODE_STRING ProbeConstantName(const WCHAR* Text, SIZE_T Size) {
    UNICODE_STRING name = {(USHORT)(Size - sizeof(WCHAR)), (USHORT)Size, (PWSTR)Text};

    return name;
}

BOOLEAN ProbeIsOfRoutine(const UNICODE_STRING* Name) {
    const UNICODE_STRING server = ProbeConstantName(ProbeRoutineServer, sizeof(ProbeRoutineServer));
    const UNICODE_STRING share = ProbeConstantName(ProbeRoutineShare, sizeof(ProbeRoutineShare));

    return RxEqualNames(Name, &server) || RxEqualNames(Name, &share);
}

static VOID ProbeOpenAndClose(PRX_CONTEXT RxContext) {
    RX_FILE_OBJECT file = {NULL, NULL, 0, 0};

    RxContext->MRxContext[0] = (PVOID)(ULONG_PTR)RXPROBE_TAG_ROUTINE;
    RxContext->Create.CanonicalName = ProbeConstantName(ProbeRoutineFile, sizeof(ProbeRoutineFile));
    RxContext->Create.Disposition = FILE_OPEN;
    RxContext->FileObject = &file;
    if (NT_SUCCESS(RxCommonCreate(RxContext))) {
        RxCommonCleanup(RxContext);
        RxCommonClose(RxContext);
    }
    RxContext->FileObject = NULL;
}

static VOID ProbeRoutineWorker(PDEVICE_OBJECT DeviceObject, PVOID Context) {
    PPROBE_ROUTINE_OPEN open = Context;
    PRX_CONTEXT context = RxCreateRxContext(NULL, DeviceObject->DeviceExtension, RX_CONTEXT_FLAG_WAIT);

    if (context != NULL) {
        KeEnterCriticalRegion();
        ProbeOpenAndClose(context);
        KeLeaveCriticalRegion();
        RxCompleteRequest_Real(context, NULL, STATUS_SUCCESS); /* no IRP: gives the name back and drops the reference */
    }
    KeSetEvent(&open->Done, IO_NO_INCREMENT, FALSE);
}

VOID ProbeOpenOfRoutine(VOID) {
    PPROBE_ROUTINE_OPEN open = ExAllocatePoolWithTag(NonPagedPool, sizeof(*open), PROBE_TAG_ROUTINE);

    if (open == NULL) return;
    open->WorkItem = IoAllocateWorkItem(ProbeDevice->pDeviceObject);
    if (open->WorkItem != NULL) {
        KeInitializeEvent(&open->Done, NotificationEvent, FALSE);
        IoQueueWorkItem(open->WorkItem, ProbeRoutineWorker, CriticalWorkQueue, open);
        KeWaitForSingleObject(&open->Done, Executive, KernelMode, FALSE, NULL);
        IoFreeWorkItem(open->WorkItem);
    }
    ExFreePoolWithTag(open, PROBE_TAG_ROUTINE);
}
