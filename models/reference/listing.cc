// SPDX-License-Identifier: Apache-2.0
//
// Who looks a connection up and reports what it found.
#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

bool Machine::on_missing(OperationState& op) {
  op.missing = true;
  if (op.kind == OpKind::disconnect) {
    cover_missing(op);
    Choice& choice = choices_.absent_delete[static_cast<size_t>(op.redirector)];
    if (choice == Choice::variant &&
        refuse(70, index_of(op), "", "the connection is made first, as before", "it was not found"))
      return true;
    choice = Choice::usual;
  }
  ConnectionState& connection = connection_of(op);
  if (connection.current == kNone) return false;
  View& view = views_[connection.current];
  if (view.name == Name::uncertain) {
    if (!view.deleted) return false;
    if (choose_name_goes(view, Choice::usual, op)) return true;
    lose_name(view);
    return false;
  }
  if (view.named > op.called) return false;  // its lookup may be older than the view's name
  return refuse(clause_if_lost(view), index_of(op), state_of(view), "the connection is found", "it is missing");
}

void Machine::on_list(OperationState& op) {
  op.must_show = op.may_show = kNone;
  op.listed_deleted = false;
  const ConnectionState& connection = connection_of(op);
  if (connection.current == kNone) return;
  const View& view = views_[connection.current];
  (view.name == Name::present ? op.must_show : op.may_show) = connection.current;
  op.listed_deleted = view.deleted;
}

bool Machine::judge_list(OperationState& op, const Event& event) {
  const uint16_t self = index_of(op);
  const bool showed = event.status == status::kSuccess;
  if (op.start_cancelled || op.not_started || (!showed && event.status != status::kNotFound)) return false;

  if (!showed) {
    if (op.must_show != kNone) {
      const View& view = views_[op.must_show];
      return refuse(clause_if_lost(view), self, state_of(view), "the connection is in the list", "it is not");
    }
    // A view deleted after the list was read shows nothing of when names go (C36).
    if (op.may_show == kNone || !op.listed_deleted) return false;
    View& view = views_[op.may_show];
    if (choose_name_goes(view, Choice::usual, op)) return true;
    if (view.name == Name::uncertain && view.deleted) lose_name(view);
    return false;
  }

  const uint16_t index = views_.find(event.value);
  if (index == kNone) return false;
  View& view = views_[index];
  if (view.connection != op.connection && connection_of(view).alike == connection_of(op).alike)
    return refuse(clause_if_foreign(view, op), self, state_of(view), "no view of another logon session",
                  "it is listed");
  if (is_left_over(view) && operations_[view.creator].finished < op.called && connection_of(op).in_flight == 0)
    return refuse(68, self, state_of(view), "nothing is left of the connect that was refused", "it is listed");
  if (index == op.must_show || view.name == Name::building) return false;
  if (index == op.may_show) {
    if (!op.listed_deleted) return false;
    if (choose_name_goes(view, Choice::variant, op)) return true;
    if (view.name == Name::uncertain && view.deleted) view.name = Name::present;
    return false;
  }
  if (view.named > op.called) return false;  // it was under construction when the list was read
  // ...or a connect held it that was refused later (C68).
  if (view.named == 0 && connection_of(op).name_went > op.called) return false;
  return refuse(clause_if_stale(view), self, state_of(view), "the view is no longer in the list", "it is");
}

}  // namespace rxcheck::models::reference
