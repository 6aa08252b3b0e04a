// SPDX-License-Identifier: Apache-2.0
//
// Deletes: what RxFinalizeConnection may answer, and what it changes.
#include <algorithm>

#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
// By a delete that cancels: all that is outstanding (C22), but for the variant that knows of notifications only.
bool Machine::cancelled_by_deletes(const OperationState& request) const {
  return request.kind == OpKind::notify || !in_force_.has(Variant::cancels_notify_only);
}

// A forced end of the view: its name, its reference and, unless the variant orphan-stub leaves them alone, its files.
void Machine::orphan(View& view, const OperationState& op) {
  drop_reference(view, Dropped::forced);
  view.forced = true;
  view.orphaned = view.orphaned || !in_force_.has(Variant::orphan_stub);
  view.deleted = true;
  view.deleter = index_of(op);
  lose_name(view);
}

bool Machine::on_finalize(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone || !is_delete(op.kind) || op.finalize_seen) return false;
  View& view = views_[index];
  op.view = index;
  op.finalize_seen = true;
  op.finalize_at = now_;
  cover_finalize(view, op);
  ++view.deletes;
  if (connection_of(view).deletes > 1) view.raced_deletes = true;
  look_ahead(op);
  bool undone = false;
  if (judge_undone(view, op, undone)) {
    refusal_.event = op.answered - 1;
    return true;
  }
  if (undone) return false;
  if (view.held_opens != 0 && judge_held(view, op)) return true;
  if (op.level == Level::forced ? finalize_forced(view, op) : finalize_unforced(view, op)) {
    if (op.answered > now_) refusal_.event = op.answered - 1;
    return true;
  }
  settle(view);
  return false;
}

// What a delete answers is settled where it takes effect, but seen only when it is decided: so this reads on until
// there, noting what every request is answered on the way. No event is read ahead twice. A completion stands in for a
// decision that was not logged.
void Machine::look_ahead(const OperationState& op) {
  seen_ahead_ = std::max(seen_ahead_, now_);
  while (op.answered == 0 && seen_ahead_ < events_->size()) {
    const Event& event = (*events_)[seen_ahead_++];
    if (event.kind != EventKind::finish && event.kind != EventKind::completed) continue;
    OperationState* other = at(event.kind == EventKind::finish ? event.target : event.operation);
    if (other == nullptr || other->answered != 0) continue;
    other->answered = seen_ahead_;
    other->answer = event.status;
  }
}

bool Machine::finalize_forced(View& view, OperationState& op) {
  if (op.answered != 0 && op.answer != status::kSuccess &&
      refuse(15, index_of(op), state_of(view), "SUCCESS", status::name_of(op.answer)))
    return true;
  orphan(view, op);
  return false;
}

bool Machine::finalize_unforced(View& view, OperationState& op) {
  const uint32_t answer = op.answered != 0 ? op.answer : must_be_busy(view, op) ? status::kFilesOpen : status::kSuccess;
  if (op.level == Level::other) {
    if (judge_other_level(view, op, answer)) return true;
    if (answer == status::kInvalidParameter) return false;  // it changed nothing
  } else if (judge_busy(view, op, answer)) {
    return true;
  }

  if (op.level == Level::drop_reference) {
    if (view.drop_calls != kNone) ++view.drop_calls;
    drop_reference(view, Dropped::drop_reference);
  }
  if (answer != status::kSuccess) {
    if (op.level != Level::drop_reference) view.failed_delete = true;
    return false;
  }
  drop_reference(view, Dropped::not_forced);
  view.deleted = true;
  view.deleter = index_of(op);
  connection_of(view).name_went = now_;
  if (view.trees == 0 || choices_.name_goes == Choice::usual) {
    lose_name(view);
  } else if (view.name == Name::present && choices_.name_goes == Choice::open) {
    view.name = Name::uncertain;
  }
  return false;
}

