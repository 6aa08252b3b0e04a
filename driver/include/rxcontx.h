/* SPDX-License-Identifier: Apache-2.0
 *
 * The RX_CONTEXT: what the engine knows of one request. It is created with one reference, which belongs to the request
 * and is dropped by whoever completes it; it outlives its IRP while others hold references (C54, C55).
 * Members as in mrx.h: S = guarded by RxStrucSupSpinLock, const = written before another line can find it, own =
 * touched only by the line that carries the request out.
 */
#ifndef RXCONTX_H
#define RXCONTX_H

#include "mrx.h"

#define RX_CONTEXT_FLAG_FROM_POOL 0x00000001
#define RX_CONTEXT_FLAG_WAIT 0x00000002
#define RX_CONTEXT_FLAG_IN_FSP 0x00000200
#define RX_CONTEXT_FLAG_ASYNC_OPERATION 0x00001000
#define RX_CONTEXT_FLAG_CANCELLED 0x00080000
#define RX_CONTEXT_FLAG_BYPASS_VALIDOP_CHECK 0x00400000 /* taken up also while the mini-redirector is not started */
#define RX_CONTEXT_FLAG_MUST_SUCCEED 0x08000000

/* What RxReinitializeContext keeps, by its page (MUST_SUCCEED_ALLOCATED is not used here). CANCELLED is not among
 * them; see there. */
#define RX_CONTEXT_PRESERVED_FLAGS (RX_CONTEXT_FLAG_FROM_POOL | RX_CONTEXT_FLAG_IN_FSP)

#define MRX_CONTEXT_FIELD_COUNT 4

typedef struct _RX_WORK_QUEUE_ITEM {
    LIST_ENTRY Entry;
    VOID (*WorkerRoutine)(_Inout_ struct _RX_CONTEXT* RxContext);
} RX_WORK_QUEUE_ITEM, *PRX_WORK_QUEUE_ITEM;

typedef struct _RX_CONTEXT {
    NODE_TYPE_CODE NodeTypeCode;
    USHORT NodeByteSize;
    volatile LONG ReferenceCount; /* raised interlocked by who holds one or S; dropped under S */
    LIST_ENTRY ContextListEntry;  /* S; RxActiveContexts */

    UCHAR MajorFunction; /* const once posted */
    UCHAR MinorFunction;
    volatile ULONG Flags;                /* changed interlocked, CANCELLED only under S; read interlocked */
    PIRP CurrentIrp;                     /* taken out under S, by one exchange; NULL: the request is decided */
    PIO_STACK_LOCATION CurrentIrpSp;     /* const; valid only while CurrentIrp is */
    PRDBSS_DEVICE_OBJECT RxDeviceObject; /* const */
    ULONG_PTR InformationToReturn;       /* own, until the request is pended */

    PMRX_CALLDOWN MRxCancelRoutine;    /* S */
    PMRX_CALLDOWN TakenCancelRoutine;  /* of the line that set CANCELLED */
    struct _RX_CONTEXT* NextCancelled; /* of the line that set CANCELLED */

    ULONG LogonId; /* const once posted: the session on whose behalf the request is made */

    PRX_FILE_OBJECT FileObject; /* own until VNetRoot is set, then const: the handle that the request uses */
    PV_NET_ROOT VNetRoot;       /* S; the view whose outstanding request this is */
    PFCB pFcb;                  /* own */
    PFOBX pFobx;                /* own */
    PSRV_OPEN pRelevantSrvOpen; /* own */

    /* FCBs that this request holds. Zero when the context is freed (C56). */
    LONG AcquireReleaseFcbTrackerX; /* own */

    struct {
        UNICODE_STRING CanonicalName; /* `[\;X:]\server\share[\path]` */
        PWCHAR CanonicalNameBuffer;   /* its memory once the create has begun; freed with the request (C58) */
        UNICODE_STRING RemainingName; /* the path */
        ULONG Disposition;            /* FILE_OPEN or FILE_OPEN_IF */
        ULONG CreateOptions;          /* FILE_CREATE_TREE_CONNECTION or FILE_DIRECTORY_FILE */
        PV_NET_ROOT pVNetRoot;        /* found or constructed, referenced */
        ULONG TookReference; /* the view's NumberOfConnects when this request took the add-connection reference, or 0 */
    } Create;                /* own */

    struct {
        LOWIO_OPS Operation; /* own until VNetRoot is set, then const */
    } LowIoContext;

    /* Reads and writes that wait in line behind others of their file; none does here. NULL when the context is
     * freed (C58). */
    PLIST_ENTRY RxContextSerializationQLinks; /* own */

    PVOID MRxContext[MRX_CONTEXT_FIELD_COUNT]; /* the mini-redirector's; [0] is the request's tag in the event log */
    RX_WORK_QUEUE_ITEM WorkQueueItem;          /* of the line that queues it, then the worker's */
} RX_CONTEXT, *PRX_CONTEXT;

/* The request's name in the event log. */
#define RxEventTag(RxContext) ((ULONG)(ULONG_PTR)(RxContext)->MRxContext[0])

#endif
