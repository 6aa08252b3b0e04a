// SPDX-License-Identifier: Apache-2.0
//
// Deletes: what keeps a view, what they take, which requests they cancel.
#include <algorithm>

#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {

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
