/* SPDX-License-Identifier: Apache-2.0
 *
 * What the connection engine and a network mini-redirector share: the objects of a connection and the table of routines
 * (MINIRDR_DISPATCH) through which the engine calls the mini-redirector. Names and roles follow the published
 * pages of mrx.h, mrxfcb.h and rxtypes.h; layouts are our own.
 *
 * Who guards what is said at each member: T = prefix table lock, F = the FcbTable's lock, X = the FCB's resource,
 * S = RxStrucSupSpinLock, "const" = written before the object can be found.
 */
#ifndef MRX_H
#define MRX_H

#include "rxkernel.h"

typedef USHORT NODE_TYPE_CODE;
#define RDBSS_NTC_SRVCALL ((NODE_TYPE_CODE)0xec10)
#define RDBSS_NTC_NETROOT ((NODE_TYPE_CODE)0xec11)
#define RDBSS_NTC_V_NETROOT ((NODE_TYPE_CODE)0xec12)
#define RDBSS_NTC_FCB ((NODE_TYPE_CODE)0xec13)
#define RDBSS_NTC_SRVOPEN ((NODE_TYPE_CODE)0xec14)
#define RDBSS_NTC_FOBX ((NODE_TYPE_CODE)0xec15)
#define RDBSS_NTC_RX_CONTEXT ((NODE_TYPE_CODE)0xec16)

/* Every object begins with this. */
typedef struct _MRX_NORMAL_NODE_HEADER {
    NODE_TYPE_CODE NodeTypeCode;
    USHORT NodeByteSize;
    volatile LONG NodeReferenceCount;
} MRX_NORMAL_NODE_HEADER;

/* The state of an object under construction. Uninitialized, Closing and Closed are not used here. */
typedef enum _RX_BLOCK_CONDITION {
    Condition_Uninitialized = 0,
    Condition_InTransition,
    Condition_Closing,
    Condition_Good,
    Condition_Bad,
    Condition_Closed
} RX_BLOCK_CONDITION;

#define StableCondition(condition) ((condition) >= Condition_Good)

struct _RX_CONTEXT;
struct _MINIRDR_DISPATCH;

/* One for each mini-redirector: the extension of its device object. */
typedef struct _RDBSS_DEVICE_OBJECT {
    PDEVICE_OBJECT pDeviceObject;                                          /* const */
    const struct _MINIRDR_DISPATCH* Dispatch;                              /* const */
    enum { RDBSS_STARTABLE, RDBSS_STARTED, RDBSS_STOP_IN_PROGRESS } State; /* S */
    LONG NumberOfFinalizingSrvCalls;  /* S; out of the table, MRxFinalizeSrvCall has not returned */
    KEVENT SrvCallsGoneEvent;         /* set under S when there are none */
    volatile LONG NumberOfActiveFcbs; /* changed interlocked */
    struct _RX_CONTEXT* pStopContext; /* S; set while RxStopMinirdr waits for the others */
    LONG NumberOfActiveContexts;      /* S; in eight bytes of its own (rxset.h) */
    KEVENT StopEvent;
    struct _RX_CONTEXT* ReservedContext; /* const; for one request that may not fail when memory is short */
    KEVENT ReservedContextFree;          /* synchronization event: nobody uses it */
} RDBSS_DEVICE_OBJECT, *PRDBSS_DEVICE_OBJECT;

/* A server. */
typedef struct _SRV_CALL {
    MRX_NORMAL_NODE_HEADER Header;          /* references: T exclusive */
    LIST_ENTRY PrefixEntry;                 /* T */
    PRDBSS_DEVICE_OBJECT RxDeviceObject;    /* const */
    RX_BLOCK_CONDITION Condition;           /* T; once TransitionEvent is set it does not change */
    ULONG SerialNumber;                     /* const: counts servers from 1 */
    KEVENT TransitionEvent;                 /* set once the condition is stable */
    PIO_WORKITEM FinalizeItem;              /* const */
    ULONG NumberOfCloseDelayedFiles;        /* S */
    ULONG MaximumNumberOfCloseDelayedFiles; /* set by MRxCreateSrvCall, then const; 0: no close is delayed */
    UNICODE_STRING SrvCallName;             /* const: `\server` */
    WCHAR NameBuffer[1];
} SRV_CALL, *PSRV_CALL, MRX_SRV_CALL, *PMRX_SRV_CALL;

/* The files of a share that are open, by path; the root of the share, whose path is null, is kept apart. */
typedef struct _RX_FCB_TABLE {
    ERESOURCE TableLock;
    LIST_ENTRY Fcbs;                /* F */
    struct _FCB* TableEntryForNull; /* F */
} RX_FCB_TABLE, *PRX_FCB_TABLE;

#define NETROOT_FLAG_FINALIZATION_IN_PROGRESS 0x00040000

