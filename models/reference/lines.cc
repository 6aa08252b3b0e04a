// SPDX-License-Identifier: Apache-2.0
//
// The course of an operation: called, returned, over.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

// Whether an operation of this kind may keep a view alive by a reference of its own while it is under way. A read,
// write or notification borrows that of its handle, which cannot be closed meanwhile.
bool may_hold_view(OpKind kind) {
  return kind == OpKind::connect || kind == OpKind::tree || kind == OpKind::open || kind == OpKind::close ||
         is_delete(kind) || kind == OpKind::force_all;
}

}  // namespace

void Machine::on_call(OperationState& op) {
  if (op.called != 0) return;
  op.called = now_;
  ConnectionState& connection = connection_of(op);
  if (may_hold_view(op.kind)) ++connection.in_flight;
  if (op.kind == OpKind::open) ++connection.opens;
  if (is_delete(op.kind)) ++connection.deletes;
  if (is_delete(op.kind) && op.level == Level::forced) {
    ++connection.forced_deletes;
    ++forced_deletes_;
  }
  if (changes_table(op.kind)) begin_table_change(op);
  if (op.cancelled_before) watched_.push_back(index_of(op));
  if (op.kind == OpKind::finalize_view && op.level == Level::not_forced)
    if (View* view = view_of_handle(op)) view->unforced_finalize = true;
  if (op.kind == OpKind::finalize_root && op.connection < kMaxConnections)
    connections_[connection.share].root_finalized = true;
  if (op.kind == OpKind::force_all) ++force_alls_;
  if (op.kind == OpKind::ce_cancel) connection.ce_cancelled = now_;
  if (op.slot == kNone) return;
  OperationState& slot = operations_[op.slot];
  if (op.kind == OpKind::close) slot.closing = true;
  if (op.kind == OpKind::close && slot.opened && !slot.closed && slot.file != kNone) ++files_[slot.file].closing;
  if (op.kind == OpKind::cancel && slot.finishes == 0) {
    slot.cancel_called = true;
    watched_.push_back(op.slot);
  }
}

bool Machine::on_return(OperationState& op, const Event& event) {
  if (op.called == 0 || op.returned != 0) return false;
  op.returned = now_;
  if (judge_return(op, event)) return true;
  return !op.asynchronous && leave(op);
}

bool Machine::judge_return(OperationState& op, const Event& event) {
  const uint16_t self = index_of(op);
  OperationState* slot = op.slot == kNone ? nullptr : &operations_[op.slot];
  const bool succeeded = event.status == status::kSuccess;

  if (op.kind == OpKind::cancel) {
    if (slot != nullptr) slot->cancel_returned = true;
    return false;
  }
  if (op.kind == OpKind::await) {
    if (slot == nullptr || (slot->completions != 0 && slot->status == event.status)) return false;
    return refuse(53, self, state_of(*slot), "await returns the request's status, after its completion",
                  "await returned " + status::name_of(event.status));
  }
  if (op.asynchronous && event.status == status::kPending) return false;
  // `list` looks for its connection in what its request returned.
  if (op.kind != OpKind::list && op.completions != 0 && op.status != event.status &&
      refuse(53, self, state_of(op), "the request's status " + status::name_of(op.status),
             "returned " + status::name_of(event.status)))
    return true;

  switch (op.kind) {
    case OpKind::connect:
    case OpKind::tree:
    case OpKind::open:
      if (!succeeded || op.view == kNone || event.value == 0 || event.value == views_[op.view].serial) return false;
      return refuse(53, self, state_of(op), "the view of its effect", "a handle on another view");
    case OpKind::finalize_view:
    case OpKind::finalize_root:
      // The handle that it came through holds the view, and so the share.
      if (!succeeded || event.value == 0 || op.level == Level::forced) return false;
      return refuse(op.kind == OpKind::finalize_view ? 44 : 45, self, "", "FALSE: a handle is open", "TRUE");
    case OpKind::list:
      return judge_list(op, event);
    case OpKind::tick:
      on_time(op, op.seconds);
      return false;
    case OpKind::ce_cancel:
      if (event.status == status::kNotImplemented) return false;
      return refuse(71, self, "", "NOT_IMPLEMENTED", status::name_of(event.status));
    case OpKind::teardown:
      return judge_teardown(op, event.status);
    case OpKind::complete:
      if (!succeeded || slot == nullptr) return false;
      if (slot->finishes != 0 && slot->status == status::kSuccess && slot->finished > op.called &&
          !slot->answer_claimed) {
        slot->answer_claimed = true;
        return false;
      }
      return refuse(53, self, state_of(*slot), "NOT_FOUND, because another decided the request", "SUCCESS");
    case OpKind::set_routine:
      if (slot == nullptr || op.lookup == Lookup::not_found) return false;
      if (event.status == status::kCancelled && slot->cancelled == 0)
        return refuse(47, self, state_of(*slot), "SUCCESS: the context is not cancelled", "CANCELLED");
      if (succeeded && slot->cancelled != 0 && slot->cancelled < op.called)
        return refuse(46, self, state_of(*slot), "CANCELLED: the context is cancelled", "SUCCESS");
      return false;
    case OpKind::close:
      if (slot == nullptr || slot->closed || slot->view == kNone) return false;
      return refuse(18, self, state_of(views_[slot->view]), "the handle is freed when its close returns",
                    "it is still counted");
    default:
      return false;
  }
}

// The operation can hold nothing any more. When no other on its connection can either, a view that nothing holds must
// have been finalized.
bool Machine::leave(OperationState& op) {
  if (op.left || op.called == 0) return false;
  op.left = true;
  ConnectionState& connection = connection_of(op);
  if (op.kind == OpKind::open) --connection.opens;
  if (is_delete(op.kind)) --connection.deletes;
  if (is_delete(op.kind) && op.level == Level::forced) {
    --connection.forced_deletes;
    --forced_deletes_;
  }
  if (op.kind == OpKind::force_all) --force_alls_;
  if (op.kind == OpKind::open || is_delete(op.kind)) connection.open_or_delete_ended = now_;
  if (!may_hold_view(op.kind) || --connection.in_flight != 0 || connection.due == 0) return false;
  // One that takes the share away from everybody holds views of other connections.
  if (op.connection >= kMaxConnections || force_alls_ != 0) return false;
  for (uint16_t i = 0; i < views_.size(); ++i) {
    View& view = views_[i];
    if (!view.due || view.connection != op.connection || view.scavenged) continue;
    if (refuse(clause_if_overdue(view), index_of(op), state_of(view),
               "MRxFinalizeVNetRoot, because nothing holds the view any more", "it was not called"))
      return true;
    view.due = false;  // do not ask again
    --connection.due;
  }
  return false;
}

}  // namespace rxcheck::models::reference
