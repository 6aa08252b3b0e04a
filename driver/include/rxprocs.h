/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine's routines, as a mini-redirector calls them (rxprocs.h, rxcontx.h, rxstruc.h, lowio.h, rxce.h). Where a
 * signature differs from the published one, the declaration says so.
 */
#ifndef RXPROCS_H
#define RXPROCS_H

#include "rxcontx.h"

#ifdef RX_ENGINE
#define RXAPI
#else
#define RXAPI __declspec(dllimport)
#endif

/* --- registration (driver/rdbss/device.c) --- */
_IRQL_requires_(PASSIVE_LEVEL) RXAPI NTSTATUS
    RxRegisterMinirdr(_Outptr_ PRDBSS_DEVICE_OBJECT* DeviceObject, _Inout_ PDRIVER_OBJECT DriverObject,
                      _In_ const MINIRDR_DISPATCH* MrdrDispatch, _In_ ULONG Controls, _In_ PUNICODE_STRING DeviceName,
                      _In_ ULONG DeviceExtensionSize, _In_ DEVICE_TYPE DeviceType, _In_ ULONG DeviceCharacteristics);
_IRQL_requires_(PASSIVE_LEVEL) RXAPI VOID RxUnregisterMinirdr(_Inout_ PRDBSS_DEVICE_OBJECT RxDeviceObject);
_IRQL_requires_(PASSIVE_LEVEL) RXAPI NTSTATUS RxStartMinirdr(_In_ PRX_CONTEXT RxContext, _Out_ PBOOLEAN PostToFsp);
_IRQL_requires_(PASSIVE_LEVEL) RXAPI NTSTATUS RxStopMinirdr(_In_ PRX_CONTEXT RxContext, _Out_ PBOOLEAN PostToFsp);

