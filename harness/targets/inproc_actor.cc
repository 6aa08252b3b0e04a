// SPDX-License-Identifier: Apache-2.0
//
// InprocSession: what an actor's line does for each of its operations.
#include "harness/core/status.h"
#include "harness/targets/inproc_session.h"
#include "harness/targets/request_shape.h"

namespace rxcheck {

using nt::Sync;
using nt::Touch;

// Waits until the condition holds, which is about where the operation stands.
template <typename Condition>
void InprocSession::wait_at(size_t operation, Touch how, const Condition& condition) {
  touch_slot(operation, how);
  executive_.wait_for(condition);
  touch_slot(operation, how);
}

// False if the operation cannot be issued: its resource was never produced, or is gone.
bool InprocSession::resource_ready(const Operation& op) {
  if (op.slot == kNoSlot) return true;
  const auto slot = static_cast<size_t>(op.slot);
  if (op.kind == OpKind::cancel) {  // needs a request that is under way, whatever becomes of it
    wait_at(slot, Touch::read, [&] { return requests_[slot].record >= 0 || standings_[slot].returned; });
    synchronize(slot, Met::issued, Sync::acquire);
    return requests_[slot].record >= 0;
  }
  wait_at(slot, Touch::read, [&] { return standings_[slot].produced || standings_[slot].returned; });
  synchronize(slot, Met::produced, Sync::acquire);
  return standings_[slot].produced && !standings_[slot].consumed;
}

void InprocSession::operate(uint16_t index, uint8_t actor, uint16_t ordinal) {
  executive_.running().work = {actor, ordinal, index};
  const Operation op = result_->history.program.operations[index];
  if (!resource_ready(op)) {
    record(EventKind::skip, index);
    touch_slot(index, Touch::write);
    standings_.skipped(index);
    return;
  }
  const auto slot = static_cast<size_t>(op.slot);
  record(EventKind::call, index);
  if (uses_handle(op.kind)) {
    touch_slot(slot, Touch::call);
    ++requests_[slot].in_flight;
  }
  if (op.kind == OpKind::close || op.kind == OpKind::dereference) touch_slot(slot, Touch::write);
  standings_.called(op, index);
  uint32_t value = 0;
  const uint32_t status = carry_out(index, op, value);
  if (uses_handle(op.kind) && !is_asynchronous(op)) leave_handle(slot);
  touch_slot(index, Touch::write);
  synchronize(index, Met::produced, Sync::release);
  standings_.returned(op, index, status);
  record(EventKind::ret, index, status, value);
}

uint32_t InprocSession::carry_out(uint16_t index, const Operation& op, uint32_t& value) {
  ProbeRequest request;
  const uint32_t code = encoder_.encode(result_->history.program, index, request);
  const auto slot = static_cast<size_t>(op.slot);
  switch (op.kind) {
    case OpKind::close:
      return close_handle(index, op);
    case OpKind::cancel:
      value = executive_.cancel(requests_[slot].record) ? 1 : 0;
      return 0;
    case OpKind::await:
      wait_at(slot, Touch::read, [&] { return standings_[slot].completed; });
      synchronize(slot, Met::completed, Sync::acquire);
      return standings_[slot].status;
    case OpKind::list:
      return find_in_list(index, op, value);
    case OpKind::tick:
      return pass_time(index, op.seconds);
    default:
      break;
  }
  if (is_asynchronous(op)) {
    issue(index, code, request);
    return nt::kStatusPending;
  }
  const uint32_t status = issue_and_wait(index, code, request);
  if (shows_view(op.kind)) value = status == 0 ? requests_[index].reply.Serial : 0;
  if (shows_value(op.kind)) value = requests_[index].reply.Value;
  return status;
}

// Sends the request and returns when it can go no further on its own: it is complete, or no worker that could run works
// for it.
void InprocSession::issue(uint16_t index, uint32_t code, ProbeRequest& request) {
  const nt::Work work = executive_.running().work;
  Request& mine = requests_[index];
  const Operation& op = result_->history.program.operations[index];
  const uint32_t size = ProbeRequests::input_length(op, request);
  const bool list = code == IOCTL_RXPROBE_LIST;
  const int number = executive_.build_ioctl(graph_.device(), code, &request.request, size,
                                            list ? static_cast<void*>(mine.list) : &mine.reply,
                                            list ? sizeof(RXPROBE_LIST) : sizeof(RXPROBE_REPLY), work);
  if (number < 0) executive_.violate("out-of-pool", "arena", "the program uses up the executive's pool");
  touch_slot(index, Touch::write);
  synchronize(index, Met::issued, Sync::release);
  mine.record = number;
  const bool asynchronous = is_asynchronous(op);
  if (produced_by(op) == Resource::request) synchronize(index, Met::produced, Sync::release);
  standings_.sent(op, index);
  if (op.cancelled) executive_.irps()[static_cast<size_t>(number)].irp->cancel = 1;
  executive_.send(number);
  if (!asynchronous) return;
  touch_slot(index, Touch::read);
  executive_.look_at_workers(index);
  executive_.wait_for([&] { return standings_[index].completed || !executive_.worker_can_run(index); });
  touch_slot(index, Touch::read);
  executive_.look_at_workers(index);
}

uint32_t InprocSession::issue_and_wait(uint16_t index, uint32_t code, ProbeRequest& request) {
  issue(index, code, request);
  const auto number = static_cast<size_t>(requests_[index].record);
  wait_at(index, Touch::read, [&] { return executive_.irps()[number].completed; });
  synchronize(index, Met::completed, Sync::acquire);
  return executive_.irps()[number].status;
}

// Returns when what the time set going can go no further on its own.
uint32_t InprocSession::pass_time(uint16_t index, uint32_t seconds) {
  constexpr uint64_t kSecond = 10'000'000;  // in units of 100 ns
  executive_.touch(nt::object_name(nt::ObjectKind::executive, 0), Touch::write);
  executive_.advance_time(seconds * kSecond);
  executive_.wait_for([&] { return !executive_.worker_can_run(index); });
  executive_.look_at_workers(index);
  return 0;
}

uint32_t InprocSession::close_handle(uint16_t index, const Operation& op) {
  ProbeRequest request;
  ProbeRequests::encode_close(index, op, request);
  const uint32_t cleanup = issue_and_wait(index, IOCTL_RXPROBE_CLEANUP, request);
  const auto slot = static_cast<size_t>(op.slot);
  wait_at(slot, Touch::write, [&] { return requests_[slot].in_flight == 0; });
  synchronize(slot, Met::idle, Sync::acquire);
  const uint32_t close = issue_and_wait(index, IOCTL_RXPROBE_CLOSE, request);
  standings_.completed(op, index, cleanup != 0 ? cleanup : close);
  return standings_[index].status;
}

// A request on the handle that the operation `slot` has opened is over.
void InprocSession::leave_handle(size_t slot) {
  touch_slot(slot, Touch::returns);
  synchronize(slot, Met::idle, Sync::release);
  --requests_[slot].in_flight;
}

uint32_t InprocSession::find_in_list(uint16_t index, const Operation& op, uint32_t& value) {
  ProbeRequest request;
  const uint32_t code = encoder_.encode(result_->history.program, index, request);
  RXPROBE_LIST list;
  list.Count = 0;
  requests_[index].list = &list;
  const uint32_t status = issue_and_wait(index, code, request);
  if (status != 0) return status;
  const auto found = encoder_.find_in_list(op, list);
  value = found.value_or(0);
  return found ? 0 : status::kNotFound;
}

}  // namespace rxcheck
