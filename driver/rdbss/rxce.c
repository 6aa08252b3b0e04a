/* SPDX-License-Identifier: Apache-2.0
 *
 * The connection engine's transport interface, as far as it is documented to do anything.
 */
#include "rxp.h"

/* "Not currently implemented", says its page: always NOT_IMPLEMENTED, and a pending connect is not disturbed (C71). */
NTSTATUS RxCeCancelConnectRequest(PVOID pLocalAddress, PUNICODE_STRING pServerName, PVOID pConnectionInformation) {
    UNREFERENCED_PARAMETER(pLocalAddress);
    UNREFERENCED_PARAMETER(pServerName);
    UNREFERENCED_PARAMETER(pConnectionInformation);
    return STATUS_NOT_IMPLEMENTED;
}
