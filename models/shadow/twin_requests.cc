// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

void Twin::fill_submit(Op& op, Made& made) {
  if (op.slot == kNobody || ops_[op.slot].view == kNobody) return;
  op.view = ops_[op.slot].view;
  const bool orphaned = views_[op.view].orphaned;
  uint32_t status = status::kSuccess;
  if (op.cancelled != 0 && !has(51)) status = status::kCancelled;
  if (orphaned) status = status::kUnexpectedNetworkError;
  // Which of the two is looked at first is not said.
  if (orphaned && op.cancelled != 0 && made.event.status == status::kCancelled) status = status::kCancelled;
  made.event.status = status;
  made.event.value = views_[op.view].serial;
  made.clause = orphaned ? 17 : 51;
  op.answer = status;
  op.accepted = status == status::kSuccess;
  const bool pends = op.what.kind == OpKind::read || op.what.kind == OpKind::notify;
  if (op.accepted && pends && op.finishes == 0) outstanding_.push_back(static_cast<uint16_t>(&op - ops_.data()));
}

// Events that name a request by `target`.
void Twin::fill_request_event(Op& op, Made& made) {
  Event& event = made.event;
  switch (event.kind) {
    case EventKind::cancel:
      if (op.cancelled == 0) op.cancelled = now_;
      if (op.registered != 0) {
        op.owed = has(47) ? 0 : op.registered;
        ++owed_;
        if (!has(49)) op.registered = 0;
      }
      break;
    case EventKind::set: {
      const auto routine = static_cast<uint8_t>(event.value & 3);
      const bool refused = op.cancelled != 0 && !has(46);
      if (event.operation < ops_.size()) {
        ++ops_[event.operation].setting;
        ops_[event.operation].set_refused = refused;
      }
      if (refused) {
        ++op.sets_refused;
        break;
      }
      ++op.sets_stored;
      if (routine != 0 || !has(101)) op.registered = routine;
      break;
    }
    case EventKind::set_leave:
      fill_set_leave(op, made);
      break;
    case EventKind::cancel_routine:
      made.possible = op.owed != 0;
      made.clause = 47;
      event.value = op.owed;
      if (op.owed != 0) --owed_;
      op.owed = 0;
      break;
    default:
      fill_finish(op, made);
      break;
  }
}

void Twin::fill_set_leave(Op& op, Made& made) {
  Op* setter = made.event.operation < ops_.size() ? &ops_[made.event.operation] : nullptr;
  bool refused = op.sets_refused != 0;
  if (setter != nullptr && setter->setting == 1) {
    refused = setter->set_refused;
  } else if (refused && op.sets_stored != 0) {  // of several setters, whichever the event says
    refused = made.event.status == status::kCancelled;
  }
  if (setter != nullptr && setter->setting != 0) --setter->setting;
  unsigned& outstanding = refused ? op.sets_refused : op.sets_stored;
  made.possible = outstanding != 0;
  if (made.possible) --outstanding;
  made.clause = refused ? 46 : 47;
  made.event.status = refused ? status::kCancelled : status::kSuccess;
  if (setter == nullptr || setter->what.kind != OpKind::set_routine) return;
  setter->answer = made.event.status;
  setter->unsure = false;
}

void Twin::fill_finish(Op& op, Made& made) {
  Event& event = made.event;
  const auto self = static_cast<uint16_t>(&op - ops_.data());
  made.clause = 53;
  made.possible = op.called != 0 && op.finishes < (op.what.kind == OpKind::close ? 2 : 1);
  if (op.accepted && (op.what.kind == OpKind::read || op.what.kind == OpKind::notify)) {
    // Whoever comes first decides.
    if (event.status == status::kCancelled) {
      made.possible = made.possible && op.cancelled != 0;
    } else {
      made.possible = made.possible && op.pending;
      event.status = status::kSuccess;
    }
    if (event.status == status::kSuccess && event.operation < ops_.size() &&
        ops_[event.operation].what.kind == OpKind::complete) {
      ops_[event.operation].answer = status::kSuccess;
    } else if (event.status == status::kSuccess && op.answering == 1 && op.answering_xor < ops_.size()) {
      ops_[op.answering_xor].answer = status::kSuccess;
    } else if (event.status == status::kSuccess) {
      for (Op& other : ops_)
        if (other.what.kind == OpKind::complete && other.slot == self && !other.returned) other.unsure = true;
    }
    std::erase(outstanding_, self);
    op.pending = false;
    if (op.what.kind == OpKind::notify && op.view != kNobody) views_[op.view].notify_decided = now_;
  } else {
    if (op.what.kind == OpKind::letters) op.answer = ask_letter(op, event.status);
    made.unsure = op.unsure;
    const bool looks_up = op.what.kind == OpKind::connect || op.what.kind == OpKind::open;
    const bool waits_in_vain = op.connection < kMaxConnections && routes_[op.connection].fails();
    if (looks_up && op.view == kNobody && op.cancelled != 0 && !waits_in_vain && !op.refused)
      op.answer = status::kCancelled;
    event.status = made.unsure && event.status != 0 ? event.status : op.answer;
    if (op.what.kind == OpKind::list) event.status = status::kSuccess;  // its answer is found in what it returns
  }
  op.status = event.status;
  const bool changes = op.what.kind == OpKind::connect || op.what.kind == OpKind::disconnect;
  if (op.finishes++ == 0 && changes && op.called != 0) end_change(op);
}

}  // namespace rxcheck::models::shadow
