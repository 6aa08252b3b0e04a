// SPDX-License-Identifier: Apache-2.0
//
// Results: which status a request may end with, by what took effect before. What a delete answers is judged where it
// takes effect (finalize.cc), lists and the operations that never wait where they return (lines.cc).
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

// The statuses that say "there is no such connection".
bool is_not_found(uint32_t status) {
  return status == status::kBadNetworkPath || status == status::kBadNetworkName || status == status::kNotFound;
}

}  // namespace

bool Machine::judge_result(OperationState& op, uint32_t status) {
  if (op.kind == OpKind::close && status == status::kCancelled)
    return wrong_result(60, op, "SUCCESS: cleanup and close cannot be cancelled", status);
  const bool too_late = op.kind == OpKind::stop && !op.changed_state;  // another stop was faster
  if (!too_late && op.not_started != (status == status::kRedirectorNotStarted))
    return wrong_result(73, op, op.not_started ? "REDIRECTOR_NOT_STARTED" : "its own result: it was taken up", status);
  if (op.not_started) return false;
  // The status of `set` is that of RxSetMinirdrCancelRoutine and speaks of another request.
  if (status == status::kCancelled && op.cancelled == 0 && op.kind != OpKind::set_routine && !op.finalize_seen)
    return wrong_result(is_delete(op.kind) ? 39 : 53, op, "its own result: it was not cancelled", status);
  if (status == status::kInsufficientResources && op.low_memory) return judge_low_memory_result(op, status);
  switch (op.kind) {
    case OpKind::connect:
      return judge_connect_result(op, status);
    case OpKind::open:
      return judge_open_result(op, status);
    case OpKind::tree:
    case OpKind::force_all:
      return judge_tree_result(op, status);
    case OpKind::write:
    case OpKind::read:
    case OpKind::notify:
      return judge_io_result(op, status);
    case OpKind::finalize:
    case OpKind::disconnect:
      return judge_delete_result(op, status);
    case OpKind::poll:
      return status != status::kSuccess && wrong_result(53, op, "SUCCESS", status);
    case OpKind::letters:
      return judge_letters_result(op, status);
    case OpKind::raw_add:
    case OpKind::raw_del:
      return judge_raw_result(op, status);
    case OpKind::stop:
      return judge_stop_result(op, status);
    case OpKind::start:
      return judge_start_result(op, status);
    case OpKind::close: {
      const View* view = view_of_handle(op);
      return status != status::kSuccess &&
             wrong_result(view != nullptr && view->orphaned ? 18 : 53, op, "SUCCESS", status);
    }
    default:
      return status == status::kInsufficientResources && op.kind != OpKind::teardown &&
             wrong_result(53, op, "its own result: no allocation was refused for it", status);
  }
}

// An allocation was refused and the operation failed for it, as the pages of RxCreateRxContext and of the create
// routines allow. Then it has changed nothing. Nothing is said of a cleanup or a close: they cannot fail.
bool Machine::judge_low_memory_result(OperationState& op, uint32_t status) {
  if (op.kind == OpKind::close) return wrong_result(18, op, "SUCCESS: a handle can always be closed", status);
  const bool took_effect =
      op.connected || op.got_tree || (op.opened && !op.unopened) || op.finalize_seen || op.changed_state;
  return took_effect && wrong_result(53, op, "its own result: it took effect", status);
}

bool Machine::judge_connect_result(OperationState& op, uint32_t status) {
  if (op.connected) return status != status::kSuccess && wrong_result(53, op, "SUCCESS: it took effect", status);
  if (status == status::kCancelled || (op.denied && status == status::kAccessDenied)) return false;
  if (status != status::kSuccess && (may_fail_lookup(op, status) || ends_badly(op, status))) return false;
  if (is_in_vain(connection_of(op)) && !op.bad)
    return wrong_result(67, op, "BAD_NETWORK_PATH: its server or share is Bad", status);
  if (op.denied) return wrong_result(68, op, "ACCESS_DENIED, as the server says of the path", status);
  const ClauseId clause = connection_of(op).ce_cancelled > op.called ? 71 : 53;
  return wrong_result(clause, op, "a connection, or CANCELLED if it was cancelled", status);
}

