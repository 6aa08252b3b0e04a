// SPDX-License-Identifier: Apache-2.0
//
// GatedSession: what an actor does between two stops. In process the same is done by its line (inproc_actor.cc).
#include <algorithm>
#include <cstring>

#include "harness/core/status.h"
#include "harness/targets/gated_session.h"
#include "harness/targets/request_shape.h"

namespace rxcheck {

// Whether it is decided if the operation can be issued.
bool GatedSession::is_ready(uint16_t index) const {
  const Operation& op = result_->history.program.operations[index];
  if (op.slot == kNoSlot) return true;
  const auto slot = static_cast<size_t>(op.slot);
  if (op.kind == OpKind::cancel) return sent_[slot] || standings_[slot].returned;
  return standings_[slot].produced || standings_[slot].returned;
}

// REQUIRES: is_ready. Whether it can.
bool GatedSession::is_there(uint16_t index) const {
  const Operation& op = result_->history.program.operations[index];
  if (op.slot == kNoSlot) return true;
  const auto slot = static_cast<size_t>(op.slot);
  if (op.kind == OpKind::cancel) return sent_[slot];
  return standings_[slot].produced && !standings_[slot].consumed;
}

// Those that wait for what only the harness knows, and need not any more.
uint32_t GatedSession::ready_actors() const {
  uint32_t ready = 0;
  for (size_t i = 0; i < actors_.size(); ++i) {
    const Actor& actor = actors_[i];
    const bool has_more = actor.next < actor.operations.size();
    const bool waits_for_more = i == 0 && actor.phase == Phase::fresh && has_more;
    const bool waits = actor.phase == Phase::readying && has_more && is_ready(actor.operations[actor.next]);
    if (waits_for_more || waits) ready |= 1u << i;
  }
  return ready;
}

RXGATE_GO GatedSession::at_boundary(uint8_t number, const GateClient::Stop& stop) {
  RXGATE_GO go{};
  go.Actor = number;
  go.Operation = go.Target = RXGATE_NO_OPERATION;
  Actor& actor = actors_[number];
  if (actor.phase != Phase::fresh && actor.phase != Phase::readying && resume(number, stop, go)) return go;
  for (; actor.next < actor.operations.size(); ++actor.next)
    if (begin_operation(number, go)) return go;
  if (number == 0) {
    go.Act = RxGateWait;  // for the next one, and works for nobody
    go.Condition = RxGateReady;
    go.Ordinal = 0;
    go.Operation = RXGATE_NO_OPERATION;
    return go;
  }
  actor.done = true;
  go.Act = RxGateDone;
  if (!actor.operations.empty()) {  // as it leaves, the line is still at its last
    go.Ordinal = static_cast<uint16_t>(actor.operations.size());
    go.Operation = actor.operations.back();
  }
  return go;
}

// False if the operation is skipped.
bool GatedSession::begin_operation(uint8_t number, RXGATE_GO& go) {
  Actor& actor = actors_[number];
  const uint16_t index = actor.operations[actor.next];
  go.Ordinal = static_cast<uint16_t>(actor.next + 1);
  go.Operation = index;
  if (!is_ready(index)) {
    actor.phase = Phase::readying;
    go.Act = RxGateWait;
    go.Condition = RxGateReady;
    return true;
  }
  actor.phase = Phase::fresh;
  if (!is_there(index)) {
    record(EventKind::skip, index);
    standings_.skipped(index);
    return false;
  }
  const Operation op = result_->history.program.operations[index];
  record(EventKind::call, index);
  standings_.called(op, index);
  carry_out(index, actor, go);
  return true;
}

void GatedSession::issue(uint16_t index, uint32_t code, const ProbeRequest& request, RXGATE_GO& go) {
  const Operation& op = result_->history.program.operations[index];
  const auto* bytes = reinterpret_cast<const uint8_t*>(&request);
  input_.assign(bytes, bytes + ProbeRequests::input_length(op, request));
  go.Act = RxGateIssue;
  go.Code = code;
  go.InputLength = static_cast<uint32_t>(input_.size());
  go.OutputLength = output_length_of(op.kind);
  sent_[index] = true;
  standings_.sent(op, index);
}

void GatedSession::carry_out(uint16_t index, Actor& actor, RXGATE_GO& go) {
  const Operation& op = result_->history.program.operations[index];
  ProbeRequest request;
  switch (op.kind) {
    case OpKind::close:
      ProbeRequests::encode_close(index, op, request);
      issue(index, IOCTL_RXPROBE_CLEANUP, request, go);
      actor.phase = Phase::cleaning;
      return;
    case OpKind::cancel:
      go.Act = RxGateCancel;
      go.Target = static_cast<uint16_t>(op.slot);
      actor.phase = Phase::cancelling;
      return;
    case OpKind::await:
      go.Act = RxGateWait;
      go.Condition = RxGateCompleted;
      go.Target = static_cast<uint16_t>(op.slot);
      actor.phase = Phase::awaiting;
      return;
    case OpKind::tick:
      go.Act = RxGateTick;
      go.Value = op.seconds;
      actor.phase = Phase::ticking;
      return;
    default:
      break;
  }
  issue(index, encoder_.encode(result_->history.program, index, request), request, go);
  if (uses_handle(op.kind)) {
    go.Flags |= RXGATE_USES_HANDLE;
    go.Target = static_cast<uint16_t>(op.slot);
  }
  if (is_asynchronous(op)) go.Flags |= RXGATE_ASYNC;
  if (op.cancelled) go.Flags |= RXGATE_CANCELLED;
  actor.phase = Phase::issued;
}

// Goes on with the operation that the actor is at; true if it is not over.
bool GatedSession::resume(uint8_t number, const GateClient::Stop& stop, RXGATE_GO& go) {
  Actor& actor = actors_[number];
  const uint16_t index = actor.operations[actor.next];
  const Operation op = result_->history.program.operations[index];
  const auto slot = static_cast<size_t>(op.slot);
  uint32_t status = stop.head.Status;
  uint32_t value = 0;
  go.Ordinal = static_cast<uint16_t>(actor.next + 1);
  go.Operation = index;
  switch (actor.phase) {
    case Phase::cleaning:
      actor.cleanup = status;
      go.Act = RxGateWait;
      go.Condition = RxGateIdle;
      go.Target = static_cast<uint16_t>(op.slot);
      actor.phase = Phase::idling;
      return true;
    case Phase::idling: {
      ProbeRequest request;
      ProbeRequests::encode_close(index, op, request);
      issue(index, IOCTL_RXPROBE_CLOSE, request, go);
      actor.phase = Phase::closing;
      return true;
    }
    case Phase::closing:
      status = actor.cleanup != 0 ? actor.cleanup : status;
      standings_.completed(op, index, status);
      break;
    case Phase::awaiting:
      status = standings_[slot].status;
      break;
    case Phase::cancelling:
      status = 0;
      value = stop.head.Value;
      break;
    case Phase::ticking:
      status = 0;
      break;
    default: {
      if (is_asynchronous(op)) {
        status = status::kPending;
        break;
      }
      RXPROBE_REPLY reply{};
      RXPROBE_LIST list{};
      std::memcpy(&reply, stop.output.data(), std::min(sizeof reply, stop.output.size()));
      std::memcpy(&list, stop.output.data(), std::min(sizeof list, stop.output.size()));
      if (shows_view(op.kind) && status == 0) value = reply.Serial;
      if (shows_value(op.kind)) value = reply.Value;
      if (op.kind == OpKind::list && status == 0) {
        const auto found = encoder_.find_in_list(op, list);
        value = found.value_or(0);
        if (!found) status = status::kNotFound;
      }
      break;
    }
  }
  standings_.returned(op, index, status);
  record(EventKind::ret, index, status, value);
  actor.phase = Phase::fresh;
  ++actor.next;
  return false;
}

}  // namespace rxcheck
