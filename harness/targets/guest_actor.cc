// SPDX-License-Identifier: Apache-2.0
//
// GuestSession: what is done for an operation, from its call to its return.
#include <algorithm>
#include <cstring>

#include "harness/core/status.h"
#include "harness/targets/guest_session.h"
#include "harness/targets/request_shape.h"

namespace rxcheck {

// Whether the operation's resource is there; `gone`: it never will be.
bool GuestSession::is_ready(const Operation& op, bool& gone) const {
  gone = false;
  if (op.slot == kNoSlot) return true;
  const auto slot = static_cast<size_t>(op.slot);
  const models::Standing& standing = standings_[slot];
  if (op.kind == OpKind::cancel) {
    gone = standing.returned && !courses_[slot].taken && courses_[slot].request == 0;
    return courses_[slot].taken || gone || standing.returned;
  }
  if (!standing.produced && !standing.returned) return false;
  gone = !standing.produced || standing.consumed;
  return true;
}

void GuestSession::issue(uint16_t index, uint32_t code, const ProbeRequest& request) {
  const Operation& op = result_->history.program.operations[index];
  const auto* bytes = reinterpret_cast<const uint8_t*>(&request);
  Course& course = courses_[index];
  course.request =
      channel_.issue(op.actor, code, {bytes, ProbeRequests::input_length(op, request)}, output_length_of(op.kind));
  course.taken = false;
}

// True if something happened.
bool GuestSession::advance(uint16_t index) {
  const Operation op = result_->history.program.operations[index];
  Course& course = courses_[index];
  ProbeRequest request;
  if (course.step == Step::cleaned) {  // the second half of a close
    if (courses_[static_cast<size_t>(op.slot)].in_flight != 0) return false;
    ProbeRequests::encode_close(index, op, request);
    course.step = Step::issued;
    issue(index, IOCTL_RXPROBE_CLOSE, request);
    return true;
  }
  if (op.kind == OpKind::await && course.step == Step::issued) {
    if (!standings_[static_cast<size_t>(op.slot)].completed) return false;
    returned(index, standings_[static_cast<size_t>(op.slot)].status, 0);
    return true;
  }
  if (course.step != Step::fresh) return false;
  bool gone = false;
  if (!is_ready(op, gone)) return false;
  if (gone) {
    mark(EventKind::skip, index, seen_);
    standings_.skipped(index);
    course.step = Step::done;
    return true;
  }
  course.step = Step::issued;
  course.call = mark(EventKind::call, index, seen_);
  standings_.called(op, index);
  if (uses_handle(op.kind)) ++courses_[static_cast<size_t>(op.slot)].in_flight;
  switch (op.kind) {
    case OpKind::await:
      break;
    case OpKind::cancel:
      course.request = channel_.cancel(courses_[static_cast<size_t>(op.slot)].request);
      break;
    case OpKind::close:
      ProbeRequests::encode_close(index, op, request);
      issue(index, IOCTL_RXPROBE_CLEANUP, request);
      break;
    default:
      issue(index, encoder_.encode(result_->history.program, index, request), request);
      break;
  }
  standings_.sent(op, index);
  return true;
}

void GuestSession::returned(uint16_t index, uint32_t status, uint32_t value) {
  const Operation& op = result_->history.program.operations[index];
  standings_.returned(op, index, status);
  courses_[index].step = Step::done;
  mark(EventKind::ret, index, seen_, status, value);
}

void GuestSession::completed(uint16_t index, const AgentChannel::Answer& answer) {
  const Operation& op = result_->history.program.operations[index];
  standings_.completed(op, index, answer.status);
  RXPROBE_REPLY reply{};
  if (answer.output.size() >= sizeof reply) std::memcpy(&reply, answer.output.data(), sizeof reply);
  mark(EventKind::completed, index, answer.log_after, answer.status,
       shows_view(op.kind) && answer.status == 0 ? reply.Serial : 0);
  if (uses_handle(op.kind)) --courses_[static_cast<size_t>(op.slot)].in_flight;
  if (is_asynchronous(op)) return;
  uint32_t status = answer.status;
  uint32_t value = 0;
  if (shows_view(op.kind) && status == 0) value = reply.Serial;
  if (shows_value(op.kind)) value = reply.Value;
  if (op.kind == OpKind::list && status == 0) {
    RXPROBE_LIST list{};
    std::memcpy(&list, answer.output.data(), std::min(sizeof list, answer.output.size()));
    const auto found = encoder_.find_in_list(op, list);
    value = found.value_or(0);
    if (!found) status = status::kNotFound;
  }
  returned(index, status, value);
}

void GuestSession::close_went_on(uint16_t index, const AgentChannel::Answer& answer) {
  Course& course = courses_[index];
  mark(EventKind::completed, index, answer.log_after, answer.status);
  if (!course.half) {
    course.half = true;
    course.cleanup = answer.status;
    course.step = Step::cleaned;
    return;
  }
  const uint32_t status = course.cleanup != 0 ? course.cleanup : answer.status;
  standings_.completed(result_->history.program.operations[index], index, status);
  returned(index, status, 0);
}

void GuestSession::answered(uint16_t index, const AgentChannel::Answer& answer) {
  const Operation& op = result_->history.program.operations[index];
  Course& course = courses_[index];
  if (answer.log_before == RXAGENT_LOG_LOST || (!answer.pending && answer.log_after == RXAGENT_LOG_LOST))
    return stop_short("the drivers do not answer any more");
  marks_[course.call].after = std::min(marks_[course.call].after, answer.log_before);
  if (answer.pending) {
    course.taken = true;
    course.settling = is_asynchronous(op) && op.kind != OpKind::close;
    return;
  }
  seen_ = std::max(seen_, answer.log_after);
  course.taken = true;
  if (op.kind == OpKind::cancel) return returned(index, 0, answer.status == 0 ? 1 : 0);
  if (op.kind == OpKind::close) return close_went_on(index, answer);
  if (is_asynchronous(op) && !standings_[index].returned) returned(index, status::kPending, 0);
  completed(index, answer);
}

}  // namespace rxcheck
