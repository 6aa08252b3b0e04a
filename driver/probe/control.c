/* SPDX-License-Identifier: Apache-2.0
 *
 * The IOCTLs that may wait, as the engine's workers hand them to the mini-redirector (MRxDevFcbXXXControlFile).
 */
#include "probe.h"

/* What of a request is needed while it is carried out: its buffer is also that of the reply. */
typedef struct _PROBE_ARGUMENTS {
    ULONG Handle;
    ULONG Argument;
} PROBE_ARGUMENTS;

static VOID ProbeReply(PRX_CONTEXT RxContext, PVOID Buffer, ULONG Serial, ULONG Value) {
    RXPROBE_REPLY* reply = Buffer;

    reply->Serial = Serial;
    reply->Value = Value;
    RxContext->InformationToReturn = sizeof(*reply);
}

/* `net use`: a tree-connect handle with the add-connection meaning, which is closed again at once; the extra reference
 * stays. What the table of drive letters needs is allocated first: afterwards nothing may fail. */
static NTSTATUS ProbeConnect(PRX_CONTEXT RxContext, PULONG Serial) {
    const UNICODE_STRING name = RxContext->Create.CanonicalName;
    RX_FILE_OBJECT file = {NULL, NULL, 0, 0};
    PWSTR copy = NULL;
    ULONG letter = 0;
    NTSTATUS status;

    if (ProbeLetterOf(&name, &letter)) {
        copy = ProbeCopyName(&name);
        if (copy == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    }
    RxContext->Create.Disposition = FILE_OPEN_IF;
    RxContext->Create.CreateOptions = FILE_CREATE_TREE_CONNECTION;
    RxContext->FileObject = &file;
    status = RxCommonCreate(RxContext);
    if (NT_SUCCESS(status)) {
        *Serial = RxContext->Create.pVNetRoot->SerialNumber;
        RxCommonClose(RxContext);
        if (copy != NULL) ProbeAddLetter(letter, &name, copy);
    } else if (copy != NULL) {
        ExFreePoolWithTag(copy, PROBE_TAG_LETTER);
    }
    RxContext->FileObject = NULL;
    return status;
}

/* ADD and DEL as a provider sends them: a bare name. Deleting is by force, as all known mini-redirectors do it. */
static NTSTATUS ProbeRaw(PRX_CONTEXT RxContext, BOOLEAN Delete, PULONG Serial) {
    NTSTATUS status = ProbeRawName(RxContext, &RxContext->Create.CanonicalName);

    if (!NT_SUCCESS(status)) return status;
    return Delete ? ProbeDisconnect(RxContext, RXPROBE_LEVEL_FORCED) : ProbeConnect(RxContext, Serial);
}

/* Through a tree handle that the caller keeps. */
static NTSTATUS ProbeFinalize(const PROBE_ARGUMENTS* Arguments) {
    PPROBE_HANDLE handle = ProbeFindHandle(Arguments->Handle);
    PV_NET_ROOT view;

    if (handle == NULL || handle->File.FsContext != NULL) return STATUS_INVALID_HANDLE;
    view = handle->File.FsContext2;
    return RxFinalizeConnection(view->pNetRoot, view, Arguments->Argument);
}

static NTSTATUS ProbeOpen(PRX_CONTEXT RxContext, const PROBE_ARGUMENTS* Arguments, BOOLEAN Tree, PULONG Serial) {
    PPROBE_HANDLE handle = ProbeAllocateHandle(Arguments->Handle);
    NTSTATUS status;

    if (handle == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    RxContext->Create.Disposition = FILE_OPEN;
    RxContext->Create.CreateOptions = Tree ? FILE_CREATE_TREE_CONNECTION : 0;
    if (!Tree && ((ULONG)(ULONG_PTR)RxContext->MRxContext[1] & RXPROBE_FLAG_DIRECTORY) != 0) {
        RxContext->Create.CreateOptions = FILE_DIRECTORY_FILE;
    }
    RxContext->FileObject = &handle->File;
    status = RxCommonCreate(RxContext);
    if (!NT_SUCCESS(status)) {
        ProbeFreeHandle(handle);
        return status;
    }
    *Serial = RxContext->Create.pVNetRoot->SerialNumber;
    ProbeInsertHandle(handle);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeCleanup(PRX_CONTEXT RxContext, const PROBE_ARGUMENTS* Arguments) {
    PPROBE_HANDLE handle = ProbeFindHandle(Arguments->Handle);

    if (handle == NULL) return STATUS_INVALID_HANDLE;
    RxContext->FileObject = &handle->File;
    return RxCommonCleanup(RxContext);
}

static NTSTATUS ProbeClose(PRX_CONTEXT RxContext, const PROBE_ARGUMENTS* Arguments) {
    PPROBE_HANDLE handle = ProbeRemoveHandle(Arguments->Handle);

    if (handle == NULL) return STATUS_INVALID_HANDLE;
    RxContext->FileObject = &handle->File;
    RxCommonClose(RxContext);
    ProbeFreeHandle(handle);
    return STATUS_SUCCESS;
}

static NTSTATUS ProbeLowIo(PRX_CONTEXT RxContext, const PROBE_ARGUMENTS* Arguments, LOWIO_OPS Operation) {
    PPROBE_HANDLE handle = ProbeFindHandle(Arguments->Handle);

    if (handle == NULL) return STATUS_INVALID_HANDLE;
    if (handle->File.FsContext == NULL && Operation != LOWIO_OP_NOTIFY_CHANGE_DIRECTORY) return STATUS_INVALID_HANDLE;
    RxContext->FileObject = &handle->File;
    RxContext->LowIoContext.Operation = Operation;
    return RxLowIoSubmit(RxContext);
}

static VOID ProbeListOne(PVOID Parameter, PV_NET_ROOT VNetRoot) {
    RXPROBE_LIST* list = Parameter;
    RXPROBE_LIST_ENTRY* entry = &list->Entries[list->Count];
    ULONG length = VNetRoot->Name.Length / sizeof(WCHAR);

    if (list->Count == RXPROBE_LIST_MAX || ProbeIsOfRoutine(&VNetRoot->Name)) return;
    if (length > RXPROBE_LIST_NAME_MAX) length = RXPROBE_LIST_NAME_MAX;
    entry->Serial = VNetRoot->SerialNumber;
    entry->AdditionalReference = VNetRoot->AdditionalReferenceForDeleteFsctlTaken;
    entry->NumberOfFobxs = (ULONG)VNetRoot->NumberOfFobxs;
    entry->NameLength = length;
    RtlCopyMemory(entry->Name, VNetRoot->Name.Buffer, length * sizeof(WCHAR));
    ++list->Count;
}

static NTSTATUS ProbeList(PRX_CONTEXT RxContext, PVOID Buffer) {
    RXPROBE_LIST* list = Buffer;
    ULONG contexts;

    RtlZeroMemory(list, sizeof(*list));
    RxListConnections(RxContext, ProbeListOne, list, &contexts);
    list->NumberOfActiveContexts = contexts;
    RxContext->InformationToReturn = sizeof(*list);
    return STATUS_SUCCESS;
}

/* Asynchronous ones: everything about the reply is settled before the request is pended. */
NTSTATUS ProbeDevFcbXXXControlFile(PRX_CONTEXT RxContext) {
    const ULONG code = RxContext->CurrentIrpSp->Parameters.DeviceIoControl.IoControlCode;
    RXPROBE_REQUEST* request = RxContext->CurrentIrp->AssociatedIrp.SystemBuffer;
    const PROBE_ARGUMENTS arguments = {request->Handle, request->Argument};
    UNICODE_STRING name = {request->NameLength, request->NameLength, (PWSTR)request->Name};
    ULONG serial = 0;
    BOOLEAN post; /* always FALSE: a worker may wait */
    ULONG value = 0;
    NTSTATUS status;

    RxContext->Create.CanonicalName = name;
    switch (code) {
        case IOCTL_RXPROBE_STOP:
        case IOCTL_RXPROBE_START:
            ProbeReply(RxContext, request, 0, 0);
            return code == IOCTL_RXPROBE_STOP ? RxStopMinirdr(RxContext, &post) : RxStartMinirdr(RxContext, &post);
        case IOCTL_RXPROBE_READ:
            ProbeReply(RxContext, request, 0, 0);
            return ProbeLowIo(RxContext, &arguments, LOWIO_OP_READ);
        case IOCTL_RXPROBE_NOTIFY:
            ProbeReply(RxContext, request, 0, 0);
            return ProbeLowIo(RxContext, &arguments, LOWIO_OP_NOTIFY_CHANGE_DIRECTORY);
        case IOCTL_RXPROBE_LIST:
            return ProbeList(RxContext, request);
        case IOCTL_RXPROBE_CONNECT:
            status = ProbeConnect(RxContext, &serial);
            break;
        case IOCTL_RXPROBE_TREE:
            status = ProbeOpen(RxContext, &arguments, TRUE, &serial);
            break;
        case IOCTL_RXPROBE_OPEN:
            status = ProbeOpen(RxContext, &arguments, FALSE, &serial);
            break;
        case IOCTL_RXPROBE_CLEANUP:
            status = ProbeCleanup(RxContext, &arguments);
            break;
        case IOCTL_RXPROBE_CLOSE:
            status = ProbeClose(RxContext, &arguments);
            break;
        case IOCTL_RXPROBE_WRITE:
            status = ProbeLowIo(RxContext, &arguments, LOWIO_OP_WRITE);
            break;
        case IOCTL_RXPROBE_FINALIZE:
            status = ProbeFinalize(&arguments);
            break;
        case IOCTL_RXPROBE_DISCONNECT:
            status = ProbeDisconnect(RxContext, arguments.Argument);
            break;
        case IOCTL_RXPROBE_RAW_ADD:
        case IOCTL_RXPROBE_RAW_DEL:
            status = ProbeRaw(RxContext, code == IOCTL_RXPROBE_RAW_DEL, &serial);
            break;
        case IOCTL_RXPROBE_POLL:
            ProbePoll(&name);
            status = STATUS_SUCCESS;
            break;
        case IOCTL_RXPROBE_LETTERS:
            status = ProbeFindLetter(&name);
            break;
        case IOCTL_RXPROBE_CHOOSE_VARIANTS:
            status = RxChooseVariants(arguments.Argument);
            break;
        case IOCTL_RXPROBE_FINALIZE_VIEW:
            status = ProbeFinalizeView(arguments.Handle, arguments.Argument != 0, &value);
            break;
        case IOCTL_RXPROBE_FINALIZE_ROOT:
            status = ProbeFinalizeRoot(arguments.Handle, &value);
            break;
        case IOCTL_RXPROBE_FORCE_ALL:
            status = ProbeForceAll(RxContext);
            break;
        default:
            return STATUS_INVALID_DEVICE_REQUEST;
    }
    ProbeReply(RxContext, request, serial, value);
    return status;
}
