// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

void Twin::fill_start(Op& op, Made& made) {
  ++op.starts;
  const OpKind kind = op.what.kind;
  const bool io = kind == OpKind::write || kind == OpKind::read || kind == OpKind::notify;
  const bool admitted = state_ == kStarted || kind == OpKind::close || (kind == OpKind::start && state_ == kStartable);
  made.clause = 51;
  made.event.status = status::kSuccess;
  if (op.cancelled != 0 && !has(51)) {
    made.event.status = status::kCancelled;
  } else if (!admitted && !has(73)) {
    made.clause = 73;
    const uint16_t view = io && op.slot != kNobody ? ops_[op.slot].view : kNobody;
    made.event.status =
        view != kNobody && views_[view].orphaned ? status::kUnexpectedNetworkError : status::kRedirectorNotStarted;
  }
  if (made.event.status != status::kSuccess) op.answer = made.event.status;
}

void Twin::fill_state(Op& op, const Event& event) {
  state_ = event.value;
  op.answer = status::kSuccess;
  if (state_ != kStartable) return;
  // A close under way frees the file before the event that shows it.
  for (uint16_t i = 0; i < ops_.size(); ++i) {
    if (ops_[i].what.kind != OpKind::open || !ops_[i].opened || ops_[i].closed) continue;
    const bool closing = std::ranges::any_of(ops_, [i](const Op& other) {
      return other.what.kind == OpKind::close && other.slot == i && other.called != 0;
    });
    op.unsure = closing && (op.unsure || op.answer == status::kSuccess);
    op.answer = status::kRedirectorHasOpenHandles;
    if (!closing) return;
  }
}

// Not every driver says on whose behalf: then each teardown that is under way may have done it.
void Twin::transport_went(const Event& event) {
  std::erase_if(transports_, [&](const Transport& transport) { return transport.number == event.value; });
  for (uint16_t i = 0; i < ops_.size(); ++i) {
    Op& op = ops_[i];
    if (op.what.kind != OpKind::teardown || op.called == 0 || op.returned) continue;
    if (event.operation == i) op.answer = status::kSuccess;
    if (event.operation >= ops_.size()) op.unsure = true;
  }
}

uint32_t Twin::transport(uint8_t connection) const {
  for (size_t i = transports_.size(); i-- > 0;)
    if (same_server(transports_[i].connection, connection)) return transports_[i].number;
  return 0;
}

bool Twin::has_others(uint16_t self) const {
  for (uint16_t i = 0; i < ops_.size(); ++i)
    if (i != self && ops_[i].starts != 0 && (ops_[i].starts > ops_[i].finishes || ops_[i].references != 0)) return true;
  return false;
}

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
      const auto routine = static_cast<uint8_t>(event.value & 7);
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
      if (has(50) && routine != 0 && op.registered != 0) break;  // keeps the old one
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

// What a delete that was cancelled, or may not wait, answers: CANCELLED and LOCK_NOT_GRANTED say that it did nothing.
void Twin::settle_delete(Op& op, uint32_t asked) {
  if (op.finalized && has(39) && op.cancelled != 0) op.answer = status::kCancelled;
  if (op.finalized || op.tested_busy || op.answer == status::kRedirectorNotStarted) return;
  const bool came_to_view = op.what.kind == OpKind::finalize || op.view != kNobody;
  const bool busy = asked == status::kFilesOpen || asked == status::kConnectionInUse;
  if (came_to_view && op.what.level == Level::other && has(Variant::refuses_other_levels) &&
      op.answer != status::kCancelled) {
    op.answer = status::kInvalidParameter;
    return;
  }
  if (came_to_view && busy && op.what.level == Level::not_forced && has(Variant::fails_rather_than_waits)) {
    op.answer = has(Variant::in_use_steady) ? status::kConnectionInUse : status::kFilesOpen;
    return;
  }
  if (op.cancelled != 0 && came_to_view) op.answer = status::kCancelled;
  if (op.what.nowait && asked == status::kLockNotGranted) op.answer = asked;
}

void Twin::fill_finish(Op& op, Made& made) {
  Event& event = made.event;
  const auto self = static_cast<uint16_t>(&op - ops_.data());
  made.clause = 53;
  made.possible = op.called != 0 && op.finishes < (op.what.kind == OpKind::close ? 2 : 1);
  if (op.low_memory && op.what.kind != OpKind::close && event.status == status::kInsufficientResources) {
    // The mini-redirector never had it.
    std::erase(outstanding_, self);
    op.pending = false;
    if (op.what.kind == OpKind::notify && op.view != kNobody) views_[op.view].notify_decided = now_;
  } else if (op.accepted && (op.what.kind == OpKind::read || op.what.kind == OpKind::notify)) {
    // Whoever comes first decides.
    if (event.status == status::kCancelled) {
      made.possible = made.possible && op.cancelled != 0;
    } else {
      made.possible = made.possible && (op.pending || op.what.sync);
      event.status = status::kSuccess;
    }
    if (op.what.sync) {  // nobody answers it but the server, at once
    } else if (event.status == status::kSuccess && event.operation < ops_.size() &&
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
    if (op.what.kind == OpKind::letters && op.answer != status::kRedirectorNotStarted)
      op.answer = ask_letter(op, event.status);
    made.unsure = op.unsure;
    const uint32_t asked = event.status;
    const bool looks_up = adds_connection(op.what) || op.what.kind == OpKind::open;
    const bool waits_in_vain = op.connection < kMaxConnections && routes_[op.connection].fails();
    const bool starved = op.connection < kMaxConnections && routes_[op.connection].starved;
    // Cancelled in time, or too late while it waited for a construction that failed.
    const bool cancelled_on_its_way = looks_up && op.view == kNobody && op.cancelled != 0;
    if (cancelled_on_its_way && op.connection < kMaxConnections && routes_[op.connection].conflicts)
      made.unsure = op.unsure = true;
    if (cancelled_on_its_way && !waits_in_vain && !op.refused && op.answer != status::kRedirectorNotStarted) {
      op.answer = status::kCancelled;
      if (op.what.kind == OpKind::open || starved)
        made.unsure = true;  // the lookup may have failed before anybody looked
    }
    if (is_delete(op.what.kind)) settle_delete(op, event.status);
    event.status = made.unsure && event.status != 0 ? event.status : op.answer;
    if (op.what.kind == OpKind::stop && op.unsure) event.status = asked;
    if (op.what.kind == OpKind::list && op.answer != status::kRedirectorNotStarted)
      event.status = status::kSuccess;  // its answer is found in what it returns
  }
  op.status = event.status;
  if (op.finishes++ == 0 && changes_letters(op.what.kind) && op.called != 0) end_change(op);
}

}  // namespace rxcheck::models::shadow
