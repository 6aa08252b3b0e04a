/* SPDX-License-Identifier: Apache-2.0
 *
 * The dispatch routines. A request that may wait becomes an RX_CONTEXT and goes to the engine's workers; the server's
 * answers and what else never waits are done right here, as they would be where an answer comes in from the network.
 */
#include "probe.h"

NTSTATUS ProbeDispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static BOOLEAN ProbeIsValid(const RXPROBE_REQUEST* Request, ULONG Code, ULONG InputLength, ULONG OutputLength) {
    ULONG needed = sizeof(RXPROBE_REPLY);
    ULONG name;

    if (Code == IOCTL_RXPROBE_LIST) needed = sizeof(RXPROBE_LIST);
    if (Code == IOCTL_RXPROBE_QUERY_LOG) needed = FIELD_OFFSET(RXPROBE_LOG, Entries);
    if (InputLength < RXPROBE_REQUEST_HEADER || OutputLength < needed) return FALSE;
    name = Request->NameLength;
    return Request->Tag != 0 && name <= RXPROBE_NAME_MAX && name % sizeof(WCHAR) == 0 &&
           Request->ConnectionLength <= name && InputLength - RXPROBE_REQUEST_HEADER >= name;
}

/* What kind of request the engine sees: it treats cleanup and close apart (C60). Nothing for a code that never waits.
 */
static UCHAR ProbeMajorFunction(ULONG Code) {
    switch (Code) {
        case IOCTL_RXPROBE_TREE:
        case IOCTL_RXPROBE_OPEN:
            return IRP_MJ_CREATE;
        case IOCTL_RXPROBE_CLEANUP:
            return IRP_MJ_CLEANUP;
        case IOCTL_RXPROBE_CLOSE:
            return IRP_MJ_CLOSE;
        case IOCTL_RXPROBE_WRITE:
            return IRP_MJ_WRITE;
        case IOCTL_RXPROBE_READ:
            return IRP_MJ_READ;
        case IOCTL_RXPROBE_NOTIFY:
            return IRP_MJ_DIRECTORY_CONTROL;
        default:
            return IRP_MJ_DEVICE_CONTROL;
    }
}

static BOOLEAN ProbeMayWait(ULONG Code) {
    switch (Code) {
        case IOCTL_RXPROBE_CONNECT:
        case IOCTL_RXPROBE_FINALIZE:
        case IOCTL_RXPROBE_DISCONNECT:
        case IOCTL_RXPROBE_LIST:
        case IOCTL_RXPROBE_LETTERS:
        case IOCTL_RXPROBE_POLL:
        case IOCTL_RXPROBE_RAW_ADD:
        case IOCTL_RXPROBE_RAW_DEL:
        case IOCTL_RXPROBE_STOP:
        case IOCTL_RXPROBE_START:
        case IOCTL_RXPROBE_FINALIZE_VIEW:
        case IOCTL_RXPROBE_FINALIZE_ROOT:
        case IOCTL_RXPROBE_FORCE_ALL:
        case IOCTL_RXPROBE_CHOOSE_VARIANTS:
            return TRUE;
        default:
            return ProbeMajorFunction(Code) != IRP_MJ_DEVICE_CONTROL;
    }
}

