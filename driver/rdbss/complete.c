/* SPDX-License-Identifier: Apache-2.0
 *
 * Completion. Whoever takes CurrentIrp out of the context decides the request, once (C53); the others leave the IRP
 * alone. The exchange is made under RxStrucSupSpinLock, so that a scan which holds that lock sees every request either
 * decided or not (a change-notify that keeps a connection busy is not decided, C5).
 */
#include "rxp.h"

/* The IRP, for the winner. */
static PIRP RxpDecide(PRX_CONTEXT RxContext, NTSTATUS Status) {
    PIRP irp;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    irp = InterlockedExchangePointer((PVOID volatile*)&RxContext->CurrentIrp, NULL);
    if (irp != NULL) RxLogEvent(RxEventFinish, 0, RxEventTag(RxContext), (ULONG)Status, 0);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return irp;
}

/* Completes the IRP, if there is one, and drops the request's reference. The context outlives the IRP as long as others
 * hold references (C54); the IRP is not touched after IoCompleteRequest. */
VOID RxCompleteRequest_Real(PRX_CONTEXT RxContext, PIRP Irp, NTSTATUS Status) {
    KIRQL irql;

    RxpFreeCanonicalName(RxContext);
    if (Irp != NULL) {
        /* RxCancelRoutine works on the IRP only while it holds the cancel lock: past this section it never will. */
        IoAcquireCancelSpinLock(&irql);
        IoSetCancelRoutine(Irp, NULL);
        IoReleaseCancelSpinLock(irql);
        Irp->IoStatus.Status = Status;
        Irp->IoStatus.Information = NT_ERROR(Status) ? 0 : RxContext->InformationToReturn;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
    RxDereferenceAndDeleteRxContext(RxContext);
}

BOOLEAN RxLowIoCompletion(PRX_CONTEXT RxContext, NTSTATUS Status) {
    PIRP irp = RxpDecide(RxContext, Status);

    if (irp == NULL) return FALSE;
    RxCompleteRequest_Real(RxContext, irp, Status);
    return TRUE;
}

NTSTATUS RxCompleteRequest(PRX_CONTEXT RxContext, NTSTATUS Status) {
    RxLowIoCompletion(RxContext, Status);
    return Status;
}
