/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine's private declarations. Lock order, outermost first: prefix table lock, FcbTable lock, FCB resource, I/O
 * cancel spin lock, RxStrucSupSpinLock. The work queue's spin lock is a leaf. The mini-redirector's cancel routines are
 * called with none of them held (C21).
 */
#ifndef RXP_H
#define RXP_H

#define RX_ENGINE 1
#include "../include/rxlog.h"

#define RX_TAG_CONTEXT RX_TAG('R', 'x', 'C', 'x')
#define RX_TAG_SRVCALL RX_TAG('R', 'x', 'S', 'c')
#define RX_TAG_NETROOT RX_TAG('R', 'x', 'N', 'r')
#define RX_TAG_V_NETROOT RX_TAG('R', 'x', 'V', 'n')
#define RX_TAG_FCB RX_TAG('R', 'x', 'F', 'c')
#define RX_TAG_SRVOPEN RX_TAG('R', 'x', 'S', 'o')
#define RX_TAG_FOBX RX_TAG('R', 'x', 'F', 'x')
#define RX_TAG_CONSTRUCTION RX_TAG('R', 'x', 'C', 'o')

#define RX_TAG_TRANSPORT RX_TAG('R', 'x', 'T', 'r')
#define RX_TAG_NAME RX_TAG('R', 'x', 'N', 'm')

#define RX_WORKER_THREADS 4

/* NET_ROOT.Flags: the mini-redirector has been told that the share ends. T exclusive. */
#define RX_NETROOT_FLAG_MINIRDR_FINALIZED 0x00000001u

/* Stops the system with RDR_FILE_SYSTEM: what the engine relies on does not hold. The arguments tell which. */
#define RX_BUG_FCB_HELD 1u   /* a context is freed that still holds an FCB */
#define RX_BUG_NAME_LEFT 2u  /* ...that still has the name of a create */
#define RX_BUG_LINKS_LEFT 3u /* ...that still waits in line behind other I/O */
#define RxBugCheck(Reason, Object) KeBugCheckEx(RDR_FILE_SYSTEM, (Reason), (ULONG_PTR)(Object), 0, 0)

/* --- globals --- */

/* Names of servers, shares and views. */
typedef struct _RX_PREFIX_TABLE {
    ERESOURCE TableLock;
    LIST_ENTRY SrvCalls;    /* by SrvCallName */
    LIST_ENTRY NetRoots;    /* by NetRootName */
    LIST_ENTRY VNetRoots;   /* by Name */
    ULONG LastSerialNumber; /* of each kind */
    ULONG LastSrvCallSerialNumber;
    ULONG LastNetRootSerialNumber;
} RX_PREFIX_TABLE;

extern RX_PREFIX_TABLE RxNetNameTable;
extern KSPIN_LOCK RxStrucSupSpinLock;
extern LIST_ENTRY RxActiveContexts; /* a set, guarded by RxStrucSupSpinLock */
#define RxpFirstContext() RxSetNext(&RxActiveContexts, &RxActiveContexts)
#define RxpNextContext(Entry) RxSetNext(&RxActiveContexts, (Entry))

/* --- variants.c --- */
extern ULONG RxVariants; /* const once there is a connection */
#define RxpHasVariant(Name) ((RxVariants & RXCHECK_VARIANT_##Name) != 0)

/* --- driver.c --- */
PVOID RxpAllocateNode(_In_ ULONG Size, _In_ ULONG Tag, _In_ NODE_TYPE_CODE Type);
#define RxpFreeNode(Node, Tag) ExFreePoolWithTag(Node, Tag)
/* Copies From into Buffer, which has room for it, and points To there. */
VOID RxpCopyName(_Out_ PUNICODE_STRING To, _Out_ PWCHAR Buffer, _In_ const UNICODE_STRING* From);

/* --- create.c --- */
/* Gives back the name of a create, if the request has one. */
VOID RxpFreeCanonicalName(_Inout_ PRX_CONTEXT RxContext);

/* --- prefix.c --- */
typedef struct _RX_NAME_PARTS {
    UNICODE_STRING Server;    /* `\server` */
    UNICODE_STRING Share;     /* `\server\share` */
    UNICODE_STRING View;      /* `[\;X:]\server\share` */
    UNICODE_STRING Remaining; /* `[\path]` */
} RX_NAME_PARTS;

