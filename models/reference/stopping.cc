// SPDX-License-Identifier: Apache-2.0
//
// Stop and start: who is taken up, whom a stop waits for, what both answer.

#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

// A request that is neither a cleanup or close nor cancelled is taken up, or refused with `status`. The check for
// orphaned handles comes after that of the mini-redirector's state, and overrides it (ReactOS rdbss.c,
// RxFsdCommonDispatch).
bool Machine::judge_start(OperationState& op, uint32_t status) {
  const bool admitted = running_ == Running::started || (op.kind == OpKind::start && running_ == Running::startable);
  const bool io = op.kind == OpKind::write || is_pending_kind(op.kind);
  const View* view = io ? view_of_handle(op) : nullptr;
  const bool orphaned = view != nullptr && view->orphaned;
  if (status == status::kSuccess)
    return !admitted && refuse(73, index_of(op), state_of(op), "REDIRECTOR_NOT_STARTED", "taken up");
  if (admitted)
    return refuse(73, index_of(op), state_of(op), "taken up: the mini-redirector is started", status::name_of(status));
  if (status == status::kUnexpectedNetworkError && orphaned) return false;
  op.not_started = status == status::kRedirectorNotStarted;
  if (!op.not_started) return refuse(73, index_of(op), state_of(op), "REDIRECTOR_NOT_STARTED", status::name_of(status));
  return orphaned && operations_[op.slot].kind == OpKind::open &&
         refuse(17, index_of(op), state_of(*view), "UNEXPECTED_NETWORK_ERROR, also while it is not started",
                status::name_of(status));
}

// Its context exists: a request of it is under way, or somebody holds a reference.
bool Machine::is_active(const OperationState& op) const {
  return op.starts > op.finishes || (op.starts != 0 && op.references != 0);
}

bool Machine::on_state(OperationState& op, uint32_t value) {
  op.changed_state = true;
  const auto state = static_cast<Running>(value);
  if (state == Running::stopping) stopper_ = index_of(op);
  if (running_ == Running::stopping && state == Running::startable) {
    for (const OperationState& other : operations_) {
      if (other.kind != OpKind::open || !other.opened || other.unopened || other.closed) continue;
      op.may_have_files = true;
      op.must_have_files = op.must_have_files || !other.closing;
    }
    for (const OperationState& other : operations_) {
      if (&other == &op || !is_active(other) || other.started_at > stopped_at_) continue;
      if (refuse(57, index_of(other), state_of(other), "the stop waits until no other context is active",
                 "it does not"))
        return true;
    }
  }
  if (state == Running::stopping) stopped_at_ = now_;
  running_ = state;
  return false;
}

// When no line can go on: does the stop wait for anybody?
bool Machine::judge_waiting_stop() {
  for (const OperationState& other : operations_)
    if (index_of(other) != stopper_ && is_active(other)) return false;
  if (stopper_ == kNone) return false;
  return refuse(57, stopper_, state_of(operations_[stopper_]), "stopped: no other context is active", "still waiting");
}

// A file that is being closed may be gone before the event that shows it.
bool Machine::judge_stop_result(OperationState& op, uint32_t status) {
  if (!op.changed_state) return status == status::kSuccess && wrong_result(73, op, "an error: nothing stopped", status);
  const bool must = op.must_have_files;
  if (status == status::kSuccess ? !must : op.may_have_files && status == status::kRedirectorHasOpenHandles)
    return false;
  return wrong_result(73, op, must ? "REDIRECTOR_HAS_OPEN_HANDLES: a file is open" : "SUCCESS: no file is open",
                      status);
}

bool Machine::judge_start_result(OperationState& op, uint32_t status) {
  const uint32_t expected = op.changed_state ? status::kSuccess : status::kRedirectorStarted;
  return status != expected && wrong_result(73, op, status::name_of(expected), status);
}

}  // namespace rxcheck::models::reference
