/* SPDX-License-Identifier: Apache-2.0
 *
 * Which variants are in force (driver/protocol/rxcheck_variants.h). They are chosen at start, before the first
 * connection, and stay: whoever looks at a connection afterwards needs no lock to read them.
 */
#include "rxp.h"

ULONG RxVariants;

NTSTATUS RxChooseVariants(ULONG Variants) {
    NTSTATUS status = STATUS_SUCCESS;

    if ((Variants & ~RXCHECK_VARIANTS) != 0) return STATUS_INVALID_PARAMETER;
    RxpAcquirePrefixTable(TRUE);
    if (RxNetNameTable.LastSerialNumber != 0) {
        status = STATUS_CONNECTION_ACTIVE;
    } else {
        RxVariants = Variants;
    }
    RxpReleasePrefixTable();
    return status;
}

ULONG RxQueryVariants(VOID) {
    return RxVariants;
}
