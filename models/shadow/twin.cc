// SPDX-License-Identifier: Apache-2.0
#include "models/shadow/twin.h"

#include <algorithm>

#include "harness/core/status.h"

namespace rxcheck::models::shadow {

void Twin::begin(const Program& program) {
  program_ = &program;
  ops_.clear();
  views_.clear();
  outstanding_.clear();
  told_.clear();
  transports_.clear();
  transports_built_ = 0;
  state_ = kStarted;
  variants_ = {};
  owed_ = 0;
  letters_.fill({});
  changed_ = 0;
  now_ = 0;
  begin_routes(program);
  for (const Operation& operation : program.operations) add(operation);
}

void Twin::add(const Operation& operation) {
  Op op;
  op.what = operation;
  if (operation.slot >= 0 && static_cast<size_t>(operation.slot) < ops_.size())
    op.slot = static_cast<uint16_t>(operation.slot);
  if (uses_connection(operation.kind)) {
    if (operation.connection < kMaxConnections) op.connection = operation.connection;
  } else if (op.slot != kNobody) {
    op.connection = ops_[op.slot].connection;
  }
  op.denied = uses_path(operation) && operation.path < program_->paths.size() &&
              program_->paths[operation.path].starts_with("\\denied");
  ops_.push_back(op);
}

void Twin::tell_answers(const History& history) {
  told_.assign(ops_.size(), {false, 0});
  for (const Event& event : history.events) {
    if (event.kind != EventKind::finish || event.target >= told_.size() || told_[event.target].first) continue;
    told_[event.target] = {true, event.status};
  }
}

Made Twin::step(const Event& asked) {
  ++now_;
  Made made;
  made.event = asked;
  switch (asked.kind) {
    case EventKind::finalize_net_root:
    case EventKind::finalize_srv_call:
      if (asked.kind == EventKind::finalize_net_root) made.event.status = 0;
      for (size_t i = 0; i < kMaxConnections; ++i) {
        Place& place = asked.kind == EventKind::finalize_net_root ? shares_[i] : servers_[i];
        if (place.serial != asked.value) continue;
        made.clause = 38;
        made.possible = asked.kind == EventKind::finalize_net_root || !share_stands_on(static_cast<uint8_t>(i));
        place.there = false;
      }
      return made;
    case EventKind::finalize_v_net_root: {
      const uint16_t index = find(asked.value);
      made.clause = 24;
      made.event.status = has(25) && index != kNobody && views_[index].orphaned ? 1 : 0;
      made.possible = index != kNobody && !views_[index].gone && (views_[index].building || is_over(views_[index]));
      if (index != kNobody) views_[index].gone = true;
      if (index != kNobody) views_[index].building = false;
      if (index != kNobody && !(has(32) && views_[index].dropped_busy)) views_[index].named = false;
      return made;
    }
    case EventKind::variants:
      variants_ = VariantSet(asked.value);
      return made;
    case EventKind::transport_down:
      transport_went(asked);
      return made;
    case EventKind::scavenge:
      made.possible = asked.target < ops_.size() && ops_[asked.target].dormant;
      made.clause = 18;
      if (made.possible) wake(ops_[asked.target]);
      return made;
    case EventKind::finish:
    case EventKind::cancel:
    case EventKind::set:
    case EventKind::set_leave:
    case EventKind::cancel_routine:
      if (asked.target < ops_.size()) fill_request_event(ops_[asked.target], made);
      return made;
    default:
      break;
  }
  if (asked.operation >= ops_.size()) return made;
  Op& op = ops_[asked.operation];
  switch (asked.kind) {
    case EventKind::call:
      fill_call(op, asked.operation);
      break;
    case EventKind::skip:
      op.skipped = true;
      break;
    case EventKind::low_memory:
      op.low_memory = true;
      break;
    case EventKind::ret:
    case EventKind::completed:
      fill_return(op, made);
      break;
    case EventKind::start:
      fill_start(op, made);
      break;
    case EventKind::state:
      fill_state(op, asked);
      break;
    case EventKind::transport_up:
      transports_.push_back({asked.value, op.connection});
      ++transports_built_;
      break;
    case EventKind::acquire:
      made.event.status = op.cancelled != 0 && !has(52) && !op.forgotten ? status::kCancelled : status::kSuccess;
      made.clause = 52;
      if (made.event.status == status::kCancelled) op.answer = status::kCancelled;
      break;
    case EventKind::reinitialize:
      op.forgotten = (has(59) || has(Variant::cancel_lost_on_reinit)) && op.cancelled != 0;
      op.answer = status::kBadNetworkPath;  // until the second attempt finds the connection
      op.view = kNobody;
      break;
    case EventKind::list:
      fill_list(op);
      break;
    case EventKind::share_busy:
      fill_share_busy(op, made);
      break;
    case EventKind::submit:
      fill_submit(op, made);
      break;
    case EventKind::low_io_write:
    case EventKind::low_io_read:
    case EventKind::low_io_notify:
      made.possible = op.accepted || has(17);
      made.clause = 17;
      op.pending = op.accepted && op.finishes == 0 && !op.what.sync;
      break;
    case EventKind::held:
      op.held = true;
      ++op.holds;
      op.released = false;
      break;
    case EventKind::released: {  // by an operation `release`
      Op& connect = asked.target < ops_.size() ? ops_[asked.target] : op;
      connect.held = false;
      connect.released = true;
      if (op.what.kind == OpKind::release) op.answer = status::kSuccess;
      break;
    }
    case EventKind::lookup:
      if (asked.status != status::kSuccess) break;
      op.answer = status::kSuccess;
      if (op.what.kind == OpKind::complete) op.answer = status::kNotFound;
      if (op.what.kind == OpKind::set_routine) op.unsure = true;
      if (op.what.kind == OpKind::reference && op.slot != kNobody) ++ops_[op.slot].references;
      break;
    case EventKind::dormant:
    case EventKind::collapse:
    case EventKind::create:
    case EventKind::close_srv_open:
      fill_keeping(op, made);
      break;
    case EventKind::create_srv_call:
    case EventKind::create_net_root:
    case EventKind::create_v_net_root:
    case EventKind::answered:
    case EventKind::bad:
      fill_construction(op, made);
      break;
    case EventKind::is_valid_directory:
      made.clause = 68;
      made.event.status = op.denied ? status::kAccessDenied : status::kSuccess;
      op.refused = op.denied && !has(68);
      if (op.refused) op.answer = status::kAccessDenied;
      break;
    case EventKind::dereference: {
      const Op* context = op.slot == kNobody ? nullptr : &ops_[op.slot];
      if (context == nullptr || context->slot == kNobody) break;
      Op& request = ops_[context->slot];
      if (request.references != 0) --request.references;
      made.event.value = request.cancelled != 0 && !has(54) ? 1 : 0;
      made.unsure = request.cancelled > op.called;
      made.clause = 54;
      break;
    }
    default:
      fill_view_effect(op, made);
      break;
  }
  return made;
}

}  // namespace rxcheck::models::shadow
