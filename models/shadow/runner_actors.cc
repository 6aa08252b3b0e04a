// SPDX-License-Identifier: Apache-2.0
#include "harness/core/status.h"
#include "models/shadow/runner.h"

namespace rxcheck::models::shadow {

Task Runner::actor(uint8_t number) {
  for (uint16_t i = 0; i < history_->program_operations; ++i)
    if (twin_.op(i).what.actor == number) co_await issue(i);
}

// One operation from its actor's side.
Task Runner::issue(uint16_t self) {
  co_await until(Wait::For::usable, self);
  if (!is_usable(self)) {
    emit(EventKind::skip, self);
    co_return;
  }
  const Operation what = twin_.op(self).what;
  emit(EventKind::call, self);
  if (what.cancelled && !twin_.has(61)) emit(EventKind::cancel, self, self);
  uint32_t value = 0;
  if (what.kind == OpKind::await) {
    co_await until(Wait::For::completed, twin_.op(self).slot);
  } else {
    if (what.kind == OpKind::cancel) value = twin_.op(twin_.op(self).slot).finishes == 0 ? 1 : 0;
    spawn(carry_out(self), self, false);
    co_await until(is_asynchronous(what) ? Wait::For::stuck : Wait::For::over, self);
  }
  emit(EventKind::ret, self, kNoOperation, 0, value);
}

Task Runner::carry_out(uint16_t self) {
  co_await turn();
  switch (twin_.op(self).what.kind) {
    case OpKind::connect:
      co_return co_await connect(self);
    case OpKind::tree:
      co_return co_await tree(self);
    case OpKind::open:
      co_return co_await open(self);
    case OpKind::write:
    case OpKind::read:
    case OpKind::notify:
      co_return co_await io(self);
    case OpKind::close:
      co_return co_await close(self);
    case OpKind::finalize:
    case OpKind::disconnect:
      co_return co_await delete_connection(self);
    case OpKind::finalize_view:
    case OpKind::finalize_root:
      co_return co_await finalize_below(self);
    case OpKind::force_all:
      co_return co_await force_all(self);
    case OpKind::list:
      co_return co_await list(self);
    case OpKind::letters:
    case OpKind::poll:
    case OpKind::raw_add:
    case OpKind::raw_del:
      take_up(self);
      co_return co_await conclude(self);
    case OpKind::teardown:
      co_return co_await teardown(self);
    case OpKind::stop:
      co_return co_await stop(self);
    case OpKind::start:
      co_return co_await start(self);
    case OpKind::tick:
      co_return co_await tick(self);
    case OpKind::cancel:
      co_return co_await cancel(self);
    case OpKind::complete:
      co_return co_await answer(self);
    case OpKind::set_routine:
      co_return co_await set_routine(self);
    case OpKind::reference:
      co_return co_await reference(self);
    case OpKind::dereference:
      co_return co_await dereference(self);
    case OpKind::release:
      co_return co_await release(self);
    default:
      co_return co_await conclude(self);  // ce_cancel
  }
}

// The producer of what the operation uses has got so far that it can be used, or never will.
bool Runner::is_resolved(uint16_t self) {
  const Op& producer = twin_.op(twin_.op(self).slot);
  const bool names_request =
      twin_.op(self).what.kind == OpKind::cancel || produced_by(producer.what) == Resource::request;
  return producer.skipped || producer.returned || (names_request && producer.called != 0);
}

bool Runner::is_usable(uint16_t self) {
  const uint16_t slot = twin_.op(self).slot;
  if (slot == kNobody) return true;
  const Op& producer = twin_.op(slot);
  if (producer.skipped) return false;
  if (twin_.op(self).what.kind == OpKind::cancel || produced_by(producer.what) == Resource::request) return true;
  if (producer.returned_status != status::kSuccess) return false;
  for (uint16_t i = 0; i < twin_.size(); ++i) {
    const Op& other = twin_.op(i);
    const bool consumes = other.what.kind == OpKind::close || other.what.kind == OpKind::dereference;
    if (consumes && other.slot == slot && other.called != 0) return false;
  }
  return true;
}

// IoCancelIrp: no request of its own.
Task Runner::cancel(uint16_t self) {
  const uint16_t request = twin_.op(self).slot;
  const bool cancellable = twin_.op(request).what.kind != OpKind::close || twin_.has(60);
  if (cancellable && twin_.op(request).finishes == 0) co_await cancel_request(request, self);
}

Task Runner::answer(uint16_t self) {
  const uint16_t request = twin_.op(self).slot;
  const bool pending = twin_.op(request).pending;
  emit(EventKind::lookup, self, request, pending ? status::kSuccess : status::kNotFound);
  co_await turn();
  if (pending) co_await end_request(request, status::kSuccess, self);
  co_await conclude(self);
}

Task Runner::set_routine(uint16_t self) {
  const uint16_t request = twin_.op(self).slot;
  const bool pending = twin_.op(request).pending;
  emit(EventKind::lookup, self, request, pending ? status::kSuccess : status::kNotFound);
  co_await turn();
  if (pending) co_await set_on(request, twin_.op(self).what.routine, self);
  co_await conclude(self);
}

Task Runner::reference(uint16_t self) {
  const uint16_t request = twin_.op(self).slot;
  const bool pending = twin_.op(request).pending;
  emit(EventKind::lookup, self, request, pending ? status::kSuccess : status::kNotFound);
  co_await conclude(self);
}

Task Runner::dereference(uint16_t self) {
  emit(EventKind::dereference, self, twin_.op(twin_.op(self).slot).slot);
  co_await conclude(self);
}

// The server answers the connect that it holds, or else the daemon an unmount call that nobody waits for.
Task Runner::release(uint16_t self) {
  const uint8_t connection = twin_.op(self).connection;
  for (uint16_t i = 0; i < twin_.size(); ++i) {
    if (!twin_.op(i).held || twin_.op(i).connection != connection) continue;
    emit(EventKind::released, self, i);
    co_return co_await conclude(self);
  }
  if (connection < kMaxConnections && unmounts_[connection] != 0) {
    --unmounts_[connection];
    emit(EventKind::released, self);
  }
  co_await conclude(self);
}

}  // namespace rxcheck::models::shadow
