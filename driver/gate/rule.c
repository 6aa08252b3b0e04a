/* SPDX-License-Identifier: Apache-2.0
 *
 * A rule of the executive is broken (`rxcheck` names the rules), or the run cannot be followed any more.
 */
#include "gate.h"

VOID GateCopyText(CHAR* To, ULONG Size, const CHAR* From) {
    ULONG i;

    for (i = 0; i + 1 < Size && From[i] != 0; ++i)
        To[i] = From[i];
    To[i] = 0;
}

VOID GateBreak(GATE_THREAD* Me, const CHAR* Rule, const CHAR* Object, const VOID* Address, PVOID Site,
               const CHAR* Text) {
    RXGATE_STOP* stop = &Gate.Stop;

    if (Gate.Over) return; /* the first one counts */
    Gate.Over = TRUE;
    GateCopyText(stop->Rule, sizeof(stop->Rule), Rule);
    GateCopyText(stop->Text, sizeof(stop->Text), Text);
    GateCopyText(stop->RuleObject, sizeof(stop->RuleObject), Object == NULL ? "" : Object);
    if (Address != NULL) GatePlaceOf(Address, &stop->RulePlace);
    if (Site != NULL) GatePlaceOfImage(Site, &stop->RuleSite);
    stop->RuleOperation = Me->Work.Operation;
    while (GateStop(Me, RxGateBroken)) {
    }
}

/* Everything runs free from here on: nobody waits for a turn that would never come. */
VOID GateLose(const CHAR* Text) {
    GATE_THREAD* running = Gate.Running;

    if (InterlockedCompareExchange(&Gate.Mode, GateFree, GateOn) != GateOn) return;
    GateCopyText(Gate.Stop.Text, sizeof(Gate.Stop.Text), Text);
    GateStop(running, RxGateLost);
    GateLeave();
}
