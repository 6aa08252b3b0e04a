// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

uint16_t Twin::find(uint32_t serial) const {
  for (size_t i = views_.size(); i-- > 0;)
    if (views_[i].serial == serial) return static_cast<uint16_t>(i);
  return kNobody;
}

uint16_t Twin::named(uint8_t connection) const {
  for (size_t i = views_.size(); i-- > 0;)
    if (views_[i].connection == connection && views_[i].named) return static_cast<uint16_t>(i);
  return kNobody;
}

std::vector<uint16_t> Twin::named_on_share(uint8_t connection) const {
  std::vector<uint16_t> found;
  for (uint16_t i = 0; i < views_.size(); ++i)
    if (views_[i].named && same_share(views_[i].connection, connection)) found.push_back(i);
  return found;
}

bool Twin::root_was_finalized() const {
  return std::ranges::any_of(ops_,
                             [](const Op& op) { return op.what.kind == OpKind::finalize_root && op.called != 0; });
}

uint16_t Twin::building(uint8_t connection) const {
  for (size_t i = views_.size(); i-- > 0;)
    if (views_[i].connection == connection && views_[i].building) return static_cast<uint16_t>(i);
  return kNobody;
}

bool Twin::is_daemons(uint8_t connection) const {
  return connection < program_->connections.size() &&
         program_->connections[connection].remote.starts_with("\\\\daemon");
}

bool Twin::is_over(const View& view) const {
  if (view.building) return false;
  return (view.references <= 0 && view.pins == 0) || (has(24) && view.orphaned);
}

bool Twin::is_held(uint16_t view) const {
  return std::ranges::any_of(
      ops_, [view](const Op& op) { return op.what.kind == OpKind::open && op.held && op.view == view; });
}

void Twin::unpin(View& view) {
  --view.pins;
  if (is_over(view)) view.named = false;
}

bool Twin::is_deleting(uint8_t connection, const Op& but) const {
  return std::ranges::any_of(ops_, [&](const Op& op) {
    return is_delete(op.what.kind) && &op != &but && op.connection == connection && op.called != 0 &&
           op.completions == 0;
  });
}

void Twin::fill_list(Op& op) {
  const uint16_t index = named(op.connection);
  op.answer = index == kNobody ? status::kNotFound : status::kSuccess;
  op.serial = index == kNobody ? 0 : views_[index].serial;
  // While something is being built or goes, a lookup that no event shows may make the difference.
  op.unsure = building(op.connection) != kNobody;
  for (const View& view : views_)
    if (view.connection == op.connection && !view.gone && view.references <= 0) op.unsure = true;
}

// Effects on views, and the callouts that belong to them.
void Twin::fill_view_effect(Op& op, Made& made) {
  const Event& event = made.event;
  if (event.kind == EventKind::missing) {
    op.answer = has(70) && op.what.kind == OpKind::disconnect ? status::kSuccess : status::kBadNetworkPath;
    return;
  }
  if (event.kind == EventKind::cleanup && has(18) && op.slot != kNobody && ops_[op.slot].view != kNobody &&
      views_[ops_[op.slot].view].orphaned) {
    op.answer = status::kFileClosed;
    return;
  }
  const bool on_view =
      event.kind == EventKind::connect || event.kind == EventKind::tree || event.kind == EventKind::open ||
      event.kind == EventKind::unopen || event.kind == EventKind::close || event.kind == EventKind::tree_close ||
      event.kind == EventKind::finalize || event.kind == EventKind::unconnect || event.kind == EventKind::orphan;
  if (!on_view) return;
  const uint16_t index = find(event.value);
  made.possible = index != kNobody && !views_[index].gone &&
                  (views_[index].connection == op.connection || op.what.kind == OpKind::force_all);
  made.clause = index != kNobody && views_[index].failed ? 64 : 24;
  if (index == kNobody) return;
  View& view = views_[index];

  switch (event.kind) {
    case EventKind::connect:
    case EventKind::tree:
    case EventKind::open:
      op.view = index;
      op.answer = op.denied && event.kind == EventKind::open ? status::kAccessDenied : status::kSuccess;
      if (op.refused) made.possible = false;
      op.serial = view.serial;
      view.named = !view.deleted && !view.gone;  // a lookup under way may have kept it
      view.building = false;
      ++view.references;
      if (event.kind != EventKind::open) ++view.trees;
      if (event.kind == EventKind::open) {
        op.first_view = first_view_of(op);
        op.unsure = false;  // again, if it is the second attempt
        op.opened = true;
        ++view.files;
      }
      if (event.kind == EventKind::connect) op.took_at = ++view.connects;
      if (event.kind == EventKind::connect && (!view.additional || has(66))) {
        view.additional = op.took_reference = true;
        view.going = false;
        ++view.references;
      }
      break;
    case EventKind::unopen:
      op.opened = false;
      op.users = 0;
      if (op.answer == status::kSuccess || (op.cancelled != 0 && op.answer != status::kCancelled)) op.unsure = true;
      --view.files;
      --view.references;
      break;
    case EventKind::close:
      --view.files;
      --view.references;
      if (event.target < ops_.size()) {
        Op& handle = ops_[event.target];
        handle.closed = true;
        if (handle.server_open != kNobody && ops_[handle.server_open].users != 0) --ops_[handle.server_open].users;
      }
      break;
    case EventKind::orphan:
      if (view.additional) --view.references;
      view.additional = view.named = false;
      view.orphaned = !has(Variant::orphan_stub);
      view.deleted = view.forced = true;
      break;
    case EventKind::unconnect:
      if (view.additional) --view.references;
      view.additional = false;
      break;
    case EventKind::tree_close:
      --view.references;
      if (--view.trees == 0 && view.going) {
        view.deleted = true;
        view.named = false;
      }
      if (op.what.kind == OpKind::close && op.slot != kNobody) ops_[op.slot].closed = true;
      break;
    default:
      op.view = index;
      op.finalized = true;
      if (is_held(index)) made.possible = false, made.clause = 40;
      finalize(op, view);
      break;
  }
  if (is_over(view) && !(has(32) && view.dropped_busy)) view.named = false;
}

// Through which view the FCB of the path was made that `open` is about to use.
uint16_t Twin::first_view_of(const Op& open) const {
  for (const Op& other : ops_)
    if (other.opened && !other.closed && other.what.path == open.what.path &&
        same_share(other.connection, open.connection))
      return other.first_view;
  return open.view;
}

}  // namespace rxcheck::models::shadow
