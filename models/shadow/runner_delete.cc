// SPDX-License-Identifier: Apache-2.0
//
// Deletes of connections, whole or in part.
#include "harness/core/status.h"
#include "models/shadow/runner.h"

namespace rxcheck::models::shadow {

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

// When it goes down without being told is open: here it stays.
void Runner::take_down(uint16_t self) {
  const uint32_t number = twin_.transport(twin_.op(self).connection);
  if (number != 0) emit(EventKind::transport_down, self, kNoOperation, 0, number);
}

Task Runner::teardown(uint16_t self) {
  if (!twin_.has(72)) take_down(self);
  co_await conclude(self);
}

}  // namespace rxcheck::models::shadow
