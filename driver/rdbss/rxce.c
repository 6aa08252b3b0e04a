/* SPDX-License-Identifier: Apache-2.0
 *
 * The connection engine's transport interface, as far as it is documented to do anything.
 */
#include "rxp.h"

static ULONG RxpLastConnectionNumber; /* guarded by RxStrucSupSpinLock */

/* "Not currently implemented", says its page: always NOT_IMPLEMENTED, and a pending connect is not disturbed (C71). */
NTSTATUS RxCeCancelConnectRequest(PVOID pLocalAddress, PUNICODE_STRING pServerName, PVOID pConnectionInformation) {
    UNREFERENCED_PARAMETER(pLocalAddress);
    UNREFERENCED_PARAMETER(pServerName);
    UNREFERENCED_PARAMETER(pConnectionInformation);
    return STATUS_NOT_IMPLEMENTED;
}

NTSTATUS RxCeBuildConnection(PUNICODE_STRING pServerName, ULONG Tag, PRXCE_CONNECTION pConnection) {
    PRXCE_CONNECTION_INFORMATION information =
        ExAllocatePoolWithTag(NonPagedPool, sizeof(*information) + pServerName->Length, RX_TAG_TRANSPORT);
    KIRQL irql;

    if (information == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    RxpCopyName(&information->ServerName, information->NameBuffer, pServerName);
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    pConnection->Number = ++RxpLastConnectionNumber;
    pConnection->pInformation = information;
    RxLogEvent(RxEventTransportUp, Tag, 0, 0, pConnection->Number);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    return STATUS_SUCCESS;
}

/* The page leaves open what happens to a connection that is down already, or not yet up. Its precondition is broken
 * then, so nothing is done: INVALID_PARAMETER (C72). Who takes the information out takes the connection down, once. */
NTSTATUS RxCeTearDownConnection(PRXCE_CONNECTION pConnection) {
    PRXCE_CONNECTION_INFORMATION information;
    KIRQL irql;

    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    information = pConnection->pInformation;
    pConnection->pInformation = NULL;
    if (information != NULL) RxLogEvent(RxEventTransportDown, 0, 0, 0, pConnection->Number);
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
    if (information == NULL) return STATUS_INVALID_PARAMETER;
    ExFreePoolWithTag(information, RX_TAG_TRANSPORT);
    return STATUS_SUCCESS;
}
