// SPDX-License-Identifier: Apache-2.0
#include "harness/core/status.h"
#include "models/shadow/runner.h"

namespace rxcheck::models::shadow {

// False if the request was cancelled before: it only has to be concluded.
bool Runner::take_up(uint16_t self) { return emit(EventKind::start, self).status == status::kSuccess; }

// The result, as the effects determine it.
Task Runner::conclude(uint16_t self) {
  co_await turn();
  emit(EventKind::finish, self, self);
  co_await turn();
  emit(EventKind::completed, self);
}

// The view that carries the connection's name, once nobody builds it, or kNobody. `failed`: it was waited for, and
// ended Bad.
Task Runner::look_up(uint16_t self, uint16_t& found, bool& failed) {
  const OpKind kind = twin_.op(self).what.kind;
  const uint8_t foreign = kind == OpKind::connect || kind == OpKind::open ? 69 : 100;
  const uint8_t own = twin_.op(self).connection;
  const uint8_t connection = twin_.has(foreign) ? twin_.route(own).alike : own;
  const unsigned failures = twin_.route(connection).failures;
  co_await until_stable(connection);
  found = twin_.named(connection);
  failed = found == kNobody && twin_.route(connection).failures != failures;
  if (failed && twin_.has(64)) found = twin_.route(connection).last_failed;
}

// Leaves a view pinned that carries the connection's name or is under construction for it; kNobody if there is none, or
// the request was cancelled meanwhile.
Task Runner::find_or_build(uint16_t self, uint16_t& found) {
  bool failed = false;
  co_await look_up(self, found, failed);
  if (found != kNobody) {
    ++twin_.view(found).pins;
    co_return;
  }
  if (failed) co_return;
  const bool conflicted = twin_.op(self).conflicted;
  co_await build(self, found);
  if (twin_.op(self).conflicted != conflicted) {
    co_await turn();
    co_return co_await find_or_build(self, found);
  }
  if (found == kNobody || twin_.op(self).cancelled == 0 || !adds_connection(twin_.op(self).what)) co_return;
  co_await abandon(self, found);
}

// Lets go of a view that was found or built: nobody finds one that only this line held.
Task Runner::abandon(uint16_t self, uint16_t& view) {
  const uint16_t mine = view;
  view = kNobody;
  twin_.view(mine).building = false;
  twin_.unpin(twin_.view(mine));
  co_await bury(self, mine);
}

// The server, the share and the view, as far as they are not there; found: the view, pinned and under construction.
Task Runner::build(uint16_t self, uint16_t& found) {
  const uint8_t connection = twin_.op(self).connection;
  Place& server = twin_.server(connection);
  Place& share = twin_.share(connection);
  Route& route = twin_.route(connection);
  found = kNobody;
  if (server.bad || share.bad) co_return;
  route.builder = self;
  const bool makes_share = share.users++ == 0 || twin_.has(63);
  const bool makes_server = (makes_share && share.users == 1 && server.users++ == 0) || twin_.has(63);
  share.building = share.building || makes_share;
  if (makes_server) co_await ask_server(self);
  if (makes_share)
    co_await until(Wait::For::server, connection);
  else
    co_await until(Wait::For::share, connection);
  if (!server.bad && !share.bad) co_await ask_view(self, makes_share);

  route.builder = kNobody;
  const uint16_t view = twin_.op(self).asked_view ? twin_.building(connection) : kNobody;
  const bool conflict = route.conflicts && !twin_.op(self).conflicted;
  const bool good = !server.bad && !share.bad && !conflict && route.view_status == 0;
  if (good) {
    found = view;
    ++twin_.view(found).pins;
    co_return;
  }
  ++route.failures;
  route.last_failed = view;
  if (makes_share) share.building = false;
  emit(EventKind::bad, self, kNoOperation, 0, view == kNobody ? twin_.next_serial() : twin_.view(view).serial);
  leave_share(self, connection);
}

Task Runner::ask_server(uint16_t self) {
  const uint8_t connection = twin_.op(self).connection;
  const bool bad = twin_.route(connection).server_status != 0;
  emit(EventKind::create_srv_call, self, kNoOperation, 0, twin_.next_place_serial());
  if (!bad && twin_.transport(connection) == 0)
    emit(EventKind::transport_up, self, kNoOperation, 0, twin_.next_transport());
  co_await wait_for_answer(self, bad);
  twin_.server(connection).bad = bad;
}

Task Runner::ask_view(uint16_t self, bool makes_share) {
  const uint8_t connection = twin_.op(self).connection;
  if (makes_share) {
    twin_.share(connection).building = false;  // the event says so
    emit(EventKind::create_net_root, self, kNoOperation, 0, twin_.next_place_serial());
  }
  emit(EventKind::create_v_net_root, self, kNoOperation, 0, twin_.next_serial());
  co_await wait_for_answer(self, true);
  twin_.share(connection).bad = twin_.route(connection).share_status != 0;
}

// `withheld`: the question whose answer a held connect waits for.
Task Runner::wait_for_answer(uint16_t self, bool withheld) {
  co_await turn();
  if (withheld && (twin_.op(self).what.hold || twin_.is_daemons(twin_.op(self).connection))) {
    emit(EventKind::held, self);
    co_await until(Wait::For::released, self);
    co_await turn();
  }
  emit(EventKind::answered, self);
  if (twin_.has(65)) emit(EventKind::answered, self);
}

// A view or its construction is over: the share goes with the last one, the server with its last share.
void Runner::leave_share(uint16_t self, uint8_t connection) {
  Place& server = twin_.server(connection);
  Place& share = twin_.share(connection);
  if (--share.users != 0) return;
  if (twin_.has(45) && twin_.root_was_finalized()) return;
  if (share.there) emit(EventKind::finalize_net_root, self, kNoOperation, 0, share.serial);
  share.bad = false;
  if (--server.users != 0 && !twin_.has(38)) return;
  if (server.there) spawn(finalize_server(self, server.serial), kNobody, false);
  server.there = server.bad = false;
}

// Some time after the name went.
Task Runner::finalize_server(uint16_t self, uint32_t serial) {
  co_await turn();
  emit(EventKind::finalize_srv_call, self, kNoOperation, 0, serial);
}

// Calls MRxFinalizeVNetRoot if the view is over and no other line is about to.
Task Runner::bury(uint16_t self, uint16_t view) {
  if (!twin_.is_over(twin_.view(view)) || twin_.view(view).burying) co_return;
  twin_.view(view).burying = true;
  co_await turn();
  const uint8_t connection = twin_.view(view).connection;
  const Place& share = twin_.share(connection);
  const bool always = twin_.has(Variant::net_root_first);
  const bool first = (twin_.has(26) || always) && share.users == 1 && share.there && (always || share.serial % 4 < 2);
  if (first) emit(EventKind::finalize_net_root, self, kNoOperation, 0, share.serial);
  if (twin_.is_daemons(twin_.view(view).connection)) ++unmounts_[twin_.view(view).connection];
  emit_at_view(EventKind::finalize_v_net_root, self, view);
  leave_share(self, connection);
}

// A tree handle and the add-connection reference; kNobody if the request was cancelled meanwhile.
Task Runner::connect_to(uint16_t self, uint16_t& view) {
  for (;;) {
    co_await turn();
    co_await find_or_build(self, view);
    if (view != kNobody && twin_.op(self).what.leftover && !twin_.view(view).failed) {
      co_await turn();
      const uint32_t status =
          twin_.op(self).cancelled != 0
              ? status::kCancelled
              : emit(EventKind::is_valid_directory, self, kNoOperation, 0, twin_.view(view).serial).status;
      co_await turn();
      if ((status != status::kSuccess && !twin_.has(68)) || twin_.op(self).cancelled != 0) co_await abandon(self, view);
    }
    if (view == kNobody) co_return;
    if (twin_.view(view).named || twin_.view(view).building || twin_.view(view).failed) break;
    twin_.unpin(twin_.view(view));  // deleted meanwhile
    co_await bury(self, view);
  }
  emit_at_view(EventKind::connect, self, view);
  twin_.unpin(twin_.view(view));
}

Task Runner::connect(uint16_t self) {
  uint16_t view = kNobody;
  if (take_up(self)) co_await connect_to(self, view);
  if (view != kNobody) {
    co_await turn();
    emit_at_view(EventKind::tree_close, self, view);
    co_await bury(self, view);
  }
  co_await conclude(self);
}

Task Runner::tree(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    uint16_t view = kNobody;
    co_await find_tree(self, view);
  }
  co_await conclude(self);
}

