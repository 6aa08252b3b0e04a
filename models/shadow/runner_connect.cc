// SPDX-License-Identifier: Apache-2.0
//
// Connects and trees: a name looked up or built, servers and shares with it, and how a view ends.
#include "harness/core/status.h"
#include "models/shadow/runner.h"

namespace rxcheck::models::shadow {

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

}  // namespace rxcheck::models::shadow