static NTSTATUS ProbePost(PRDBSS_DEVICE_OBJECT RxDeviceObject, PIRP Irp, ULONG Code, const RXPROBE_REQUEST* Request) {
    const UCHAR major = ProbeMajorFunction(Code);
    const BOOLEAN pends = major == IRP_MJ_READ || major == IRP_MJ_DIRECTORY_CONTROL;
    const BOOLEAN low_io = pends || major == IRP_MJ_WRITE;
    const BOOLEAN must_succeed = major == IRP_MJ_CLEANUP || major == IRP_MJ_CLOSE;
    const ULONG flags = ((Request->Flags & RXPROBE_FLAG_NOWAIT) != 0 ? 0 : RX_CONTEXT_FLAG_WAIT) |
                        (pends ? RX_CONTEXT_FLAG_ASYNC_OPERATION : 0) |
                        (must_succeed ? RX_CONTEXT_FLAG_MUST_SUCCEED : 0) |
                        (Code == IOCTL_RXPROBE_START ? RX_CONTEXT_FLAG_BYPASS_VALIDOP_CHECK : 0);
    PRX_CONTEXT context = RxCreateRxContext(Irp, RxDeviceObject, flags);
    PPROBE_HANDLE handle;

    if (context == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    /* The engine looks at the handle before the request reaches the mini-redirector. The caller keeps it open. */
    handle = low_io ? ProbeFindHandle(Request->Handle) : NULL;
    if (handle != NULL) context->FileObject = &handle->File;
    context->MajorFunction = major;
    context->MinorFunction = major == IRP_MJ_DIRECTORY_CONTROL ? IRP_MN_NOTIFY_CHANGE_DIRECTORY : 0;
    context->LogonId = Request->Session;
    context->MRxContext[0] = (PVOID)(ULONG_PTR)Request->Tag;
    context->MRxContext[1] = (PVOID)(ULONG_PTR)Request->Flags;
    return RxFsdPostRequest(context);
}

/* Operations that never wait. */
static NTSTATUS ProbeAnswer(ULONG Code, RXPROBE_REQUEST* Request, ULONG OutputLength, PULONG_PTR Information) {
    const ULONG tag = Request->Tag;
    const ULONG target = Request->Target;
    const ULONG handle = Request->Handle;
    const ULONG argument = Request->Argument;
    RXPROBE_REPLY* reply = (RXPROBE_REPLY*)Request;
    UNICODE_STRING name = {Request->NameLength, Request->NameLength, (PWSTR)Request->Name};
    ULONG value = 0;
    NTSTATUS status;

    switch (Code) {
        case IOCTL_RXPROBE_COMPLETE:
            status = ProbeComplete(tag, target);
            break;
        case IOCTL_RXPROBE_SET_ROUTINE:
            status = ProbeSetRoutineOf(tag, target, argument);
            break;
        case IOCTL_RXPROBE_REFERENCE:
            status = ProbeReference(tag, target, handle);
            break;
        case IOCTL_RXPROBE_DEREFERENCE:
            status = ProbeDereference(tag, handle, &value);
            break;
        case IOCTL_RXPROBE_CE_CANCEL:
            status = RxCeCancelConnectRequest(NULL, &name, NULL);
            break;
        case IOCTL_RXPROBE_TEAR_DOWN:
            status = ProbeTearDownTransport(NULL, &name);
            break;
        case IOCTL_RXPROBE_RELEASE:
            status = ProbeRelease(tag, &name, Request->Session);
            break;
        case IOCTL_RXPROBE_QUERY_VARIANTS:
            value = RxQueryVariants();
            status = STATUS_SUCCESS;
            break;
        case IOCTL_RXPROBE_QUERY_LOG:
            *Information = RxReadEventLog(argument, (RXPROBE_LOG*)Request, OutputLength);
            return STATUS_SUCCESS;
        default:
            return STATUS_INVALID_DEVICE_REQUEST;
    }
    reply->Serial = 0;
    reply->Value = value;
    *Information = sizeof(*reply);
    return status;
}

NTSTATUS ProbeDeviceControl(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
    const IO_STACK_LOCATION* stack = IoGetCurrentIrpStackLocation(Irp);
    const ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    const ULONG output = stack->Parameters.DeviceIoControl.OutputBufferLength;
    RXPROBE_REQUEST* request = Irp->AssociatedIrp.SystemBuffer;
    ULONG_PTR information = 0;
    NTSTATUS status = STATUS_INVALID_PARAMETER;

    if (ProbeIsValid(request, code, stack->Parameters.DeviceIoControl.InputBufferLength, output)) {
        if (ProbeMayWait(code)) {
            status = ProbePost(DeviceObject->DeviceExtension, Irp, code, request);
            if (status == STATUS_PENDING) return status; /* the IRP is the worker's */
        } else {
            status = ProbeAnswer(code, request, output, &information);
        }
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = NT_ERROR(status) ? 0 : information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}
