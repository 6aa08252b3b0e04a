/* SPDX-License-Identifier: Apache-2.0
 *
 * rxprobe: a network mini-redirector made for testing. It plays client and server at once: requests come as IOCTLs
 * (driver/protocol/rxprobe_protocol.h), the server's answers too.
 *
 * What an RX_CONTEXT's MRxContext holds here: [0] the request's tag, [1] its flags, [2] its entry among the pended
 * ones.
 */
#ifndef PROBE_H
#define PROBE_H

#include "../include/rxlog.h"

#define PROBE_TAG_HANDLE RX_TAG('R', 'p', 'H', 'd')
#define PROBE_TAG_PENDED RX_TAG('R', 'p', 'P', 'e')
#define PROBE_TAG_REFERENCE RX_TAG('R', 'p', 'R', 'f')

/* A file or tree handle. Removed from the list before it is closed; an operation uses it only while its caller keeps it
 * open. */
typedef struct _PROBE_HANDLE {
    LIST_ENTRY Entry; /* guarded by ProbeSpinLock */
    ULONG Key;        /* const */
    RX_FILE_OBJECT File;
} PROBE_HANDLE, *PPROBE_HANDLE;

extern KSPIN_LOCK ProbeSpinLock; /* a leaf; guards all lists of the probe */
extern PRDBSS_DEVICE_OBJECT ProbeDevice;

/* --- dispatch.c --- */
NTSTATUS ProbeDispatch(_Inout_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp);
NTSTATUS ProbeDeviceControl(_Inout_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp);

/* --- control.c --- */
NTSTATUS ProbeDevFcbXXXControlFile(_Inout_ PRX_CONTEXT RxContext);

/* --- callouts.c --- */
extern const MINIRDR_DISPATCH ProbeMiniRdrDispatch;
NTSTATUS ProbeRelease(_In_ ULONG Tag, _In_ const UNICODE_STRING* Name, _In_ ULONG Session);

/* --- handles.c --- */
PPROBE_HANDLE ProbeAllocateHandle(_In_ ULONG Key);
VOID ProbeInsertHandle(_Inout_ PPROBE_HANDLE Handle);
PPROBE_HANDLE ProbeFindHandle(_In_ ULONG Key);
/* Takes it out of the list, for its close; NULL unless its cleanup is done. */
PPROBE_HANDLE ProbeRemoveHandle(_In_ ULONG Key);
VOID ProbeFreeHandle(_In_ PPROBE_HANDLE Handle);

/* --- pended.c --- */
NTSTATUS ProbeLowIoPend(_Inout_ PRX_CONTEXT RxContext);
/* The pending request of Target with a reference for the caller; NULL if there is none. Tag: on whose behalf. */
PRX_CONTEXT ProbeLookup(_In_ ULONG Tag, _In_ ULONG Target);
/* TRUE: this call decided the request. REQUIRES: the caller has a reference. */
BOOLEAN ProbeFinish(_Inout_ PRX_CONTEXT RxContext, _In_ NTSTATUS Status);
/* Sets the routine, and finishes the request if it turns out to be cancelled. REQUIRES: as above. */
/* Routine < RX_NAMED_CANCEL_ROUTINES. */
NTSTATUS ProbeSetRoutine(_Inout_ PRX_CONTEXT RxContext, _In_ ULONG Routine);

NTSTATUS ProbeCancelRoutineA(_Inout_ PRX_CONTEXT RxContext);
NTSTATUS ProbeCancelRoutineB(_Inout_ PRX_CONTEXT RxContext);

/* --- answer.c --- */
NTSTATUS ProbeComplete(_In_ ULONG Tag, _In_ ULONG Target);
NTSTATUS ProbeSetRoutineOf(_In_ ULONG Tag, _In_ ULONG Target, _In_ ULONG Routine);
NTSTATUS ProbeReference(_In_ ULONG Tag, _In_ ULONG Target, _In_ ULONG Key);
NTSTATUS ProbeDereference(_In_ ULONG Tag, _In_ ULONG Key, _Out_ PULONG Cancelled);

extern LIST_ENTRY ProbeHandles;      /* PROBE_HANDLE */
extern LIST_ENTRY ProbePended;       /* requests that wait for the server */
extern LIST_ENTRY ProbeReferences;   /* references on contexts */
extern LIST_ENTRY ProbeHeld;         /* MRX_CREATENETROOT_CONTEXT.WorkQueueItem */
extern LIST_ENTRY ProbeHeldSrvCalls; /* MRX_SRVCALL_CALLBACK_CONTEXT.WorkQueueItem */

#endif