NTSTATUS RxpSplitName(_In_ const UNICODE_STRING* Name, _Out_ RX_NAME_PARTS* Parts);
VOID RxpAcquirePrefixTable(_In_ BOOLEAN Exclusive);
VOID RxpReleasePrefixTable(VOID);
_Requires_lock_held_(RxNetNameTable.TableLock) PSRV_CALL RxpFindSrvCall(_In_ const UNICODE_STRING* Name);
_Requires_lock_held_(RxNetNameTable.TableLock) PNET_ROOT RxpFindNetRoot(_In_ const UNICODE_STRING* Name);
_Requires_lock_held_(RxNetNameTable.TableLock) PV_NET_ROOT
    RxpFindVNetRoot(_In_ const UNICODE_STRING* Name, _In_ ULONG LogonId);

/* --- construct.c --- */
/* Objects for one name under construction, linked and in transition; one reference on the view is the caller's. */
typedef struct _RX_CONSTRUCTION {
    MRX_SRVCALL_CALLBACK_CONTEXT SrvCallContext;
    MRX_CREATENETROOT_CONTEXT NetRootContext;
    BOOLEAN CreatesSrvCall;
    BOOLEAN CreatesNetRoot;
} RX_CONSTRUCTION, *PRX_CONSTRUCTION;

_Requires_exclusive_lock_held_(RxNetNameTable.TableLock) PRX_CONSTRUCTION
    RxpBeginConstruction(_In_ PRX_CONTEXT RxContext, _In_ const RX_NAME_PARTS* Parts);
_Requires_lock_not_held_(RxNetNameTable.TableLock) NTSTATUS RxpConstruct(_Inout_ PRX_CONSTRUCTION Construction);
_Requires_exclusive_lock_held_(RxNetNameTable.TableLock) VOID
    RxpEndConstruction(_Inout_ PRX_CONSTRUCTION Construction, _In_ NTSTATUS Status);

/* --- refcount.c --- */
/* Frees a SRV_CALL that was never in the table, or is out of it. */
VOID RxpFreeSrvCall(_In_ PSRV_CALL SrvCall);
/* Waits for the servers that are still being finalized. */
VOID RxpAwaitSrvCalls(_In_ PRDBSS_DEVICE_OBJECT RxDeviceObject);
_Requires_exclusive_lock_held_(RxNetNameTable.TableLock) VOID RxpDereferenceVNetRoot(_Inout_ PV_NET_ROOT VNetRoot);
/* Takes the name out of the table with the table's reference. REQUIRES: the caller has a reference, or looks at the
 * count. */
_Requires_exclusive_lock_held_(RxNetNameTable.TableLock) VOID RxpRemoveVNetRootName(_Inout_ PV_NET_ROOT VNetRoot);

/* --- create.c --- */
/* The open is no longer one of its view's. REQUIRES: it still has its FCB. */
VOID RxpUnlinkSrvOpen(_Inout_ PSRV_OPEN SrvOpen);

/* --- hold.c --- */
/* Takes the prefix table, the FcbTable of the view's share and the FCBs of its opens, all exclusive. LOCK_NOT_GRANTED
 * if an FCB is another's, which *Blocked then is, with a reference, or NULL if it is a table's and Wait is FALSE: then
 * none is held. */
NTSTATUS RxpHoldVNetRoot(_In_ PV_NET_ROOT VNetRoot, _In_ BOOLEAN Wait, _Outptr_result_maybenull_ PFCB* Blocked);
/* The FCB after Fcb, or the first one for NULL; the root of the share comes last. NULL: there are no more. */
_Requires_lock_held_(Table->TableLock) PFCB RxpNextFcb(_In_ PRX_FCB_TABLE Table, _In_opt_ PFCB Fcb);
/* TRUE: no open has come since whose FCB is not held. */
_Requires_lock_held_(RxStrucSupSpinLock) BOOLEAN RxpHoldsFcbs(_In_ const V_NET_ROOT* VNetRoot);
/* The FCBs and the FcbTable; the prefix table stays held. */
VOID RxpReleaseFcbs(_In_ PV_NET_ROOT VNetRoot);

/* --- fcb.c --- */
PFCB RxpFindOrCreateFcb(_In_ PV_NET_ROOT VNetRoot, _In_ const UNICODE_STRING* Path);
VOID RxpDereferenceFcb(_Inout_ PFCB Fcb);
/* CANCELLED, and not acquired, for a cancelled request. RxContext is NULL on behalf of no request. */
NTSTATUS RxpAcquireExclusiveFcb(_Inout_opt_ PRX_CONTEXT RxContext, _Inout_ PFCB Fcb);
VOID RxpReleaseFcb(_Inout_opt_ PRX_CONTEXT RxContext, _Inout_ PFCB Fcb);

