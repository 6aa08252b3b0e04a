/* SPDX-License-Identifier: Apache-2.0
 *
 * rxprobe: a network mini-redirector made for testing. It plays client and server at once: requests come as IOCTLs
 * (driver/protocol/rxprobe_protocol.h), the server's answers too.
 *
 * What an RX_CONTEXT's MRxContext holds here: [0] the request's tag, [1] its flags, [2] its entry among the pended
 * ones, or not NULL for a request that has been told of a credential conflict, [3] of an open: not NULL once the server
 * has answered SHARING_VIOLATION.
 */
#ifndef PROBE_H
#define PROBE_H

#include "../include/rxlog.h"

#define PROBE_TAG_HANDLE RX_TAG('R', 'p', 'H', 'd')
#define PROBE_TAG_SERVER RX_TAG('R', 'p', 'S', 'v')
#define PROBE_TAG_PENDED RX_TAG('R', 'p', 'P', 'e')
#define PROBE_TAG_HELD_OPEN RX_TAG('R', 'p', 'H', 'o')
#define PROBE_TAG_ROUTINE RX_TAG('R', 'p', 'R', 'o')
#define PROBE_TAG_REFERENCE RX_TAG('R', 'p', 'R', 'f')
#define PROBE_TAG_UPCALL RX_TAG('R', 'p', 'U', 'c')
#define PROBE_TAG_SECURITY RX_TAG('R', 'p', 'S', 'c')
#define PROBE_TAG_MOUNT RX_TAG('R', 'p', 'M', 't')
#define PROBE_TAG_FILE RX_TAG('R', 'p', 'F', 'i')
#define PROBE_TAG_LETTER RX_TAG('R', 'p', 'L', 't')

/* A file or tree handle. Removed from the list before it is closed; an operation uses it only while its caller keeps it
 * open. */
typedef struct _PROBE_HANDLE {
    LIST_ENTRY Entry; /* guarded by ProbeSpinLock */
    ULONG Key;        /* const */
    RX_FILE_OBJECT File;
} PROBE_HANDLE, *PPROBE_HANDLE;

typedef struct _PROBE_FILE* PPROBE_FILE;

extern KSPIN_LOCK ProbeSpinLock; /* a leaf; guards all lists of the probe */
extern PRDBSS_DEVICE_OBJECT ProbeDevice;

/* --- dispatch.c --- */
NTSTATUS ProbeDispatch(_Inout_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp);
NTSTATUS ProbeDeviceControl(_Inout_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp);

/* --- control.c --- */
NTSTATUS ProbeDevFcbXXXControlFile(_Inout_ PRX_CONTEXT RxContext);

/* --- disconnect.c --- */
/* A temporary handle on the connection that the request names. */
NTSTATUS ProbeOpenTree(_Inout_ PRX_CONTEXT RxContext, _Inout_ PRX_FILE_OBJECT File, _In_ ULONG Disposition);
NTSTATUS ProbeDisconnect(_Inout_ PRX_CONTEXT RxContext, _In_ ULONG Level);

/* --- below.c --- */
NTSTATUS ProbeFinalizeView(_In_ ULONG Key, _In_ BOOLEAN Force, _Out_ PULONG Returned);
NTSTATUS ProbeFinalizeRoot(_In_ ULONG Key, _Out_ PULONG Returned);
NTSTATUS ProbeForceAll(_Inout_ PRX_CONTEXT RxContext);

/* --- callouts.c --- */
extern const MINIRDR_DISPATCH ProbeMiniRdrDispatch;

/* --- held.c --- */
/* Returns when the open was released. */
NTSTATUS ProbeHoldOpen(_Inout_ PRX_CONTEXT RxContext);
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
NTSTATUS ProbeCancelRoutineC(_Inout_ PRX_CONTEXT RxContext);

/* --- routine.c --- */
/* Opens a file on a connection of the probe's own, and closes it; on a thread of the system's, for which it waits. */
VOID ProbeOpenOfRoutine(VOID);
/* The name of a view, share or server is that of this connection. */
BOOLEAN ProbeIsOfRoutine(_In_ const UNICODE_STRING* Name);

/* --- transport.c --- */
NTSTATUS ProbeBuildTransport(_In_ ULONG Tag, _In_ PMRX_SRV_CALL SrvCall);
/* Of SrvCall or, if it is NULL, of the server called Name. */
NTSTATUS ProbeTearDownTransport(_In_opt_ PMRX_SRV_CALL SrvCall, _In_opt_ const UNICODE_STRING* Name);
VOID ProbeEndTransport(_In_ PMRX_SRV_CALL SrvCall);