/* A share. */
typedef struct _NET_ROOT {
    MRX_NORMAL_NODE_HEADER Header; /* references: T exclusive; one a V_NET_ROOT */
    LIST_ENTRY PrefixEntry;        /* T */
    PSRV_CALL pSrvCall;            /* const; holds a reference */
    ULONG Flags;                   /* T exclusive */
    RX_BLOCK_CONDITION Condition;  /* T; once TransitionEvent is set it does not change */
    ULONG SerialNumber;            /* const: counts shares from 1 */
    KEVENT TransitionEvent;        /* set once the condition is stable */
    RX_FCB_TABLE FcbTable;
    ULONG NumberOfFcbs;             /* F exclusive */
    volatile LONG NumberOfSrvOpens; /* interlocked; each has an FCB for longer than it counts here */
    UNICODE_STRING NetRootName;     /* const: `\server\share` */
    WCHAR NameBuffer[1];
} NET_ROOT, *PNET_ROOT, MRX_NET_ROOT, *PMRX_NET_ROOT;

/* A view of a share: one for each logon session, device (a drive letter, or none) and share. */
typedef struct _V_NET_ROOT {
    MRX_NORMAL_NODE_HEADER Header; /* references: raised interlocked under T, dropped under T exclusive */
    LIST_ENTRY PrefixEntry;        /* T; linked while the name is in the table */
    PNET_ROOT pNetRoot;            /* const; holds a reference */
    RX_BLOCK_CONDITION Condition;  /* T */
    ULONG SerialNumber;            /* const: counts views from 1 */
    ULONG LogonId;                 /* const: whose view it is */
    BOOLEAN UpperFinalizationDone; /* T; the name is out of the table */
    BOOLEAN NameGoesWithHandle;    /* T exclusive; ...will be with the last tree handle: variant of C36 */
    USHORT NumberOfTrees;          /* S; tree handles, counted for that variant only */
    ULONG AdditionalReferenceForDeleteFsctlTaken; /* T exclusive; 0 or 1 */
    ULONG NumberOfConnects;                       /* T exclusive; add-connection requests that found it so far */
    volatile LONG NumberOfFobxs;                  /* never negative; raised interlocked under T, lowered under T
                                                     exclusive */
    BOOLEAN Orphaned;                             /* S; set by a forced deletion, never reset */
    BOOLEAN Deleted;                              /* S; otherwise: nobody finds what is left dormant on it */
    KEVENT TransitionEvent;                       /* set once the condition is stable */
    UNICODE_STRING Name;                          /* const: `\;X:\server\share` or `\server\share` */
    WCHAR NameBuffer[1];
} V_NET_ROOT, *PV_NET_ROOT, MRX_V_NET_ROOT, *PMRX_V_NET_ROOT;

/* An open path. Shared by all views of its share. */
typedef struct _FCB {
    MRX_NORMAL_NODE_HEADER Header; /* references: F exclusive; one an SRV_OPEN, or an open in flight */
    LIST_ENTRY TableEntry;         /* F; unused by the root's */
    PNET_ROOT pNetRoot;            /* const; kept alive by the views of the opens */
    LIST_ENTRY SrvOpenList;        /* S; of all views */
    ULONG UncleanCount;            /* X */
    ULONG OpenCount;               /* X */
    BOOLEAN HeldByDelete;          /* T exclusive; a delete holds Resource */
    ULONG FirstSerialNumber;       /* const; of the view that opened it first: variant of C13 */
    ERESOURCE Resource;
    UNICODE_STRING PrivateAlreadyPrefixedName; /* const: the path within the share */
    WCHAR NameBuffer[1];
} FCB, *PFCB, MRX_FCB, *PMRX_FCB;

#define SRVOPEN_FLAG_CLOSED 0x00000001
#define SRVOPEN_FLAG_ORPHANED 0x00000002
#define SRVOPEN_FLAG_CLOSE_DELAYED 0x00000004

#define FCB_STATE_COLLAPSING_ENABLED 0x00400000

/* What is open on the server. Opens of one path through one view may share it, if the mini-redirector agrees. */
typedef struct _SRV_OPEN {
    MRX_NORMAL_NODE_HEADER Header;
    ULONG Flags;                /* S */
    LIST_ENTRY SrvOpenEntry;    /* S; of FCB.SrvOpenList */
    PV_NET_ROOT pVNetRoot;      /* const; holds a reference */
    PFCB pFcb;                  /* const; holds a reference */
    ULONG OpenCount;            /* S; FOBXs, a dormant one among them */
    struct _FOBX* pDormantFobx; /* S; while CLOSE_DELAYED */
    ULONG CreateOptions;        /* const */
    ULONG BufferingFlags;       /* MRxCreate may set FCB_STATE_COLLAPSING_ENABLED; then const */
    ULONG EventTarget;          /* const: the handle of the open that made it, in the event log */
    PVOID Context;              /* the mini-redirector's */
} SRV_OPEN, *PSRV_OPEN, MRX_SRV_OPEN, *PMRX_SRV_OPEN;

#define FOBX_FLAG_MARKED_AS_DORMANT 0x00000001

/* The engine's part of one open file. It holds a reference on the view. */
typedef struct _FOBX {
    MRX_NORMAL_NODE_HEADER Header;
    PSRV_OPEN pSrvOpen;        /* const; the last of its FOBXs ends it */
    ULONG Flags;               /* S */
    LIST_ENTRY ScavengerEntry; /* S; while it is dormant */
    PVOID Context;             /* the mini-redirector's */
} FOBX, *PFOBX, MRX_FOBX, *PMRX_FOBX;

