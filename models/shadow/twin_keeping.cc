// SPDX-License-Identifier: Apache-2.0
//
// Opens that share what is open on the server, and closes that are delayed. The SRV_OPEN is known by the open that made
// it: there its users are counted.
#include <algorithm>

#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

bool Twin::can_share(const Op& open, const Op& made) const {
  return open.what.keep && made.what.keep && (made.users != 0 || made.dormant) && made.opened &&
         made.view == open.view && made.what.path == open.what.path && made.what.directory == open.what.directory &&
         !views_[made.view].orphaned;
}

// Of opens that are not over it is not known whether the server has answered.
uint16_t Twin::shareable(const Op& open) const {
  for (uint16_t i = 0; i < ops_.size(); ++i)
    if (ops_[i].finishes != 0 && can_share(open, ops_[i])) return i;
  return kNobody;
}

// Whether the open must share: with what is dormant, or in the hands of somebody who does not close it. (When a close
// that is not delayed takes effect, no event tells.)
bool Twin::must_share(const Op& open) const {
  for (uint16_t i = 0; i < ops_.size(); ++i) {
    if (ops_[i].finishes == 0 || !can_share(open, ops_[i])) continue;
    if (ops_[i].dormant) return true;
    for (uint16_t k = 0; k < ops_.size(); ++k) {
      const Op& handle = ops_[k];
      if (handle.what.kind != OpKind::open || handle.server_open != i || !handle.opened || handle.closed) continue;
      const bool closing = std::ranges::any_of(
          ops_, [k](const Op& op) { return op.what.kind == OpKind::close && op.slot == k && op.called != 0; });
      if (!closing) return true;
    }
  }
  return false;
}

uint16_t Twin::dormant_on(uint16_t view) const {
  for (uint16_t i = 0; i < ops_.size(); ++i)
    if (ops_[i].dormant && (view == kNobody || ops_[i].view == view)) return i;
  return kNobody;
}

bool Twin::may_delay_close(const Op& handle) const {
  if (state_ != kStarted || !handle.what.keep || handle.server_open == kNobody || ops_[handle.server_open].users != 1)
    return false;
  if (views_[handle.view].orphaned || views_[handle.view].deleted) return false;  // nobody would find it again
  unsigned delayed = 0;
  for (const Op& op : ops_) delayed += op.dormant && same_server(op.connection, handle.connection);
  return delayed < kMaxCloseDelayed;
}

void Twin::wake(Op& server_open) {
  View& view = views_[server_open.view];
  server_open.dormant = false;
  --view.dormant;
  --view.references;
  if (is_over(view)) view.named = false;
}

// create, collapse, close_srv_open, dormant.
void Twin::fill_keeping(Op& op, Made& made) {
  const Event& event = made.event;
  switch (event.kind) {
    case EventKind::create:
      if (op.view == kNobody) return;
      made.possible = !must_share(op);
      op.server_open = event.operation;
      op.users = 1;
      return;
    case EventKind::collapse: {
      made.possible = event.target < ops_.size() && op.view != kNobody && can_share(op, ops_[event.target]);
      if (!made.possible) return;
      Op& server_open = ops_[event.target];
      op.server_open = event.target;
      server_open.users += 1;
      if (server_open.dormant) wake(server_open);
      return;
    }
    case EventKind::close_srv_open:
      // Not those that a scavenger or delete calls for what was dormant, on whichever operation's thread.
      if (op.what.kind == OpKind::close && op.finishes != 0 && op.slot != kNobody &&
          ops_[op.slot].server_open != kNobody)
        ops_[ops_[op.slot].server_open].users = 0;
      return;
    default: {
      if (event.target >= ops_.size()) return;
      Op& handle = ops_[event.target];
      made.possible = handle.opened && !handle.closed && may_delay_close(handle);
      made.clause = 18;
      if (!made.possible) return;
      handle.closed = true;
      View& view = views_[handle.view];
      --view.files;
      ++view.dormant;
      Op& server_open = ops_[handle.server_open];
      server_open.users = 0;
      server_open.dormant = true;
      server_open.dormant_since = now_;
      server_open.idle_seconds = 0;
      return;
    }
  }
}

}  // namespace rxcheck::models::shadow
