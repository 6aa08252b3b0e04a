// SPDX-License-Identifier: Apache-2.0
//
// Requests: taken up, submitted, decided, completed.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

unsigned requests_of(const OperationState& op) { return op.kind == OpKind::close ? 2 : 1; }  // CLEANUP and CLOSE

}  // namespace

bool Machine::on_start(OperationState& op, const Event& event) {
  if (op.starts < 2) ++op.starts;
  op.started_at = now_;
  const bool cancelled = event.status == status::kCancelled;
  if (op.kind == OpKind::close)
    return cancelled &&
           refuse(60, index_of(op), state_of(op), "taken up: cleanup and close cannot be cancelled", "CANCELLED");
  op.start_cancelled = cancelled;
  op.started = event.status == status::kSuccess;
  if (cancelled && op.cancelled == 0)
    return refuse(53, index_of(op), state_of(op), "taken up: it was not cancelled", "CANCELLED");
  if (cancelled) return false;
  if (event.status == status::kSuccess && op.cancelled != 0)
    return refuse(51, index_of(op), state_of(op), "not carried out: it was cancelled before", "taken up");
  return judge_start(op, event.status);
}

// Whether an open may go on to acquire its FCB; a cancel that was there before the second attempt counts like any
// other.
bool Machine::on_acquire(OperationState& op, const Event& event) {
  op.acquire_cancelled = event.status == status::kCancelled;
  if (op.acquire_cancelled)
    return op.cancelled == 0 && refuse(53, index_of(op), state_of(op), "acquired: it was not cancelled", "CANCELLED");
  if (op.cancelled == 0) return false;
  if (op.cancelled < op.reinitialized && in_force_.has(Variant::cancel_lost_on_reinit)) return false;
  if (op.cancelled < op.reinitialized)
    return refuse(59, index_of(op), state_of(op), "CANCELLED: it was cancelled before its second attempt",
                  "the FCB may be acquired");
  return refuse(52, index_of(op), state_of(op), "CANCELLED before the FCB is acquired", "the FCB may be acquired");
}

bool Machine::on_submit(OperationState& op, const Event& event) {
  if (op.submit != Submit::none) return false;
  View* view = view_of_handle(op);
  op.submit = event.status == status::kSuccess     ? Submit::accepted
              : event.status == status::kCancelled ? Submit::cancelled
                                                   : Submit::orphaned;
  op.submitted = now_;
  if (view == nullptr) return false;
  // The documentation orphans files; it says nothing of tree handles.
  const bool file = operations_[op.slot].kind == OpKind::open;

  switch (op.submit) {
    case Submit::accepted:
      if (view->orphaned && file && refuse(16, index_of(op), state_of(*view), "UNEXPECTED_NETWORK_ERROR", "accepted"))
        return true;
      if (op.cancelled != 0 && refuse(51, index_of(op), state_of(op), "CANCELLED", "accepted")) return true;
      if (is_pending_kind(op.kind) && op.finishes == 0) link_request(*view, op);
      return false;
    case Submit::cancelled:
      return op.cancelled == 0 && refuse(53, index_of(op), state_of(op), "accepted: it was not cancelled", "CANCELLED");
    default: {
      if (view->orphaned && event.status == status::kUnexpectedNetworkError) return false;
      const ClauseId clause = view->orphaned ? 17 : view->failed_delete ? 4 : 53;
      return refuse(clause, index_of(op), state_of(*view),
                    view->orphaned ? "UNEXPECTED_NETWORK_ERROR" : "accepted: the handle works",
                    status::name_of(event.status));
    }
  }
}

bool Machine::on_low_io(OperationState& op) {
  if (on_callout(op)) return true;
  if (op.submit == Submit::cancelled)
    return refuse(51, index_of(op), state_of(op), "no callout for a cancelled request", "a low-I/O callout");
  const View* view = view_of_handle(op);
  const bool orphaned =
      op.submit == Submit::orphaned || (op.submit == Submit::none && view != nullptr && view->orphaned);
  return orphaned && view != nullptr &&
         refuse(17, index_of(op), state_of(*view), "no callout for an orphaned handle", "a low-I/O callout");
}

bool Machine::on_callout(OperationState& op) {
  if ((op.start_cancelled || op.acquire_cancelled) &&
      refuse(51, index_of(op), state_of(op), "no callout for a cancelled request", "a callout"))
    return true;
  return op.not_started &&
         refuse(73, index_of(op), state_of(op), "no callout: the mini-redirector is not started", "a callout");
}

bool Machine::on_finish(OperationState& op, uint32_t status) {
  const uint16_t self = index_of(op);
  if (op.called == 0) return refuse(53, self, "", "no result: it was never issued", status::name_of(status));
  if (op.finishes >= requests_of(op)) return refuse(53, self, state_of(op), "decided once", "decided again");
  const bool first = op.finishes++ == 0;
  if (first) op.finished = now_;
  op.status = status;
  if (op.pended_on != kNone) unlink_request(op);
  let_go(op);
  if (adds_connection(op) && op.cancelled != 0 && first) {
    --connection_of(op).cancelled_connects;
    connection_of(op).cancelled_connect_ended = now_;
  }
  if (first && changes_table(op.kind)) end_table_change(op, status);
  if (judge_result(op, status)) return true;
  if (op.kind == OpKind::close && first) return judge_cleanup(op);
  if (op.kind == OpKind::force_all && status == status::kSuccess) return judge_force_all(op);
  return is_delete(op.kind) && (judge_cancelled_by_delete(op) || judge_transport_of_delete(op, status));
}

bool Machine::on_completed(OperationState& op, const Event& event) {
  const uint16_t self = index_of(op);
  if (op.completions >= requests_of(op)) return refuse(53, self, state_of(op), "completed once", "completed again");
  if (op.finishes <= op.completions && on_finish(op, event.status)) return true;  // the decision was not logged
  ++op.completions;
  op.completed = now_;
  if (op.status != event.status &&
      refuse(53, self, state_of(op), "completed with " + status::name_of(op.status), status::name_of(event.status)))
    return true;
  return op.asynchronous && leave(op);
}

void Machine::link_request(View& view, OperationState& op) {
  op.pended_on = index_of(view);
  op.next = view.first_request;
  op.previous = kNone;
  if (op.next != kNone) operations_[op.next].previous = index_of(op);
  view.first_request = index_of(op);
  if (op.kind == OpKind::notify) ++(op.cancelled != 0 ? view.cancelled_notifies : view.live_notifies);
}

void Machine::unlink_request(OperationState& op) {
  View& view = views_[op.pended_on];
  op.pended_on = kNone;
  if (op.next != kNone) operations_[op.next].previous = op.previous;
  (op.previous != kNone ? operations_[op.previous].next : view.first_request) = op.next;
  if (op.kind != OpKind::notify) return;
  --(op.cancelled != 0 ? view.cancelled_notifies : view.live_notifies);
  view.notify_decided = now_;
}

}  // namespace rxcheck::models::reference