// A tree handle on the connection that there is, or kNobody.
Task Runner::find_tree(uint16_t self, uint16_t& view) {
  bool failed = false;
  co_await look_up(self, view, failed);
  if (view != kNobody)
    emit_at_view(EventKind::tree, self, view);
  else if (!failed)
    emit(EventKind::missing, self);
}

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

// When it goes down without being told is open: here it stays.
void Runner::take_down(uint16_t self) {
  const uint32_t number = twin_.transport(twin_.op(self).connection);
  if (number != 0) emit(EventKind::transport_down, self, kNoOperation, 0, number);
}

Task Runner::teardown(uint16_t self) {
  if (!twin_.has(72)) take_down(self);
  co_await conclude(self);
}

Task Runner::stop(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    if (twin_.state() == kStopping) co_return co_await conclude(self);  // another was faster
    emit(EventKind::state, self, kNoOperation, 0, kStopping);
    co_await until(Wait::For::alone, self);
    co_await scavenge(self, kNobody);
    emit(EventKind::state, self, kNoOperation, 0, kStartable);
  }
  co_await conclude(self);
}

Task Runner::start(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    if (twin_.state() == kStartable) emit(EventKind::state, self, kNoOperation, 0, kStarted);
  }
  co_await conclude(self);
}

// finalize and disconnect.
Task Runner::delete_connection(uint16_t self) {
  if (!take_up(self)) co_return co_await conclude(self);
  co_await turn();
  if (twin_.op(self).what.kind == OpKind::finalize) {
    co_await finalize(self, twin_.op(twin_.op(self).slot).view);
    co_return co_await conclude(self);
  }
  uint16_t view = kNobody;
  if (twin_.op(self).what.redirector == Redirector::own)
    co_await find_tree(self, view);
  else
    co_await connect_to(self, view);
  if (view != kNobody) {
    co_await turn();
    if (twin_.op(self).what.redirector == Redirector::nfs41)
      emit(EventKind::share_busy, self, kNoOperation, 0, twin_.view(view).serial);
    if (!twin_.op(self).tested_busy) co_await finalize(self, view);
    co_await turn();
    if (twin_.op(self).what.transport && twin_.op(self).answer == status::kSuccess && !twin_.has(37)) take_down(self);
    // What did not delete takes back what it added to delete.
    const Op& op = twin_.op(self);
    if (!op.finalized && op.took_reference && twin_.view(view).additional && twin_.view(view).connects == op.took_at) {
      emit_at_view(EventKind::unconnect, self, view);
      co_await turn();
    }
    emit_at_view(EventKind::tree_close, self, view);
    co_await bury(self, view);
  }
  co_await conclude(self);
}