/* --- contexts (driver/rdbss/context.c, complete.c, post.c) --- */
_IRQL_requires_max_(APC_LEVEL) RXAPI PRX_CONTEXT
    RxCreateRxContext(_In_opt_ PIRP Irp, _In_ PRDBSS_DEVICE_OBJECT RxDeviceObject, _In_ ULONG InitialContextFlags);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID
    RxInitializeContext(_In_opt_ PIRP Irp, _In_ PRDBSS_DEVICE_OBJECT RxDeviceObject, _In_ ULONG InitialContextFlags,
                        _Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxReinitializeContext(_Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxPrepareContextForReuse(_Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxDereferenceAndDeleteRxContext_Real(_In_ PRX_CONTEXT RxContext);
#define RxDereferenceAndDeleteRxContext(RxContext) RxDereferenceAndDeleteRxContext_Real(RxContext)
#define RxReferenceRxContext(RxContext) InterlockedIncrement(&(RxContext)->ReferenceCount)
#define RxReadContextFlags(RxContext) ((ULONG)InterlockedOr((volatile LONG*)&(RxContext)->Flags, 0))

_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxFsdPostRequest(_In_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxCompleteRequest(_In_ PRX_CONTEXT RxContext, _In_ NTSTATUS Status);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID
    RxCompleteRequest_Real(_In_ PRX_CONTEXT RxContext, _In_opt_ PIRP Irp, _In_ NTSTATUS Status);

_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS
    RxSetMinirdrCancelRoutine(_Inout_ PRX_CONTEXT RxContext, _In_opt_ PMRX_CALLDOWN MRxCancelRoutine);

/* --- operations --- */
/* The published routine takes the request's status from the context; several lines may call this one, so each brings
 * its own. TRUE: the caller decided the request. */
_IRQL_requires_max_(APC_LEVEL) RXAPI BOOLEAN RxLowIoCompletion(_In_ PRX_CONTEXT RxContext, _In_ NTSTATUS Status);
/* RxContext->FileObject and LowIoContext.Operation say what to do. */
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxLowIoSubmit(_Inout_ PRX_CONTEXT RxContext);

/* RxContext->Create says what to open; RxContext->FileObject becomes the handle. */
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxCommonCreate(_Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxCommonCleanup(_Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxCommonClose(_Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxCreateTreeConnect(_Inout_ PRX_CONTEXT RxContext);
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS
    RxFindOrConstructVirtualNetRoot(_Inout_ PRX_CONTEXT RxContext, _In_ PUNICODE_STRING CanonicalName,
                                    _Out_ PUNICODE_STRING RemainingName);

/* --- lifetime (driver/rdbss/refcount.c, finalize.c) --- */
typedef enum _LOCK_HOLDING_STATE { LHS_LockNotHeld, LHS_SharedLockHeld, LHS_ExclusiveLockHeld } LOCK_HOLDING_STATE;

/* Of a V_NET_ROOT. REQUIRES: the prefix table is held, or the caller has a reference. */
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxReference(_Inout_ PVOID Instance);
/* Of a V_NET_ROOT. LHS_SharedLockHeld is refused by design: the last reference needs the table exclusive. */
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID
    RxDereference(_Inout_ PVOID Instance, _In_ LOCK_HOLDING_STATE LockHoldingState);

_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS
    RxFinalizeConnection(_Inout_ PNET_ROOT NetRoot, _Inout_ PV_NET_ROOT VNetRoot, _In_ ULONG ForceFilesClosed);
_IRQL_requires_max_(APC_LEVEL) RXAPI BOOLEAN
    RxFinalizeVNetRoot(_Inout_ PV_NET_ROOT ThisVNetRoot, _In_ BOOLEAN RecursiveFinalize, _In_ BOOLEAN ForceFinalize);
_IRQL_requires_max_(APC_LEVEL) RXAPI BOOLEAN
    RxFinalizeNetRoot(_Inout_ PNET_ROOT ThisNetRoot, _In_ BOOLEAN RecursiveFinalize, _In_ BOOLEAN ForceFinalize);
_IRQL_requires_max_(APC_LEVEL) RXAPI BOOLEAN
    RxFinalizeSrvCall(_Inout_ PSRV_CALL ThisSrvCall, _In_ BOOLEAN RecursiveFinalize, _In_ BOOLEAN ForceFinalize);

/* REQUIRES: the caller holds the prefix table exclusive; else a bug check. */
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxForceFinalizeAllVNetRoots(_Inout_ PNET_ROOT NetRoot);
/* The published macros name the table; here there is one. */
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxAcquirePrefixTableLockExclusive(VOID);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxReleasePrefixTableLock(VOID);

/* The arguments' types belong to transports; a name is all that this engine's has. */
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS
    RxCeCancelConnectRequest(_In_opt_ PVOID pLocalAddress, _In_ PUNICODE_STRING pServerName,
                             _In_opt_ PVOID pConnectionInformation);

/* A connection of the transport to a server. Under test nothing is sent over it: it is there, or it is not. Zero when
 * it was never built; the owner's. */
typedef struct _RXCE_CONNECTION_INFORMATION {
    UNICODE_STRING ServerName;
    WCHAR NameBuffer[1];
} RXCE_CONNECTION_INFORMATION, *PRXCE_CONNECTION_INFORMATION;

typedef struct _RXCE_CONNECTION {
    PRXCE_CONNECTION_INFORMATION pInformation; /* guarded by the engine; NULL: down */
    ULONG Number;                              /* in the event log */
} RXCE_CONNECTION, *PRXCE_CONNECTION;

/* The published routine takes addresses and handlers; Tag is on whose behalf. REQUIRES: not up, nobody else builds it.
 */
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS
    RxCeBuildConnection(_In_ PUNICODE_STRING pServerName, _In_ ULONG Tag, _Inout_ PRXCE_CONNECTION pConnection);
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxCeTearDownConnection(_Inout_ PRXCE_CONNECTION pConnection);

/* --- ours --- */
/* What the engine does otherwise (driver/protocol/rxcheck_variants.h); none unless told. CONNECTION_ACTIVE once there
 * has been a connection, INVALID_PARAMETER for an unknown bit. */
_IRQL_requires_max_(APC_LEVEL) RXAPI NTSTATUS RxChooseVariants(_In_ ULONG Variants);
RXAPI ULONG RxQueryVariants(VOID);
/* For a request that opened a tree connection to delete it, and does not. REQUIRES: its handle is still open. */
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID RxUndoTreeConnect(_Inout_ PRX_CONTEXT RxContext);
/* Calls Routine for each connection of the context's logon session that can be used, under the prefix table's lock. */
typedef VOID (*PRX_LIST_ROUTINE)(_Inout_ PVOID Parameter, _In_ PV_NET_ROOT VNetRoot);
_IRQL_requires_max_(APC_LEVEL) RXAPI VOID
    RxListConnections(_In_ PRX_CONTEXT RxContext, _In_ PRX_LIST_ROUTINE Routine, _Inout_ PVOID Parameter,
                      _Out_ PULONG NumberOfActiveContexts);
RXAPI BOOLEAN RxEqualNames(_In_ const UNICODE_STRING* First, _In_ const UNICODE_STRING* Second);

#endif