// The view that the delete came to.
View* Machine::view_of_delete(const OperationState& op) {
  if (op.kind == OpKind::finalize) return view_of_handle(op);
  return op.view == kNone ? nullptr : &views_[op.view];
}

// RxFinalizeVNetRoot with force: what a forced delete does to the view, but for its requests.
bool Machine::on_orphan(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone || (op.kind != OpKind::finalize_view && op.kind != OpKind::force_all)) return false;
  View& view = views_[index];
  orphan(view, op);
  settle(view);
  return false;
}

// RxForceFinalizeAllVNetRoots is a forced delete of every view that the share had when it was called (C42, C43).
// Whether the requests of these views are cancelled is open.
bool Machine::judge_force_all(const OperationState& op) {
  if (op.connection >= kMaxConnections) return false;
  const uint8_t share = connections_[op.connection].share;
  for (uint16_t i = 0; i < views_.size(); ++i) {
    const View& view = views_[i];
    if (connection_of(view).share != share) continue;
    if (view.name == Name::present && view.named < op.called && !view.forced &&
        refuse(43, index_of(op), state_of(view), "every view of the share is gone", "one is left"))
      return true;
    if (view.deleter != index_of(op)) continue;
    for (uint16_t k = view.first_request; k != kNone; k = operations_[k].next) {
      if (operations_[k].cancelled != 0 || operations_[k].submitted > op.called) continue;
      if (!cancelled_by_deletes(operations_[k])) continue;
      if (choices_.force_all_cancels == Choice::variant)
        return refuse(43, k, state_of(operations_[k]), "cancelled, as before", "still pending");
      choices_.force_all_cancels = Choice::usual;
    }
  }
  return false;
}

// A delete of nfs41's kind asks whether files of the share are open, through whatever view, before it deletes with
// force. It is judged as one without force is: an open file must be seen (C2), and nothing else makes it busy (C1). A
// file that is being opened or closed, or is orphaned, may count.
bool Machine::on_share_busy(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone || op.kind != OpKind::disconnect) return false;
  const View& view = views_[index];
  const uint8_t share = connection_of(view).share;
  const bool busy = event.status != status::kSuccess;
  op.share_busy = busy;
  bool counted = false;
  for (uint16_t i = 0; i < views_.size(); ++i)
    counted = counted || (views_[i].files != 0 && connection_of(views_[i]).share == share);
  if (busy) return !counted && refuse(1, index_of(op), state_of(view), "no files are open on the share", "files are");
  if (!counted) return false;
  for (const OperationState& file : operations_) {
    if (file.kind != OpKind::open || !file.opened || file.unopened || file.closing || file.returned == 0) continue;
    if (file.view == kNone || views_[file.view].orphaned || connection_of(views_[file.view]).share != share) continue;
    return refuse(2, index_of(op), state_of(view), "files are open on the share", "no files are");
  }
  return false;
}

void Machine::drop_reference(View& view, Dropped how) {
  if (!view.add_reference) return;
  view.add_reference = false;
  view.dropped = how;
}

// When a delete ends: the requests that were outstanding when it took effect.
bool Machine::judge_cancelled_by_delete(OperationState& op) {
  if (!op.finalize_seen) return false;
  View& view = views_[op.view];
  for (uint16_t i = view.first_request; i != kNone; i = operations_[i].next) {
    const OperationState& request = operations_[i];
    if (request.cancelled != 0 || request.submitted > op.finalize_at || !cancelled_by_deletes(request)) continue;
    if (op.level == Level::forced) {
      const ClauseId clause = request.kind == OpKind::notify && request.registered != 0 ? 19 : 22;
      if (refuse(clause, i, state_of(request), "cancelled by the forced delete", "still pending when the delete ended"))
        return true;
      continue;
    }
    if (!is_busy(op.status)) continue;
    if (choices_.failed_cancels == Choice::variant)
      return refuse(22, i, state_of(request), "cancelled also by a delete that fails, as before", "still pending");
    choices_.failed_cancels = Choice::usual;
  }
  return false;
}

}  // namespace rxcheck::models::reference
