// SPDX-License-Identifier: Apache-2.0
//
// Whether a delete without force finds the view busy, and how it says so.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

bool counts_files(const View& view) { return view.files != 0 && !view.orphaned; }

}  // namespace

bool Machine::must_be_busy(const View& view, const OperationState& op) const {
  if (counts_files(view)) return true;
  if (op.level == Level::drop_reference && in_force_.has(Variant::ff_ignores_notify)) return false;
  if (!in_force_.has(Variant::notify_without_routine_ignored)) return view.live_notifies != 0;
  for (uint16_t i = view.first_request; i != kNone; i = operations_[i].next) {
    const OperationState& request = operations_[i];
    if (request.kind == OpKind::notify && request.cancelled == 0 && request.registered != 0) return true;
  }
  return false;
}

// What was being cancelled or decided, or became dormant, while the delete was under way may have been in use when it
// looked.
bool Machine::may_be_busy(const View& view, const OperationState& op) const {
  if (must_be_busy(view, op)) return true;
  if (view.dormant != 0 && (view.dormant_since > op.called || in_force_.has(Variant::no_purge_before_busy)))
    return true;
  if (op.level == Level::drop_reference && in_force_.has(Variant::ff_ignores_notify)) return false;
  return view.live_notifies != 0 || view.cancelled_notifies != 0 || view.notify_decided > op.called;
}

// Whether the view was busy. A notification that is being cancelled, or was decided while the delete was under way, may
// count.
bool Machine::judge_busy(const View& view, const OperationState& op, uint32_t answer) {
  const bool files = counts_files(view);
  const bool drops = op.level == Level::drop_reference;
  const bool must = must_be_busy(view, op);

  if (is_busy(answer) && may_be_busy(view, op)) return judge_busy_status(op, answer);
  if (answer == status::kSuccess && !must) return choose_others_files(view, op, false);
  ClauseId clause = view.orphaned && view.files != 0 ? 16 : 1;  // orphans do not count
  if (is_busy(answer) && clause == 1 && view.dormant != 0) clause = 10;
  if (is_busy(answer) && clause == 1 && others_have_files(view)) {
    if (choose_others_files(view, op, true)) return true;
    if (choices_.others_files == Choice::variant || !clauses_.has(13)) return judge_busy_status(op, answer);
  }
  if (files) {
    clause = drops ? 28 : clause_if_files_do_not_count(index_of(view));
  } else if (must && drops) {
    clause = 30;
  } else if (must) {
    clause = 6;
    for (uint16_t i = view.first_request; i != kNone; i = operations_[i].next)
      if (operations_[i].kind == OpKind::notify && operations_[i].registered != 0) clause = 5;
  }
  return refuse(clause, index_of(op), state_of(view), must ? "busy (FILES_OPEN or CONNECTION_IN_USE)" : "SUCCESS",
                status::name_of(answer));
}

// C13: nothing of its own keeps the view busy, but files are open through other views of its share.
bool Machine::choose_others_files(const View& view, const OperationState& op, bool busy) {
  const uint16_t self = index_of(view);
  if (!busy && (view.orphaned || !owns_files_of_others(self, true))) return false;
  const bool may_be_variant = !busy || owns_files_of_others(self, false);
  const Choice seen = busy ? Choice::variant : Choice::usual;
  if (choices_.others_files == Choice::open && may_be_variant) choices_.others_files = seen;
  if (choices_.others_files == seen && may_be_variant) return false;
  return refuse(13, index_of(op), state_of(view),
                busy ? "SUCCESS: the files that are open belong to another view" : "busy, as before for a first opener",
                busy ? "busy" : "SUCCESS");
}

// A level that the page does not explain: not forced, or refused (C27).
bool Machine::judge_other_level(const View& view, const OperationState& op, uint32_t answer) {
  const bool must = must_be_busy(view, op);
  const bool refused = answer == status::kInvalidParameter;
  bool as_not_forced = is_busy(answer) ? may_be_busy(view, op) : answer == status::kSuccess && !must;
  if (!as_not_forced && is_busy(answer) && owns_files_of_others(index_of(view), false) &&
      choices_.others_files != Choice::usual) {
    choices_.others_files = Choice::variant;
    as_not_forced = true;
  }
  const Choice seen = refused ? Choice::variant : Choice::usual;
  if (choices_.other_level == Choice::open && (refused || as_not_forced)) choices_.other_level = seen;
  if (choices_.other_level == seen && (refused || as_not_forced)) return false;
  return refuse(27, index_of(op), state_of(view),
                choices_.other_level == Choice::variant ? "INVALID_PARAMETER, as before"
                : must                                  ? "busy, as without force"
                                                        : "SUCCESS, as without force",
                status::name_of(answer));
}

bool Machine::judge_busy_status(const OperationState& op, uint32_t answer) {
  const ConnectionState& connection = connection_of(op);
  const bool steady = connection.opens == 0 && connection.deletes <= 1 && connection.open_or_delete_ended < op.called;
  if (!steady) return false;
  const Choice seen = answer == status::kFilesOpen ? Choice::usual : Choice::variant;
  if (choices_.busy_status == Choice::open) choices_.busy_status = seen;
  if (choices_.busy_status == seen) return false;
  return refuse(3, index_of(op), op.view == kNone ? "" : state_of(views_[op.view]),
                seen == Choice::usual ? "CONNECTION_IN_USE, as before" : "FILES_OPEN, as before",
                status::name_of(answer));
}

}  // namespace rxcheck::models::reference
