// SPDX-License-Identifier: Apache-2.0
#include "models/reference/clause_texts.h"

namespace rxcheck::models::reference {

std::vector<Clause> clauses_about_requests() {
  return {
      // Cancel routines.
      {46,
       "RxSetMinirdrCancelRoutine on a cancelled context returns CANCELLED, and that routine is never called.",
       "RxSetMinirdrCancelRoutine page, Return Value",
       "its status; no call of the routine",
       {},
       ""},
      {47,
       "RxSetMinirdrCancelRoutine on a context that is not cancelled returns SUCCESS, and a later cancel calls that "
       "routine and no other.",
       "RxSetMinirdrCancelRoutine page, Return Value and Remarks",
       "its status; the call of the routine",
       {},
       ""},
      {48,
       "Setting a routine and cancelling are atomic to each other: no cancel is lost between them, every cancelled "
       "request ends.",
       "RxSetMinirdrCancelRoutine page, Remarks",
       "the request completes without the server's answer",
       {},
       ""},
      {49,
       "A cancel routine is called at most once for each time it was set.",
       "RxSetMinirdrCancelRoutine page, Remarks",
       "the number of calls",
       {},
       ""},
      {101,
       "Setting a routine stores exactly the given pointer; setting NULL withdraws it, and a cancel after that "
       "calls nothing.",
       "RxSetMinirdrCancelRoutine page, Remarks",
       "no call of a routine that was withdrawn or never set",
       {},
       ""},

      // Completion.
      {51,
       "A request that was cancelled before it is taken up does not enter the mini-redirector and ends as CANCELLED.",
       "ReactOS rxcontx.h, MINIRDR_CALL",
       "no callout; the request's status",
       {},
       ""},
      {53,
       "Every request is completed exactly once: with CANCELLED, only if it was cancelled, or with its own result.",
       "I/O manager contract (IoCompleteRequest page); ReactOS rdbss.c, RxCompleteRequest",
       "the number of completions and their status",
       {},
       ""},
      {54,
       "A context stays usable for those who hold a reference on it after its IRP was completed; the IRP does not.",
       "RxDereferenceAndDeleteRxContext_Real page; ReactOS rdbss.c, RxCompleteRequest",
       "the flags that are read through the reference; the executive: memory that is touched after it was freed",
       {},
       "no status shows it: the executive sees whether the memory behind a reference is still there"},
      {62,
       "Closing a handle cancels its pending change notifications, calling their routines, before the close ends.",
       "ReactOS rdbss.c, RxCommonCleanup",
       "the notification completes, the close does not wait for the server",
       {},
       ""},

      // Interrupt request level.
      {97,
       "Every routine whose page states an IRQL is entered at or below it.",
       "IRQL line of the RxCeCancelConnectRequest, RxSetMinirdrCancelRoutine and RxFinalizeConnection pages",
       "the executive, at entry",
       {},
       "only the executive knows the IRQL; its violation names this clause"},
  };
}

}  // namespace rxcheck::models::reference