/* Stands for the FILE_OBJECT of a handle: under test one device handle carries many files, so the mini-redirector
 * brings these along. FsContext2 is a FOBX (file) or a V_NET_ROOT (tree connection), told apart by the node type. */
typedef struct _RX_FILE_OBJECT {
    PVOID FsContext; /* the FCB of a file */
    PVOID FsContext2;
    ULONG Flags;       /* S; FO_CLEANUP_COMPLETE */
    ULONG EventTarget; /* const: how the event log calls this handle */
} RX_FILE_OBJECT, *PRX_FILE_OBJECT;

/* MRxCreateSrvCall answers through Callback, exactly once, and returns STATUS_PENDING. */
typedef struct _MRX_SRVCALL_CALLBACK_CONTEXT {
    PMRX_SRV_CALL SrvCall;
    struct _RX_CONTEXT* RxContext;
    NTSTATUS Status;
    KEVENT FinishEvent;
    VOID (*Callback)(_Inout_ struct _MRX_SRVCALL_CALLBACK_CONTEXT* Context);
    LIST_ENTRY WorkQueueItem; /* free for the mini-redirector until it calls back */
} MRX_SRVCALL_CALLBACK_CONTEXT, *PMRX_SRVCALL_CALLBACK_CONTEXT;

/* MRxCreateVNetRoot likewise. */
typedef struct _MRX_CREATENETROOT_CONTEXT {
    PMRX_V_NET_ROOT pVNetRoot;
    struct _RX_CONTEXT* RxContext;
    NTSTATUS NetRootStatus;
    NTSTATUS VirtualNetRootStatus;
    KEVENT FinishEvent;
    VOID (*Callback)(_Inout_ struct _MRX_CREATENETROOT_CONTEXT* Context);
    LIST_ENTRY WorkQueueItem; /* free for the mini-redirector until it calls back */
} MRX_CREATENETROOT_CONTEXT, *PMRX_CREATENETROOT_CONTEXT;

typedef enum _LOWIO_OPS {
    LOWIO_OP_READ = 0,
    LOWIO_OP_WRITE,
    LOWIO_OP_NOTIFY_CHANGE_DIRECTORY,
    LOWIO_OP_MAXIMUM
} LOWIO_OPS;

typedef NTSTATUS (*PMRX_CALLDOWN)(_Inout_ struct _RX_CONTEXT* RxContext);

/* How many cancel routines the event log can tell apart: 0 stands for none. */
#define RX_NAMED_CANCEL_ROUTINES 4

/* The mini-redirector's routines. All are called at IRQL <= APC_LEVEL. */
typedef struct _MINIRDR_DISPATCH {
    /* No lock held. */
    NTSTATUS (*MRxCreateSrvCall)(_Inout_ PMRX_SRV_CALL SrvCall, _Inout_ PMRX_SRVCALL_CALLBACK_CONTEXT Context);
    NTSTATUS (*MRxCreateVNetRoot)(_Inout_ PMRX_CREATENETROOT_CONTEXT Context);
    /* Whether the path behind a share's name is a directory. No lock held. */
    NTSTATUS (*MRxIsValidDirectory)(_Inout_ struct _RX_CONTEXT* RxContext, _In_ PUNICODE_STRING DirectoryName);
    /* Prefix table held exclusive. Their answers change nothing (C25). */
    NTSTATUS (*MRxFinalizeVNetRoot)(_Inout_ PMRX_V_NET_ROOT VNetRoot, _In_ BOOLEAN ForceDisconnect);
    NTSTATUS (*MRxFinalizeNetRoot)(_Inout_ PMRX_NET_ROOT NetRoot, _In_ BOOLEAN ForceDisconnect);
    /* No lock held. */
    NTSTATUS (*MRxFinalizeSrvCall)(_Inout_ PMRX_SRV_CALL SrvCall, _In_ BOOLEAN Force);
    /* FCB held exclusive. MRxShouldTryToCollapseThisOpen fails for an open that shall have a handle of its own. */
    PMRX_CALLDOWN MRxShouldTryToCollapseThisOpen;
    PMRX_CALLDOWN MRxCollapseOpen;
    PMRX_CALLDOWN MRxCreate;
    PMRX_CALLDOWN MRxCleanupFobx;
    PMRX_CALLDOWN MRxCloseSrvOpen;
    /* No lock held. */
    PMRX_CALLDOWN MRxLowIOSubmit[LOWIO_OP_MAXIMUM];
    PMRX_CALLDOWN MRxDevFcbXXXControlFile;
    /* Ours: the routines that it passes to RxSetMinirdrCancelRoutine, each at its number in the event log; [0] is NULL.
     */
    PMRX_CALLDOWN NamedCancelRoutines[RX_NAMED_CANCEL_ROUTINES];
} MINIRDR_DISPATCH, *PMINIRDR_DISPATCH;

#endif