bool Machine::judge_open_result(OperationState& op, uint32_t status) {
  const bool has_handle = op.opened && !op.unopened;
  if (status == status::kSuccess) {
    if (op.acquire_cancelled) return wrong_result(52, op, "CANCELLED: it did not acquire its FCB", status);
    if (op.denied) return wrong_result(53, op, "ACCESS_DENIED, as the server answered", status);
    return !has_handle && wrong_result(53, op, "an error: no handle was made", status);
  }
  if (has_handle) return wrong_result(53, op, "SUCCESS: the handle is counted", status);
  if (op.denied && status == status::kAccessDenied) return false;
  if (status == status::kCancelled || may_fail_lookup(op, status) || ends_badly(op, status)) return false;
  const View* view = op.view == kNone ? nullptr : &views_[op.view];
  if (view != nullptr && view->orphaned && status == status::kUnexpectedNetworkError) return false;
  if (is_in_vain(connection_of(op)) && !op.bad)
    return wrong_result(67, op, "BAD_NETWORK_PATH: its server or share is Bad", status);
  return wrong_result(view != nullptr && view->failed_delete ? 4 : 53, op,
                      op.denied ? "ACCESS_DENIED, as the server answered" : "SUCCESS", status);
}

bool Machine::judge_tree_result(OperationState& op, uint32_t status) {
  if (op.got_tree) return status != status::kSuccess && wrong_result(53, op, "SUCCESS: it took effect", status);
  if (status == status::kCancelled || may_fail_lookup(op, status) || ends_badly(op, status)) return false;
  return !(op.missing && is_not_found(status)) && wrong_result(53, op, "not found, as it was missing", status);
}

bool Machine::judge_io_result(OperationState& op, uint32_t status) {
  const View* view = view_of_handle(op);
  const bool orphaned = view != nullptr && view->orphaned;
  switch (op.submit) {
    case Submit::orphaned:
      return status != status::kUnexpectedNetworkError && status != status::kCancelled &&
             wrong_result(17, op, "UNEXPECTED_NETWORK_ERROR", status);
    case Submit::cancelled:
      return status != status::kCancelled && wrong_result(51, op, "CANCELLED", status);
    case Submit::none:
      if (status == status::kCancelled || (orphaned && status == status::kUnexpectedNetworkError)) return false;
      return wrong_result(op.cancelled != 0 ? 51
                          : orphaned        ? 17
                                            : 53,
                          op, "no success: it was never submitted", status);
    case Submit::accepted:
      break;
  }
  if (status == status::kSuccess) return false;
  if (is_pending_kind(op.kind) && status == status::kCancelled) return false;
  if (op.kind == OpKind::notify && status == status::kNotifyCleanup && op.cancelled != 0) return false;
  return wrong_result(view != nullptr && view->failed_delete ? 4 : 53, op, "SUCCESS", status);
}

bool Machine::judge_delete_result(OperationState& op, uint32_t status) {
  if (op.finalize_seen) return false;
  if (op.share_busy) return !is_busy(status) && wrong_result(2, op, "FILES_OPEN, as the share was busy", status);
  if (status == status::kCancelled || status == status::kLockNotGranted) {
    if (status == status::kLockNotGranted && !op.nowait)
      return wrong_result(39, op, "its own result: it may wait", status);
    if (View* view = view_of_delete(op)) view->undone_delete = true;
    return false;
  }
  if (op.level == Level::other && status == status::kInvalidParameter) {
    if (choices_.other_level == Choice::usual) return wrong_result(27, op, "as without force, as before", status);
    choices_.other_level = Choice::variant;
    return false;
  }
  if (op.missing) return !is_not_found(status) && wrong_result(70, op, "a not-found status", status);
  if (op.kind == OpKind::disconnect && (may_fail_lookup(op, status) || ends_badly(op, status))) return false;
  if (is_busy(status) && (op.level != Level::forced || op.redirector != Redirector::own))
    return judge_busy_untold(op, status);
  if (op.level == Level::other) return wrong_result(27, op, "an error: nothing was deleted", status);
  return wrong_result(53, op, "an error: nothing was deleted", status);
}

// A delete that found out on its own that something is open, without an effect: then something was, at some time since
// it was called.
bool Machine::judge_busy_untold(OperationState& op, uint32_t status) {
  const View* view = view_of_delete(op);
  if (view == nullptr) return false;
  const bool open = view->files != 0 || view->live_notifies != 0 || view->cancelled_notifies != 0 ||
                    view->file_ended > op.called || view->notify_decided > op.called ||
                    (view->dormant != 0 && in_force_.has(Variant::no_purge_before_busy));
  return !open && wrong_result(1, op, "SUCCESS: nothing is open", status);
}

bool Machine::wrong_result(ClauseId clause, const OperationState& op, std::string expected, uint32_t status) {
  return refuse(clause, index_of(op), state_of(op), std::move(expected), status::name_of(status));
}

// Whether a lookup may have ended in a view that was given up under it: a connect that was cancelled, or (for all but
// connect) one that was deleted.
bool Machine::may_fail_lookup(const OperationState& op, uint32_t status) {
  if (!is_not_found(status)) return false;
  const ConnectionState& connection = connection_of(op);
  if (connection.cancelled_connects != 0 || connection.cancelled_connect_ended > op.called) return true;
  return op.kind != OpKind::connect && connection.name_went > op.called;
}

}  // namespace rxcheck::models::reference
