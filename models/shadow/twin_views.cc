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

// Whether files of the share are open, as a delete of nfs41's kind asks. Certain only if none is being opened or
// closed.
void Twin::fill_share_busy(Op& op, Made& made) {
  const uint16_t index = find(made.event.value);
  made.possible = index != kNobody;
  if (index == kNobody) return;
  bool busy = false;
  bool settled = false;
  for (const View& view : views_)
    busy = busy || (view.files != 0 && same_share(view.connection, views_[index].connection));
  for (uint16_t i = 0; i < ops_.size(); ++i) {
    const Op& file = ops_[i];
    if (file.what.kind != OpKind::open || !file.opened || !file.returned || file.closed) continue;
    const View& view = views_[file.view];
    if (view.orphaned || !same_share(view.connection, views_[index].connection)) continue;
    settled = settled || std::ranges::none_of(ops_, [&](const Op& other) {
                return other.slot == i && other.called != 0 && other.what.kind == OpKind::close;
              });
  }
  made.clause = busy ? 2 : 1;
  if (settled || !busy) made.event.status = busy ? status::kFilesOpen : status::kSuccess;
  op.answer = made.event.status;
  op.tested_busy = op.answer != status::kSuccess;
}

bool Twin::notifies_count(uint16_t index) const {
  for (const uint16_t request : outstanding_) {
    const Op& op = ops_[request];
    if (op.what.kind == OpKind::notify && op.view == index &&
        (op.registered != 0 || !(has(6) || has(Variant::notify_without_routine_ignored))))
      return true;
  }
  return false;
}

// Through which view the FCB of the path was made that `open` is about to use.
uint16_t Twin::first_view_of(const Op& open) const {
  for (const Op& other : ops_)
    if (other.opened && !other.closed && other.what.path == open.what.path &&
        same_share(other.connection, open.connection))
      return other.first_view;
  return open.view;
}

// NumberOfFobxs, as the faults about files of some kind count it.
bool Twin::files_count(uint16_t index) const {
  if (!has(7) && !has(8) && !has(13) && !has(14)) return views_[index].files != 0 && !(has(33) && views_[index].done);
  for (const Op& op : ops_) {
    if (!op.opened || op.closed) continue;
    if (has(7) && op.what.directory) continue;
    if (has(8) && program_->paths[op.what.path] == "\\") continue;
    if (has(14) && op.first_view != op.view) continue;
    if (op.view == index || (has(13) && same_share(op.connection, views_[index].connection))) return true;
  }
  return false;
}

// Whether a file of another view of the share is open; `first`: that this view was the first to open. Where opens and
// closes overlap, effects do not tell that (variant first-opener-owns-fcb).
bool Twin::others_count(uint16_t index, bool first) const {
  return std::ranges::any_of(ops_, [&](const Op& op) {
    return op.opened && !op.closed && op.view != index && (!first || op.first_view == index) &&
           same_share(op.connection, views_[index].connection);
  });
}

void Twin::finalize(Op& op, View& view) {
  const bool forced = op.what.level == Level::forced;
  const bool drops = op.what.level == Level::drop_reference;
  const bool other = op.what.level == Level::other && has(27);  // as if it said TRUE
  const bool files = (files_count(op.view) || view.dormant != 0) && !view.orphaned && !has(drops ? 28 : 2);
  const bool owner = has(Variant::first_opener_owns_fcb) && !view.orphaned;
  const bool ignored = drops && has(Variant::ff_ignores_notify);
  const bool notifies = !ignored && notifies_count(op.view) && !has(drops ? 30 : 5);
  bool busy =
      forced ? files && has(15) : ((files || notifies || (owner && others_count(op.view, true))) && !other) || has(1);

  // A notification that is being cancelled or was just decided may or may not have been counted.
  if (!forced && !other && !files && !told_.empty()) {
    bool open_question = !ignored && view.notify_decided > op.called;
    for (const uint16_t request : outstanding_)
      if (!ignored && ops_[request].view == op.view && ops_[request].cancelled != 0) open_question = true;
    if (owner && others_count(op.view, false)) open_question = true;
    const auto& [told, answer] = told_[static_cast<size_t>(&op - ops_.data())];
    if (open_question && told) busy = answer != status::kSuccess;
  }

  op.answer = !busy                                                       ? status::kSuccess
              : (has(3) && view.files > 1) || has(Variant::in_use_steady) ? status::kConnectionInUse
                                                                          : status::kFilesOpen;
  if (!busy || (drops && !has(29)) || has(12)) drop_reference(view, op, !busy);
  if (busy && drops) view.dropped_busy = true;
  if (has(35) && op.what.kind == OpKind::finalize) --view.references;
  if (forced) {
    view.orphaned = !has(16) && (view.orphaned || !has(Variant::orphan_stub));
    view.deleted = !has(23);
    view.forced = true;
  } else if (!busy && has(Variant::name_goes_with_the_handle) && !view.deleted) {
    view.going = true;
  } else if (!busy ? !(has(36) && drops) && !has(33) : has(4)) {
    view.deleted = true;
  }
  view.done = view.done || !busy;
  view.named = view.named && !view.deleted;
}

void Twin::drop_reference(View& view, const Op& op, bool succeeded) {
  if (!view.additional && has(34) && is_deleting(op.connection, op)) --view.references;
  if (view.additional || (has(31) && op.what.level == Level::drop_reference)) --view.references;
  if (view.additional && has(11) && succeeded && op.what.level == Level::not_forced) --view.references;
  view.additional = false;
}

uint16_t Twin::next_victim(uint16_t view) const {
  for (const uint16_t request : outstanding_) {
    const Op& candidate = ops_[request];
    if (candidate.cancelled != 0 || (candidate.view != view && !has(20))) continue;
    if (candidate.what.kind == OpKind::notify && has(19)) continue;
    if (candidate.what.kind == OpKind::read && (has(22) || has(Variant::cancels_notify_only))) continue;
    return request;
  }
  return kNobody;
}

uint16_t Twin::next_notify(uint16_t handle) const {
  for (const uint16_t request : outstanding_) {
    const Op& candidate = ops_[request];
    if (candidate.cancelled == 0 && candidate.slot == handle && candidate.what.kind == OpKind::notify && !has(62))
      return request;
  }
  return kNobody;
}

}  // namespace rxcheck::models::shadow
