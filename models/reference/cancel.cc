// SPDX-License-Identifier: Apache-2.0
//
// Cancelling a request and the mini-redirector's cancel routine.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

uint8_t bit_of(uint32_t routine) { return static_cast<uint8_t>(1u << (routine & 7)); }

}  // namespace

bool Machine::on_cancel(OperationState& op, const Event& event) {
  if (op.kind == OpKind::close)
    return refuse(60, index_of(op), state_of(op), "no cancel: cleanup and close cannot be cancelled",
                  "it was marked cancelled");
  if (op.cancelled != 0) return false;
  if (op.finishes == 0 && judge_cause(op, event)) return true;
  op.cancelled = now_;
  watched_.push_back(index_of(op));
  if (adds_connection(op) && op.finishes == 0) ++connection_of(op).cancelled_connects;
  if (op.pended_on != kNone && op.kind == OpKind::notify) {
    View& view = views_[op.pended_on];
    --view.live_notifies;
    ++view.cancelled_notifies;
  }
  op.sets_raced = op.sets_entered;
  op.owed = op.registered;
  op.registered = 0;

  // Which clause promises the call: who cancels is told by the event, or else by what has happened to the handle.
  const OperationState* by = at(event.operation);
  const View* view = view_of_handle(op);
  op.cancel_clause = 47;
  if (by != nullptr && by != &op && !is_pending_kind(by->kind)) {
    if (by->kind == OpKind::close) op.cancel_clause = 62;
    if (is_delete(by->kind)) op.cancel_clause = 19;
  } else if (op.slot != kNone && operations_[op.slot].cleaned != 0) {
    op.cancel_clause = 62;
  } else if (view != nullptr && view->orphaned) {
    op.cancel_clause = 19;
  }
  // The routine was set while the canceller was on its way: the two are atomic to each other, whoever cancels (C48).
  if (by != nullptr && by != &op && by->called != 0 && op.set_entered > by->called) op.cancel_clause = 48;
  return false;
}

// Nobody but these cancels a request: IoCancelIrp, the close of its handle, a forced delete of its view.
bool Machine::judge_cause(OperationState& op, const Event& event) {
  const OperationState* by = at(event.operation);
  if (by != nullptr && by->kind == OpKind::force_all && !op.cancel_called) {
    if (choices_.force_all_cancels == Choice::usual &&
        refuse(43, index_of(op), state_of(op), "still pending, as before", "cancelled by RxForceFinalizeAllVNetRoots"))
      return true;
    choices_.force_all_cancels = Choice::variant;
    if (connection_of(op).share == connection_of(*by).share) return false;  // of its share, and of no other
  }
  if (op.cancel_called || op.cancelled_before) return false;
  if (op.slot != kNone && operations_[op.slot].closing) return false;
  const ConnectionState& connection = connection_of(op);
  const View* view = view_of_handle(op);
  if ((view != nullptr && view->forced) || connection.forced_deletes != 0) return false;
  const uint16_t self = index_of(op);
  if (connection.deletes == 0) {
    return refuse(forced_deletes_ != 0 ? 20 : 53, self, state_of(op), "nobody asked to cancel the request",
                  "it was marked cancelled");
  }
  // C22: a delete that fails may cancel too, if it always does.
  if (choices_.failed_cancels == Choice::usual)
    return refuse(op.kind == OpKind::notify ? 5 : 4, self, state_of(op), "still pending under a delete that may fail",
                  "it was marked cancelled");
  choices_.failed_cancels = Choice::variant;
  return false;
}

void Machine::on_set(OperationState& op, uint32_t routine) {
  if (op.cancelled != 0) {
    op.refused |= bit_of(routine);
    ++op.sets_refused;
    return;
  }
  op.registered = static_cast<uint8_t>(routine & 7);
  op.stored |= bit_of(routine);
  ++op.sets_accepted;
}

