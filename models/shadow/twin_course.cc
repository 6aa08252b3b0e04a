// SPDX-License-Identifier: Apache-2.0
//
// The course of an operation, and what is overdue.
#include <algorithm>

#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

void Twin::fill_call(Op& op, uint16_t self) {
  op.called = now_;
  if (changes_letters(op.what.kind)) begin_change(op);
  switch (op.what.kind) {
    case OpKind::connect:
    case OpKind::open:
    case OpKind::tree:
    case OpKind::disconnect:
    case OpKind::force_all:
      op.answer = status::kBadNetworkPath;
      break;
    case OpKind::list:
    case OpKind::complete:
    case OpKind::set_routine:
    case OpKind::reference:
    case OpKind::release:
      op.answer = status::kNotFound;
      break;
    case OpKind::raw_add:
    case OpKind::raw_del:
      op.answer = op.what.length < 2 || op.what.length % 2 != 0 ? status::kBadNetworkName : status::kObjectNameInvalid;
      break;
    case OpKind::teardown:
      op.answer = has(72) ? status::kNotImplemented : status::kInvalidParameter;
      break;
    case OpKind::stop:
      op.answer = status::kRedirectorNotStarted;  // unless it is the one that stops
      break;
    case OpKind::start:
      op.answer = status::kRedirectorStarted;
      break;
    case OpKind::ce_cancel:
      op.answer = has(71) ? status::kSuccess : status::kNotImplemented;
      break;
    default:
      break;
  }
  if (op.what.kind == OpKind::complete && op.slot != kNobody) {
    ++ops_[op.slot].answering;
    ops_[op.slot].answering_xor ^= self;
  }
}

// ret and completed.
void Twin::fill_return(Op& op, Made& made) {
  Event& event = made.event;
  const OpKind kind = op.what.kind;
  made.clause = 53;
  const bool refused = op.low_memory && kind != OpKind::close && event.status == status::kInsufficientResources;
  if (event.kind == EventKind::completed) {
    made.possible = op.completions < (kind == OpKind::close ? 2 : 1);
    if (op.finishes <= op.completions) {
      made.unsure = op.unsure;
      op.status = kind == OpKind::list ? status::kSuccess : op.unsure ? event.status : op.answer;
      if (refused) op.status = event.status;
    }
    ++op.completions;
    event.status = op.status;
  } else {
    op.returned = true;
    if (kind == OpKind::cancel) return;
    if (kind == OpKind::tick)
      for (Op& other : ops_)
        if (other.dormant && other.dormant_since < op.called) other.idle_seconds += op.what.seconds;
    if (kind == OpKind::await) {
      event.status = op.slot == kNobody ? 0 : ops_[op.slot].status;
    } else if (is_asynchronous(op.what)) {
      event.status = status::kPending;
    } else {
      event.status = op.completions != 0 && kind != OpKind::list ? op.status : op.answer;
      if (refused) event.status = status::kInsufficientResources;
      made.unsure = op.unsure;
    }
    if (kind == OpKind::complete && op.slot != kNobody && ops_[op.slot].answering != 0) {
      --ops_[op.slot].answering;
      ops_[op.slot].answering_xor ^= event.operation;
    }
    if (kind == OpKind::ce_cancel) made.clause = 71;
    op.returned_status = event.status;
  }
  const bool reports_view =
      kind == OpKind::connect || kind == OpKind::tree || kind == OpKind::open || kind == OpKind::list;
  if (kind != OpKind::dereference) event.value = reports_view && event.status == status::kSuccess ? op.serial : 0;
  if (kind == OpKind::list) made.unsure = made.unsure || op.unsure;
}

Event Twin::overdue_when_quiescent() const {
  // The scavenger may be waiting for the FCB of an open that the server holds.
  const bool scavenges =
      std::ranges::none_of(ops_, [](const Op& op) { return op.what.kind == OpKind::open && op.held; });
  for (uint16_t i = 0; i < ops_.size(); ++i)
    if (scavenges && ops_[i].dormant && ops_[i].idle_seconds >= kScavengerSeconds)
      return {.kind = EventKind::scavenge, .target = i, .value = views_[ops_[i].view].serial};
  if (owed_ == 0) return {};
  for (uint16_t i = 0; i < ops_.size(); ++i) {
    if (ops_[i].finishes != 0 || ops_[i].owed == 0) continue;
    return {.kind = EventKind::cancel_routine, .target = i, .value = ops_[i].owed};
  }
  return {};
}

Event Twin::overdue_at_end() const {
  for (const View& view : views_)
    if (!view.gone && !view.failed) return {.kind = EventKind::finalize_v_net_root, .value = view.serial};
  return {};
}

}  // namespace rxcheck::models::shadow
