/* SPDX-License-Identifier: Apache-2.0
 *
 * The list of connections of a logon session.
 */
#include "rxp.h"

VOID RxListConnections(PRX_CONTEXT RxContext, PRX_LIST_ROUTINE Routine, PVOID Parameter,
                       PULONG NumberOfActiveContexts) {
    PLIST_ENTRY entry;
    KIRQL irql;

    /* Exclusive, although it only reads: opens are counted under the shared lock. */
    RxpAcquirePrefixTable(TRUE);
    RxLogEvent(RxEventList, RxEventTag(RxContext), 0, 0, 0);
    for (entry = RxNetNameTable.VNetRoots.Flink; entry != &RxNetNameTable.VNetRoots; entry = entry->Flink) {
        PV_NET_ROOT view = CONTAINING_RECORD(entry, V_NET_ROOT, PrefixEntry);

        if (view->Condition == Condition_Good && view->LogonId == RxContext->LogonId &&
            view->pNetRoot->pSrvCall->RxDeviceObject == RxContext->RxDeviceObject) {
            Routine(Parameter, view);
        }
    }
    RxpReleasePrefixTable();
    KeAcquireSpinLock(&RxStrucSupSpinLock, &irql);
    *NumberOfActiveContexts =
        (ULONG)RxSetNumber(&RxActiveContexts, &RxContext->RxDeviceObject->NumberOfActiveContexts) - 1;
    KeReleaseSpinLock(&RxStrucSupSpinLock, irql);
}
