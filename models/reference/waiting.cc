// SPDX-License-Identifier: Apache-2.0
//
// Deletes that wait for an FCB, may not wait, or were cancelled (C39, C40).
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
void Machine::hold_fcb(OperationState& op) {
  if (op.kind != OpKind::open || op.holds_fcb || !op.opened || op.unopened || op.view == kNone) return;
  op.holds_fcb = true;
  ++views_[op.view].held_opens;
  ++held_opens_;
}

void Machine::let_go(OperationState& op) {
  if (!op.holds_fcb) return;
  op.holds_fcb = false;
  --views_[op.view].held_opens;
  --held_opens_;
}

// A delete that took effect while the server had an open of the view, and so its FCB was held: it should have waited,
// or failed, whichever it always does (C40).
bool Machine::judge_held(const View& view, const OperationState& op) {
  if (op.answered != 0 && is_busy(op.answer) && choices_.held_fcb != Choice::usual) {
    choices_.held_fcb = Choice::variant;
    return false;
  }
  return refuse(40, index_of(op), state_of(view), "it waits for the FCB that an open in progress holds",
                op.answered != 0 ? status::name_of(op.answer) : "it did not wait");
}

// When nothing can go on: deletes that wait for an open that the server holds.
bool Machine::judge_waiting() {
  for (const OperationState& op : operations_) {
    if (!is_delete(op.kind) || !op.started || op.finishes != 0 || op.finalize_seen || op.cancelled != 0) continue;
    const View* view = view_of_delete(op);
    if (view == nullptr || view->held_opens == 0) continue;
    if (op.nowait && in_force_.has(Variant::never_cancelled)) continue;
    if ((choices_.held_fcb == Choice::variant || op.nowait) &&
        refuse(op.nowait ? 39 : 40, index_of(op), state_of(*view),
               op.nowait ? "LOCK_NOT_GRANTED: it may not wait" : "it fails, as before", "it waits for an FCB"))
      return true;
    if (op.level != Level::forced && !op.nowait) choices_.held_fcb = Choice::usual;
  }
  return false;
}

// CANCELLED and LOCK_NOT_GRANTED say that nothing has changed (C39).
bool Machine::judge_undone(View& view, const OperationState& op, bool& undone) {
  undone = op.answered != 0 && (op.answer == status::kCancelled || op.answer == status::kLockNotGranted);
  if (!undone) return false;
  view.undone_delete = true;
  if (op.answer == status::kCancelled ? op.cancelled != 0 : op.nowait) return false;
  return refuse(39, index_of(op), state_of(view),
                op.answer == status::kCancelled ? "its own result: it was not cancelled before it took effect"
                                                : "its own result: it may wait",
                status::name_of(op.answer));
}

}  // namespace rxcheck::models::reference
