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
      {50,
       "Of a routine and the one that replaces it, a cancel calls exactly one: the one that was set when the cancel "
       "took "
       "effect.",
       "RxSetMinirdrCancelRoutine page, Remarks: setting is atomic to a cancel",
       "which routine is called, and how often",
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
      {52,
       "An open whose context is cancelled fails with CANCELLED before it acquires its FCB.",
       "ReactOS rxce.c, __RxAcquireFcb",
       "its status; the file can be opened by others",
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
      {55,
       "A context is freed on its last dereference, and only then.",
       "RxDereferenceAndDeleteRxContext_Real page, first paragraph; the sentence that asserts a count of zero after "
       "every "
       "decrement contradicts it and is not enforced",
       "the executive: memory that is touched after it was freed, or left behind",
       {},
       "only the executive knows what memory is allocated; its rules use-after-free and leak show it"},
      {56,
       "When a context is freed, its count of FCBs acquired and not released is zero.",
       "RxDereferenceAndDeleteRxContext_Real page (its wording is inverted); ReactOS rxce.c, same routine",
       "the executive: the engine stops the system",
       {},
       "only the executive sees the engine stop the system (rule bugcheck); no correct driver does"},
      {57,
       "A stop waits until no context but its own is active, and no longer.",
       "RxDereferenceAndDeleteRxContext_Real page (its wording is inverted); ReactOS rxce.c, same routine",
       "the stop returns after the last other request has ended and the last reference on one is dropped",
       {},
       ""},
      {58,
       "RxPrepareContextForReuse is called for a context without a name buffer of a create, and without links of a "
       "read "
       "or write that waits in line.",
       "RxPrepareContextForReuse page, Remarks",
       "the executive: the engine stops the system",
       {},
       "only the executive sees the engine stop the system (rule bugcheck); no correct driver does"},
      {59,
       "A cancel that hits a create before its second attempt is not forgotten: the create ends as CANCELLED, or as if "
       "the "
       "cancel came after it.",
       "RxSetMinirdrCancelRoutine page, Remarks; the RxReinitializeContext page does not preserve "
       "RX_CONTEXT_FLAG_CANCELLED",
       "the second attempt does not acquire the FCB",
       {"cancel-lost-on-reinit"},
       ""},
      {60,
       "Cleanup and close requests cannot be cancelled.",
       "ReactOS rdbss.c, RxFsdCommonDispatch",
       "the close's status",
       {},
       ""},
      {61,
       "A request that is already cancelled when it is dispatched ends, as CANCELLED or with its own result: it is "
       "never "
       "left pending.",
       "I/O manager contract (IoSetCancelRoutine page); ReactOS rdbss.c, RxFsdCommonDispatch leaves it open",
       "the request completes without the server's answer",
       {},
       ""},
      {62,
       "Closing a handle cancels its pending change notifications, calling their routines, before the close ends.",
       "ReactOS rdbss.c, RxCommonCleanup",
       "the notification completes, the close does not wait for the server",
       {},
       ""},

      // Transport.
      {37,
       "A delete may leave the transport to the server up, unless it is told to close it: then it is down when the "
       "delete "
       "returns.",
       "RxFinalizeConnection page, Remarks",
       "the teardown of the transport, before the delete returns",
       {},
       ""},
      {72,
       "RxCeTearDownConnection returns SUCCESS, and the connection is down, or INSUFFICIENT_RESOURCES or "
       "INVALID_PARAMETER.",
       "RxCeTearDownConnection page, Return value",
       "its status",
       {},
       ""},

      // Stop.
      {73,
       "From a stop on nothing but cleanup and close is taken up: other requests end as REDIRECTOR_NOT_STARTED. The "
       "stop "
       "answers SUCCESS if no file is open, else REDIRECTOR_HAS_OPEN_HANDLES.",
       "RxStopMinirdr page, Return value and Remarks",
       "the statuses of the stop and of what follows",
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
