// SPDX-License-Identifier: Apache-2.0
//
// What must have happened when no line can go on, and when everything is over.
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

bool Machine::on_quiescent() {
  if (running_ == Running::stopping && judge_waiting_stop()) return true;
  if (held_opens_ != 0 && judge_waiting()) return true;
  size_t kept = 0;
  for (size_t i = 0; i < watched_.size(); ++i) {
    OperationState& op = operations_[watched_[i]];
    if (op.finishes != 0 && op.completions >= op.finishes) continue;
    if (judge_unanswered_cancel(op)) return true;
    watched_[kept++] = watched_[i];
  }
  watched_.resize(kept);
  // The scavenger may be waiting for the FCB of an open that the server holds: then there was not enough time yet (C9).
  return judge_waiters() || (held_opens_ == 0 && judge_dormant());
}

// A request that was cancelled, or for which IoCancelIrp was called, and that is not over.
bool Machine::judge_unanswered_cancel(OperationState& op) {
  const uint16_t self = index_of(op);
  if (op.finishes != 0) return refuse(53, self, state_of(op), "completed: its result is decided", "not completed");
  if (op.cancelled_before && op.called != 0)
    return refuse(61, self, state_of(op), "ended: it was cancelled before it was dispatched", "still pending");
  if (op.kind == OpKind::close) return false;  // cannot be cancelled
  if (op.cancelled == 0) {
    if (!op.cancel_returned || op.called == 0) return false;
    return refuse(op.registered != 0 ? 47 : 48, self, state_of(op), "marked cancelled by IoCancelIrp", "untouched");
  }
  if (op.owed != 0)
    return refuse(op.cancel_clause, self, state_of(op), "a call of its cancel routine", "it was not called");
  if (op.called_routine != 0 || op.set_refused)
    return refuse(48, self, state_of(op), "ended: its canceller has done its work", "still pending");
  return false;
}

bool Machine::on_end() {
  for (OperationState& op : operations_) {
    const bool over = op.called == 0 || (op.returned != 0 && (!op.asynchronous || op.completions != 0));
    if (!over && refuse(op.cancelled != 0 ? 48 : 53, index_of(op), state_of(op), "completed", "never completed"))
      return true;
  }
  for (const ConnectionState& share : connections_) {
    if (!share.root_finalized || share.ended == kNone) continue;
    const View& last = views_[share.ended];
    if (refuse(45, last.creator, state_of(last),
               "MRxFinalizeNetRoot after its last view, although RxFinalizeNetRoot was "
               "called before",
               "it was never called"))
      return true;
  }
  for (uint16_t i = 0; i < views_.size(); ++i) {
    View& view = views_[i];
    if (view.finalized || view.failed) continue;
    if (refuse(view.due             ? clause_if_overdue(view)
               : is_left_over(view) ? 68
                                    : 24,
               view.creator, state_of(view), "MRxFinalizeVNetRoot", "it was never called"))
      return true;
  }
  return judge_servers();
}

}  // namespace rxcheck::models::reference