/* --- answer.c --- */
NTSTATUS ProbeComplete(_In_ ULONG Tag, _In_ ULONG Target);
NTSTATUS ProbeSetRoutineOf(_In_ ULONG Tag, _In_ ULONG Target, _In_ ULONG Routine);
NTSTATUS ProbeReference(_In_ ULONG Tag, _In_ ULONG Target, _In_ ULONG Key);
NTSTATUS ProbeDereference(_In_ ULONG Tag, _In_ ULONG Key, _Out_ PULONG Cancelled);

/* --- names.c --- */
/* FALSE: the name has no device. Letter: from 0. */
BOOLEAN ProbeLetterOf(_In_ const UNICODE_STRING* Name, _Out_ PULONG Letter);
/* The name in the buffer of RAW_ADD and RAW_DEL; BAD_NETWORK_NAME if there cannot be one. */
NTSTATUS ProbeRawName(_In_ PRX_CONTEXT RxContext, _Out_ PUNICODE_STRING Name);

/* --- table.c --- */
NTSTATUS ProbeStartTable(VOID);
VOID ProbeStopTable(VOID);
/* For ProbeAddLetter; NULL without memory. */
PWSTR ProbeCopyName(_In_ const UNICODE_STRING* Name);
/* The table owns Copy from here on. */
VOID ProbeAddLetter(_In_ ULONG Letter, _In_ const UNICODE_STRING* Name, _In_ PWSTR Copy);
VOID ProbeRemoveLetter(_In_ const UNICODE_STRING* Name);
/* SUCCESS, NOT_FOUND, or DEVICE_BUSY while somebody changes the table. */
NTSTATUS ProbeFindLetter(_In_ const UNICODE_STRING* Name);

/* --- upcall.c --- */
VOID ProbeStartUpcalls(VOID);
VOID ProbeStopUpcalls(VOID);
/* Waits until the daemon has answered. User: in whose name. */
NTSTATUS ProbeUpcallMount(_In_ ULONG Tag, _In_ const UNICODE_STRING* Name, _In_ ULONG User);
VOID ProbeUpcallUnmount(_In_ const UNICODE_STRING* Name, _In_ ULONG User);
/* The daemon's answer; NOT_FOUND if nothing is asked about the connection. */
NTSTATUS ProbeAnswerUpcall(_In_ ULONG Tag, _In_ const UNICODE_STRING* Name, _In_ ULONG User);

/* --- mount.c --- */
NTSTATUS ProbeStartMounts(VOID);
VOID ProbeStopMounts(VOID);
/* Waits for the daemon. Answer: what it says of the share. */
NTSTATUS ProbeMount(_In_ ULONG Tag, _In_ PMRX_V_NET_ROOT VNetRoot, _In_ NTSTATUS Answer);
/* Nothing, for a view that was never mounted. */
VOID ProbeUnmount(_In_ PMRX_V_NET_ROOT VNetRoot);

/* --- poller.c --- */
VOID ProbeStartPoller(VOID);
NTSTATUS ProbeOpenFile(_Inout_ PMRX_SRV_OPEN SrvOpen, _In_ PMRX_V_NET_ROOT VNetRoot);
VOID ProbeCloseFile(_Inout_ PMRX_SRV_OPEN SrvOpen);
PPROBE_FILE ProbeReferenceFile(_In_ PRX_FILE_OBJECT FileObject);
VOID ProbeDereferenceFile(_Inout_ PPROBE_FILE File);
VOID ProbePoll(_In_ const UNICODE_STRING* Name);

extern LIST_ENTRY ProbeHandles;      /* PROBE_HANDLE */
extern LIST_ENTRY ProbePended;       /* requests that wait for the server */
extern LIST_ENTRY ProbeReferences;   /* references on contexts */
extern LIST_ENTRY ProbeServers;      /* with their transport connections */
extern LIST_ENTRY ProbeHeld;         /* MRX_CREATENETROOT_CONTEXT.WorkQueueItem */
extern LIST_ENTRY ProbeHeldSrvCalls; /* MRX_SRVCALL_CALLBACK_CONTEXT.WorkQueueItem */
extern LIST_ENTRY ProbeHeldOpens;    /* opens inside MRxCreate */

#endif