/* --- scavenger.c --- */
NTSTATUS RxpInitializeScavenger(VOID);
/* REQUIRES: nothing is dormant any more. Its DPC is through when this returns. */
VOID RxpStopScavengerTimer(VOID);
VOID RxpFreeScavenger(VOID);
/* What becomes of an SRV_OPEN when the handle of a FOBX is closed. */
typedef enum _RX_SRV_OPEN_FATE {
    RxSrvOpenShared,  /* others have it open: the FOBX, which no longer counts on its view, is the caller's to free */
    RxSrvOpenDormant, /* the FOBX waits for the next open or the scavenger: nothing is the caller's any more */
    RxSrvOpenLast     /* no open finds it any more: the caller closes it */
} RX_SRV_OPEN_FATE;
RX_SRV_OPEN_FATE RxpLeaveSrvOpen(_In_ PRX_CONTEXT RxContext, _Inout_ PFOBX Fobx);
/* Finds an SRV_OPEN that the open may share, and counts it there. Fobx becomes one of its FOBXs; or, if the SRV_OPEN
 * had been left dormant, the dormant FOBX is returned in its place. NULL: there is none. REQUIRES: the FCB is held. */
PFOBX RxpCollapseOpen(_In_ PRX_CONTEXT RxContext, _Inout_ PFOBX Fobx);
BOOLEAN RxpHasDormantFobx(_In_ const V_NET_ROOT* VNetRoot);
/* Closes what is dormant: of a view, if one is given, and of a mini-redirector. */
VOID RxpScavenge(_In_ PRDBSS_DEVICE_OBJECT RxDeviceObject, _In_opt_ const V_NET_ROOT* VNetRoot);
/* Returns when the scavenger's own line is in nobody's MRxCloseSrvOpen. */
VOID RxpSynchronizeWithScavenger(VOID);

/* --- close.c --- */
/* The server's part and the end of the objects, but for the reference on the view. REQUIRES: RxSrvOpenLast. */
VOID RxpCloseSrvOpen(_Inout_ PRX_CONTEXT RxContext, _Inout_ PFOBX Fobx);

/* --- cancel.c --- */
VOID RxCancelRoutine(_Inout_ PDEVICE_OBJECT DeviceObject, _Inout_ PIRP Irp);
/* Sets CANCELLED on a request that is neither cancelled nor decided, and takes its routine out. Contexts with a routine
 * are put on the chain, with a reference. */
_Requires_lock_held_(RxStrucSupSpinLock) VOID
    RxpMarkCancelled(_Inout_ PRX_CONTEXT RxContext, _Inout_ PRX_CONTEXT* Chain);
/* Calls the routines of a chain and drops its references. */
_Requires_lock_not_held_(RxStrucSupSpinLock) VOID RxpCallCancelRoutines(_In_opt_ PRX_CONTEXT Chain);
_Requires_lock_held_(RxStrucSupSpinLock) PRX_CONTEXT RxpMarkNotifiesOfFile(_In_ const RX_FILE_OBJECT* FileObject);
_Requires_lock_held_(RxStrucSupSpinLock) PRX_CONTEXT RxpMarkRequestsOfVNetRoot(_In_ const V_NET_ROOT* VNetRoot);
_Requires_lock_held_(RxStrucSupSpinLock) BOOLEAN RxpHasNotify(_In_ const V_NET_ROOT* VNetRoot);

/* --- lowio.c --- */
_Requires_lock_held_(RxStrucSupSpinLock) BOOLEAN RxpIsOrphaned(_In_ const RX_FILE_OBJECT* FileObject);

/* --- thread.c --- */
/* This thread is the worker of that number from now on. */
VOID RxpEnterWorker(_In_ ULONG Number);
/* What this thread, a worker, carries out from now on, or NULL. */
VOID RxpCarryOut(_In_opt_ PRX_CONTEXT RxContext);
/* What this thread carries out, or NULL. */
PRX_CONTEXT RxpRequestOfThread(VOID);
/* ...by its tag in the event log, or 0. */
ULONG RxpTagOfThread(VOID);

/* --- post.c --- */
NTSTATUS RxpStartWorkers(VOID);
VOID RxpStopWorkers(VOID);
VOID RxpQueue(_Inout_ PRX_CONTEXT RxContext, _In_ VOID (*WorkerRoutine)(PRX_CONTEXT RxContext));

/* --- tree.c --- */
NTSTATUS RxpCloseTreeConnect(_Inout_ PRX_CONTEXT RxContext, _Inout_ PV_NET_ROOT VNetRoot);

/* --- finalize.c --- */
/* Orphans the view: its opens, and those that are still to come (C16). REQUIRES: the share's FcbTable is held, too. */
_Requires_lock_held_(RxStrucSupSpinLock) VOID RxpOrphanSrvOpens(_Inout_ PV_NET_ROOT VNetRoot);
VOID RxpForceFinalizeAllVNetRoots(_In_ PRDBSS_DEVICE_OBJECT RxDeviceObject);

#endif
