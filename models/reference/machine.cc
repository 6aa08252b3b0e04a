// SPDX-License-Identifier: Apache-2.0
#include "models/reference/machine.h"

#include <algorithm>

#include "harness/core/status.h"

namespace rxcheck::models::reference {
std::optional<Refusal> Machine::judge(const History& history) {
  begin(history);
  for (const Event& event : history.events) {
    ++now_;
    if (watches_transitions_) note_transition(event);
    if (step(event)) return refusal_;
  }
  return std::nullopt;
}

void Machine::begin(const History& history) {
  const Program& program = history.program;
  uint32_t denied_paths = 0;
  for (size_t i = 0; i < program.paths.size() && i < 32; ++i)
    if (program.paths[i].starts_with("\\denied")) denied_paths |= 1u << i;

  count_ = std::min<size_t>(program.operations.size(), kNone);
  operations_.assign(count_, {});
  for (size_t i = 0; i < count_; ++i) {
    const Operation& from = program.operations[i];
    OperationState& op = operations_[i];
    op.kind = from.kind;
    op.level = from.level;
    op.redirector = from.redirector;
    op.nowait = from.nowait;
    op.seconds = from.seconds;
    op.asynchronous = is_asynchronous(from);
    op.length = from.length;
    op.transport = from.transport;
    op.cancelled_before = from.cancelled;
    op.denied = uses_path(from) && from.path < 32 && (denied_paths >> from.path & 1) != 0;
    if (from.slot >= 0 && static_cast<size_t>(from.slot) < i) op.slot = static_cast<uint16_t>(from.slot);
    op.connection = kMaxConnections;
    if (uses_connection(from.kind)) {
      if (from.connection < kMaxConnections) op.connection = from.connection;
    } else if (op.slot != kNone) {
      op.connection = operations_[op.slot].connection;
    }
  }
  transports_.clear();
  views_.clear();
  connections_.fill({});
  begin_names(program);
  letters_.fill({});
  for (size_t i = 0; i < program.connections.size() && i < kMaxConnections; ++i) {
    const char device = program.connections[i].device;
    if (device >= 'A' && device <= 'Z') connections_[i].letter = static_cast<uint8_t>(device - 'A');
  }
  table_changes_ = 0;
  table_changed_ = 0;
  files_.fill({});
  name_files(program);
  watched_.clear();
  dormant_.clear();
  choices_ = {};
  in_force_ = {};
  cells_.reset();
  transitions_.clear();
  forced_deletes_ = force_alls_ = held_opens_ = 0;
  running_ = Running::started;
  stopper_ = kNone;
  stopped_at_ = 0;
  now_ = seen_ahead_ = 0;
  events_ = &history.events;
}

bool Machine::step(const Event& event) {
  // On a view or on the whole run.
  if (event.kind == EventKind::finalize_v_net_root) return on_finalize_view(event);
  if (event.kind == EventKind::finalize_srv_call) return on_finalize_server(event);
  if (event.kind == EventKind::finalize_net_root) {
    if (on_finalize_net_root(event)) return true;
    on_finalize_share(event);
    return false;
  }
  if (event.kind == EventKind::scavenge) return on_scavenge(event);
  if (event.kind == EventKind::transport_down) {
    on_transport_down(event);
    return false;
  }
  if (event.kind == EventKind::quiescent) return on_quiescent();
  if (event.kind == EventKind::end) return on_end();
  if (event.kind == EventKind::variants) in_force_ = VariantSet(event.value) & accepted_;

  // On the request of `target`, whoever acts; all others on the operation.
  const bool on_target = event.kind == EventKind::finish || event.kind == EventKind::cancel ||
                         event.kind == EventKind::set || event.kind == EventKind::set_enter ||
                         event.kind == EventKind::set_leave || event.kind == EventKind::cancel_routine;
  OperationState* op = at(on_target ? event.target : event.operation);
  if (op == nullptr) return false;
  switch (event.kind) {
    case EventKind::call:
      on_call(*op);
      return false;
    case EventKind::low_memory:
      op->low_memory = true;
      return false;
    case EventKind::ret:
      return on_return(*op, event);
    case EventKind::completed:
      return on_completed(*op, event);
    case EventKind::start:
      return on_start(*op, event);
    case EventKind::connect:
      return on_connect(*op, event);
    case EventKind::tree:
      return on_tree(*op, event);
    case EventKind::missing:
      return on_missing(*op);
    case EventKind::open:
      return on_open(*op, event);
    case EventKind::unopen:
      on_unopen(*op, event);
      return false;
    case EventKind::submit:
      return on_submit(*op, event);
    case EventKind::finalize:
      return on_finalize(*op, event);
    case EventKind::orphan:
      return on_orphan(*op, event);
    case EventKind::share_busy:
      return on_share_busy(*op, event);
    case EventKind::unconnect:
      on_unconnect(*op, event);
      return false;
    case EventKind::cancel:
      return on_cancel(*op, event);
    case EventKind::set:
      on_set(*op, event.value);
      return false;
    case EventKind::cleanup:
      on_cleanup(*op, event);
      return false;
    case EventKind::close:
      return on_close(*op, event);
    case EventKind::dormant:
      return on_dormant(*op, event);
    case EventKind::collapse:
      on_collapse(*op, event);
      return false;
    case EventKind::tree_close:
      return on_tree_close(*op, event);
    case EventKind::list:
      on_list(*op);
      return false;
    case EventKind::finish:
      return on_finish(*op, event.status);
    case EventKind::lookup:
      op->lookup = event.status == status::kSuccess ? Lookup::found : Lookup::not_found;
      if (op->kind == OpKind::reference && op->lookup == Lookup::found && op->slot != kNone)
        ++operations_[op->slot].references;
      return false;
    case EventKind::transport_up:
      transports_.push_back({event.value, connections_[op->connection].server, true, now_, 0});
      return false;
    case EventKind::acquire:
      return on_acquire(*op, event);
    case EventKind::reinitialize:
      op->reinitialized = now_;
      return false;
    case EventKind::state:
      return on_state(*op, event.value);
    case EventKind::dereference:
      return on_dereference(*op, event);
    case EventKind::bad:
      return on_bad(*op, event);
    case EventKind::answered:
      return on_answered(*op, event);
    case EventKind::held:
      on_held(*op, true);
      hold_fcb(*op);
      return false;
    case EventKind::released:
      if (OperationState* other = at(event.target)) {
        on_held(*other, false);
        let_go(*other);
      }
      return false;
    case EventKind::create_srv_call:
      return on_create_server(*op, event);
    case EventKind::create_net_root:
      return on_create_share(*op, event);
    case EventKind::create:
    case EventKind::is_valid_directory:
    case EventKind::collapse_open:
      return on_callout(*op);
    case EventKind::create_v_net_root:
      return on_create_view(*op, event);
    case EventKind::low_io_write:
    case EventKind::low_io_read:
    case EventKind::low_io_notify:
      return on_low_io(*op);
    case EventKind::cancel_routine:
      return on_cancel_routine(*op, event.value);
    case EventKind::set_enter:
      ++op->sets_entered;
      op->set_entered = now_;
      return false;
    case EventKind::set_leave:
      return on_set_leave(*op, event);
    default:
      return false;  // skip and callouts that promise nothing
  }
}

bool Machine::refuse(ClauseId clause, uint16_t operation, std::string state, std::string expected,
                     std::string observed) {
  if (!clauses_.has(clause)) return false;
  refusal_ = {clause, now_ - 1, operation, std::move(state), std::move(expected), std::move(observed)};
  return true;
}

View* Machine::view_of_handle(const OperationState& user) {
  if (user.slot == kNone) return nullptr;
  const uint16_t view = operations_[user.slot].view;
  return view == kNone ? nullptr : &views_[view];
}

}  // namespace rxcheck::models::reference
