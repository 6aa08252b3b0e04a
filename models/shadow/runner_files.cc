// SPDX-License-Identifier: Apache-2.0
//
// Files: opens, I/O, closes, and what a delayed close leaves.
#include "harness/core/status.h"
#include "models/shadow/runner.h"

namespace rxcheck::models::shadow {

Task Runner::open(uint16_t self) {
  bool again = twin_.op(self).what.retry;  // the server answers SHARING_VIOLATION
  if (take_up(self)) {
    co_await attempt(self, again);
    if (again) {
      emit(EventKind::reinitialize, self);
      again = false;
      co_await attempt(self, again);
    }
  }
  co_await conclude(self);
}

// One attempt to open. `refused`: whether the server refuses this time; then, whether it has.
Task Runner::attempt(uint16_t self, bool& refused) {
  uint16_t view = kNobody;
  co_await turn();
  co_await find_or_build(self, view);
  if (view == kNobody) {
    refused = false;
    co_return;
  }
  co_await turn();
  emit_at_view(EventKind::open, self, view);
  twin_.unpin(twin_.view(view));
  co_await turn();
  const bool acquired = emit(EventKind::acquire, self).status == status::kSuccess;
  if (acquired) {
    co_await turn();
    const uint16_t shared = twin_.shareable(twin_.op(self));
    if (shared != kNobody) {
      emit_at_view(EventKind::collapse, self, view, shared);
      co_await turn();
      emit_at_view(EventKind::collapse_open, self, view);
      refused = false;
      co_return;
    }
    emit_at_view(EventKind::create, self, view);
    if (!refused && twin_.op(self).what.hold) {
      co_await turn();
      emit(EventKind::held, self);
      co_await until(Wait::For::released, self);
    }
  }
  if (!acquired || refused || twin_.op(self).denied) {
    co_await turn();
    emit_at_view(EventKind::unopen, self, view);
    co_await bury(self, view);
    co_await turn();
  }
  refused = refused && acquired;
}

// write, read and notify.
Task Runner::io(uint16_t self) {
  const OpKind kind = twin_.op(self).what.kind;
  if (!take_up(self)) co_return co_await conclude(self);
  co_await turn();
  const bool accepted = emit(EventKind::submit, self, twin_.op(self).slot).status == status::kSuccess;
  co_await turn();
  if (kind != OpKind::write && accepted && twin_.op(self).cancelled != 0 && !twin_.has(51))
    co_return co_await end_request(self, status::kCancelled, self);
  if (accepted || twin_.has(17))
    emit(kind == OpKind::write  ? EventKind::low_io_write
         : kind == OpKind::read ? EventKind::low_io_read
                                : EventKind::low_io_notify,
         self);
  if (kind == OpKind::write || !accepted || twin_.op(self).what.sync) co_return co_await conclude(self);
  co_await turn();
  if (!twin_.op(self).what.bare) co_await set_on(self, Routine::a, self);
}

Task Runner::close(uint16_t self) {
  const uint16_t handle = twin_.op(self).slot;
  const bool file = twin_.op(handle).what.kind == OpKind::open;
  take_up(self);
  co_await turn();
  emit(EventKind::cleanup, self, handle);
  for (uint16_t notify; (notify = twin_.next_notify(handle)) != kNobody;) co_await cancel_request(notify, self);
  if (file) emit(EventKind::cleanup_fobx, self);
  co_await conclude(self);

  co_await until(Wait::For::idle_handle, handle);
  take_up(self);
  co_await turn();
  const uint16_t view = twin_.op(handle).view;
  if (file && twin_.may_delay_close(twin_.op(handle))) {
    emit_at_view(EventKind::dormant, self, view, handle);
    if (!timer_armed_) timer_due_ = seconds_ + kScavengerSeconds;
    timer_armed_ = true;
    co_return co_await conclude(self);
  }
  if (file && (twin_.op(handle).server_open == kNobody || twin_.op(twin_.op(handle).server_open).users <= 1)) {
    emit(EventKind::close_srv_open, self);
    co_await turn();
  }
  emit_at_view(file ? EventKind::close : EventKind::tree_close, self, view, handle);
  co_await bury(self, view);
  co_await conclude(self);
}

// Closes what is dormant, on a view or anywhere.
Task Runner::scavenge(uint16_t self, uint16_t view) {
  for (uint16_t open; (open = twin_.dormant_on(view)) != kNobody;) {
    const uint16_t on = twin_.op(open).view;
    emit_at_view(EventKind::scavenge, self, on, open);
    co_await turn();
    emit(EventKind::close_srv_open, self);
    co_await turn();
    co_await bury(self, on);
  }
}

Task Runner::tick(uint16_t self) {
  seconds_ += twin_.op(self).what.seconds;
  if (!timer_armed_ || seconds_ < timer_due_ || twin_.has(9)) co_return;
  co_await turn();
  co_await scavenge(self, kNobody);
  timer_armed_ = false;
}

// Marks the request cancelled and calls the routine that was set; the routine ends the request.
Task Runner::cancel_request(uint16_t request, uint16_t by) {
  const uint8_t owed_before = twin_.op(request).owed;
  emit(EventKind::cancel, by, request);
  const uint8_t taken = twin_.op(request).owed;
  co_await turn();
  if (taken == 0 || owed_before != 0) co_return;
  emit(EventKind::cancel_routine, kNoOperation, request);
  co_await turn();
  co_await end_request(request, status::kCancelled, by);
}

// Whoever comes first decides.
Task Runner::end_request(uint16_t request, uint32_t status, uint16_t by) {
  if (twin_.op(request).finishes != 0 && !twin_.has(53)) co_return;
  emit(EventKind::finish, by, request, status);
  co_await turn();
  emit(EventKind::completed, request);
}

Task Runner::set_on(uint16_t request, Routine routine, uint16_t by) {
  const auto value = static_cast<uint32_t>(routine);
  emit(EventKind::set_enter, by, request, 0, value);
  co_await turn();
  emit(EventKind::set, by, request, 0, value);
  co_await turn();
  const uint32_t status = emit(EventKind::set_leave, by, request).status;
  if (status == status::kCancelled && !twin_.has(48)) co_await end_request(request, status::kCancelled, by);
}

}  // namespace rxcheck::models::shadow