// RxFinalizeConnection.
Task Runner::finalize(uint16_t self, uint16_t view) {
  const Level level = twin_.op(self).what.level;
  const bool forced = level == Level::forced;
  const bool endures = twin_.has(Variant::never_cancelled);
  const bool nowait = twin_.op(self).what.nowait && !endures;
  if (level == Level::other && twin_.has(Variant::refuses_other_levels)) {
    twin_.op(self).answer = status::kInvalidParameter;
    co_return;
  }
  if (!forced && !twin_.has(10) && !twin_.has(Variant::no_purge_before_busy)) {
    if (nowait && twin_.dormant_on(view) != kNobody) {  // closing on the server is waiting (C39)
      twin_.op(self).answer = status::kLockNotGranted;
      co_return;
    }
    co_await scavenge(self, view);
  }
  co_await turn();
  if (level == Level::not_forced && twin_.has(Variant::fails_rather_than_waits) && twin_.is_held(view) &&
      !twin_.view(view).orphaned) {
    twin_.op(self).answer = twin_.has(Variant::in_use_steady) ? status::kConnectionInUse : status::kFilesOpen;
    co_return;
  }
  if (!twin_.has(40)) {
    if (!nowait) {
      co_await until(Wait::For::free_fcbs, view);
    } else if (twin_.is_held(view)) {
      twin_.op(self).answer = status::kLockNotGranted;
      co_return;
    }
  }
  if (twin_.op(self).cancelled != 0 && !twin_.has(39) && !endures) co_return;
  emit_at_view(EventKind::finalize, self, view);
  co_await turn();
  const bool failed = twin_.op(self).answer != status::kSuccess;
  if (forced || (failed && twin_.has(Variant::failed_delete_cancels)))
    for (uint16_t request; (request = twin_.next_victim(view)) != kNobody;) co_await cancel_request(request, self);
  if (forced) co_await scavenge(self, view);
  co_await bury(self, view);
}

// RxFinalizeVNetRoot and RxFinalizeNetRoot through a tree handle: without force they change nothing.
Task Runner::finalize_below(uint16_t self) {
  const Op& op = twin_.op(self);
  const uint16_t view = twin_.op(op.slot).view;
  if (!take_up(self)) co_return co_await conclude(self);
  co_await turn();
  if (op.what.level == Level::forced) emit_at_view(EventKind::orphan, self, view);
  if (op.what.kind == OpKind::finalize_view && twin_.has(44)) twin_.view(view).named = false;
  co_await conclude(self);
}

Task Runner::force_all(uint16_t self) {
  if (!take_up(self)) co_return co_await conclude(self);
  co_await turn();
  uint16_t found = kNobody;
  co_await find_tree(self, found);
  if (found == kNobody) co_return co_await conclude(self);
  co_await turn();
  const std::vector<uint16_t> views = twin_.named_on_share(twin_.op(self).connection);
  if (twin_.has(Variant::force_all_cancels))
    for (const uint16_t view : views)
      for (uint16_t request; (request = twin_.next_victim(view)) != kNobody;) co_await cancel_request(request, self);
  for (const uint16_t view : views)
    if (view == found || !twin_.has(43)) emit_at_view(EventKind::orphan, self, view);
  for (const uint16_t view : views) co_await bury(self, view);
  co_await turn();
  emit_at_view(EventKind::tree_close, self, found);
  co_await bury(self, found);
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

Task Runner::list(uint16_t self) {
  if (take_up(self)) {
    co_await turn();
    emit(EventKind::list, self);
  }
  co_await conclude(self);
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