// Which of several setters has returned is not told, so a result is taken for any whose effect allows it.
bool Machine::on_set_leave(OperationState& op, const Event& event) {
  const uint16_t self = index_of(op);
  if (op.sets_entered != 0) --op.sets_entered;
  if (event.status == status::kCancelled) {
    if (op.sets_refused != 0) {
      --op.sets_refused;
    } else if (op.cancelled == 0 &&
               refuse(47, self, state_of(op), "SUCCESS: the context is not cancelled", "CANCELLED")) {
      return true;
    } else if (op.sets_accepted != 0) {
      --op.sets_accepted;
    }
    op.set_refused = op.cancelled != 0;
    return false;
  }
  if (event.status == status::kSuccess && op.sets_accepted != 0) {
    --op.sets_accepted;
    return false;
  }
  if (op.sets_refused != 0) {
    // A setter that was on its way when the cancel came has slipped past it.
    if (refuse(op.sets_raced != 0 ? 48 : 46, self, state_of(op), "CANCELLED: the context is cancelled",
               status::name_of(event.status)))
      return true;
    --op.sets_refused;
    return false;
  }
  if (event.status == status::kSuccess)
    return refuse(101, self, state_of(op), "the routine is stored before SUCCESS is returned", "nothing was stored");
  return refuse(op.cancelled != 0 ? 46 : 47, self, state_of(op), "SUCCESS or CANCELLED", status::name_of(event.status));
}

bool Machine::on_cancel_routine(OperationState& op, uint32_t routine) {
  const uint16_t self = index_of(op);
  if (routine != 0 && op.owed == routine) {
    op.called_routine = op.owed;
    op.owed = 0;
    return false;
  }
  const uint8_t bit = bit_of(routine);
  const std::string observed = routine == 1   ? "A was called"
                               : routine == 2 ? "B was called"
                               : routine == 3 ? "C was called"
                                              : "a routine was called";
  if (op.called_routine != 0 && op.called_routine == routine)
    return refuse(49, self, state_of(op), "no second call", observed);
  if ((op.refused & bit) != 0)
    return refuse(46, self, state_of(op), "no call: setting it returned CANCELLED", observed);
  if ((op.stored & bit) == 0)
    return refuse(101, self, state_of(op), "no call of a routine that was never set", observed);
  if (op.cancelled != 0 && (op.owed != 0 || op.called_routine != 0)) {
    const std::string expected = op.owed == 1   ? "A, which was set when the cancel took effect"
                                 : op.owed != 0 ? "B, which was set when the cancel took effect"
                                                : "no call of another routine than the one that was called";
    if (refuse(50, self, state_of(op), expected, observed)) return true;
    op.called_routine = static_cast<uint8_t>(routine);
    op.owed = 0;
    return false;
  }
  if (op.cancelled == 0) return refuse(47, self, state_of(op), "no call: it was not cancelled", observed);
  return refuse(101, self, state_of(op), "no call: the routine was withdrawn", observed);
}

// When the CLEANUP request of a close ends: the notifications that were pending on the handle when it was cleaned up.
// (On an orphaned handle they are the forced delete's to cancel.)
bool Machine::judge_cleanup(OperationState& op) {
  const View* view = view_of_handle(op);
  if (view == nullptr || view->orphaned) return false;
  const Moment cleaned = operations_[op.slot].cleaned;
  for (uint16_t i = view->first_request; i != kNone; i = operations_[i].next) {
    const OperationState& request = operations_[i];
    if (request.slot != op.slot || request.kind != OpKind::notify || request.cancelled != 0) continue;
    if (cleaned != 0 && request.submitted > cleaned) continue;
    if (refuse(62, i, state_of(request), "cancelled by the close of its handle", "still pending after the cleanup"))
      return true;
  }
  return false;
}

// The mini-redirector read the flags of a context whose request may long be over. It read them shortly before this
// effect.
bool Machine::on_dereference(OperationState& op, const Event& event) {
  const OperationState* context = op.slot == kNone ? nullptr : &operations_[op.slot];  // the operation `reference`
  if (context == nullptr || context->slot == kNone) return false;
  OperationState& request = operations_[context->slot];
  if (request.references != 0) --request.references;
  const bool showed = event.value != 0;
  if (showed ? request.cancelled != 0 : request.cancelled == 0 || request.cancelled > op.called) return false;
  return refuse(54, index_of(request), state_of(request), showed ? "not marked cancelled" : "marked cancelled",
                showed ? "marked cancelled" : "not marked cancelled");
}

}  // namespace rxcheck::models::reference
