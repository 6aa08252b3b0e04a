// SPDX-License-Identifier: Apache-2.0
//
// Handles: how they come to a view, and how they leave it.
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

bool Machine::on_connect(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone) return false;
  View& view = views_[index];
  op.view = index;
  op.connected = true;
  if (view.failed) return judge_use_of_failed(view, op);
  if (is_in_vain(connection_of(op)) && judge_use_of_failed(view, op)) return true;
  if (op.denied && refuse(68, index_of(op), state_of(view), "no connection: the server refuses the path behind it",
                          "the add-connection reference is taken"))
    return true;
  if (view.connection != op.connection)
    return refuse(clause_if_foreign(view, op), index_of(op), state_of(view), "a view of its own name",
                  "another connection's view");
  if (view.finalized || view.name == Name::absent) {
    const ClauseId clause = view.finalized ? 24 : is_fresh(view, op) ? clause_if_stale(view) : 66;
    if (refuse(clause, index_of(op), state_of(view), "a view that carries the name", "a view whose name is gone"))
      return true;
  }
  if (take_name(view, op)) return true;
  hold(view);
  ++view.trees;
  if (!view.add_reference) {
    view.add_reference = true;
    view.connects = 0;
    view.drop_calls = 0;
    view.dropped = Dropped::never;
    view.failed_delete = false;
    view.deleted = false;
  }
  if (op.kind == OpKind::connect) ++view.connects;
  return false;
}

// A delete that opened the connection to delete it, and then did not, takes back what it added.
void Machine::on_unconnect(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone || !op.connected || op.view != index) return;
  drop_reference(views_[index], Dropped::not_forced);
  settle(views_[index]);
}

bool Machine::on_tree(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone) return false;
  op.view = index;
  op.got_tree = true;
  if (find_by_name(views_[index], op)) return true;
  ++views_[index].trees;
  return false;
}

bool Machine::on_open(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone) return false;
  op.view = index;
  op.opened = true;
  op.unopened = false;  // again, if it is the second attempt
  if (find_by_name(views_[index], op)) return true;
  ++views_[index].files;
  file_opened(op);
  return false;
}

bool Machine::judge_use_of_failed(const View& view, const OperationState& op) {
  return refuse(64, index_of(op), state_of(view), "a failure: the view's construction ended Bad, or had to",
                "a handle on it");
}

// A tree or an open was led to the view. Its lookup may be older than this effect, so it may show a view whose name
// went while the operation was under way.
bool Machine::find_by_name(View& view, OperationState& op) {
  if (view.failed) return judge_use_of_failed(view, op);
  if (is_in_vain(connection_of(op)) && judge_use_of_failed(view, op)) return true;
  if (view.connection != op.connection)
    return refuse(clause_if_foreign(view, op), index_of(op), state_of(view), "a view of its own name",
                  "another connection's view");
  // C32: a DEL(0xff) had dropped the reference, and the last file was closed.
  const ClauseId gone = is_delete(op.kind) && view.dropped == Dropped::drop_reference ? 32 : 24;
  if (view.finalized &&
      refuse(gone, index_of(op), state_of(view), "a view that still exists", "one that was finalized"))
    return true;
  hold(view);
  const bool fresh = is_fresh(view, op);
  if (view.name == Name::absent) {
    return fresh && refuse(clause_if_stale(view), index_of(op), state_of(view), "not the view that was deleted",
                           "a handle on it");
  }
  if (view.name == Name::uncertain && view.deleted && !fresh) return false;
  return take_name(view, op);
}

void Machine::on_unopen(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone || !op.opened || op.unopened || op.view != index) return;
  op.unopened = true;
  let_go(op);
  forget_file(op, views_[index]);
  settle(views_[index]);
}

void Machine::on_cleanup(OperationState& op, const Event& event) {
  OperationState* handle = op.slot != kNone ? &operations_[op.slot] : at(event.target);
  if (handle != nullptr && handle->cleaned == 0) handle->cleaned = now_;
}

bool Machine::on_close(OperationState& op, const Event& event) {
  View* view = nullptr;
  if (free_handle(op, event, view)) return true;
  if (view != nullptr) settle(*view);
  return false;
}

// The close of a file handle, delayed or not. `view`: the handle's, if it was freed. The caller settles it.
bool Machine::free_handle(const OperationState& op, const Event& event, View*& view) {
  OperationState* handle = at(event.target);
  if (handle == nullptr || !handle->opened || handle->view == kNone) return false;
  View& own = views_[handle->view];
  if (handle->closed || own.serial != event.value)
    return refuse(18, index_of(op), state_of(own), "a handle is freed once, on its own view",
                  handle->closed ? "freed again" : "freed on another view");
  handle->closed = true;
  forget_file(*handle, own);
  view = &own;
  return false;
}

// One of the view's files is no longer counted.
void Machine::forget_file(const OperationState& handle, View& view) {
  if (view.files != 0) --view.files;
  file_closed(handle);
  view.file_ended = now_;
}

bool Machine::on_tree_close(OperationState& op, const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone) return false;
  View& view = views_[index];
  if (view.failed) return false;
  bool again = view.trees == 0;
  if (op.kind == OpKind::close && op.slot != kNone) {
    OperationState& handle = operations_[op.slot];
    again = again || handle.closed;
    handle.closed = true;
  }
  if (again && refuse(18, index_of(op), state_of(view), "a tree handle is freed once", "freed again")) return true;
  if (view.trees != 0) --view.trees;
  settle(view);
  if (view.trees == 0 && view.deleted && !view.add_reference) lose_name(view);  // C36, the later choice
  return false;
}

}  // namespace rxcheck::models::reference
