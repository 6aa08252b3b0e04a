// SPDX-License-Identifier: Apache-2.0
//
// Views: birth, name, end.
#include "models/reference/machine.h"

namespace rxcheck::models::reference {

bool Machine::on_create_view(OperationState& op, const Event& event) {
  if (on_callout(op)) return true;
  op.asked_view = true;
  ++op.questions;
  if (op.connection >= kMaxConnections || views_.find(event.value) != kNone) return false;
  const uint16_t index = views_.add(event.value);
  if (index == kNone) return false;
  View& view = views_[index];
  view.creator = index_of(op);
  view.connection = op.connection;

  if (op.kind == OpKind::disconnect) {  // C70, variant delete-creates-first
    Choice& choice = choices_.absent_delete[static_cast<size_t>(op.redirector)];
    if (choice == Choice::usual &&
        refuse(70, index_of(op), state_of(view), "the connection is not found, as before", "it was made to be deleted"))
      return true;
    choice = Choice::variant;
  }
  // Whoever builds a view has not found one.
  ConnectionState& connection = connection_of(op);
  if (connection.current == kNone) return false;
  View& current = views_[connection.current];
  if (current.name != Name::uncertain) return false;  // judged when the new view gets the name
  if (choose_name_goes(current, Choice::usual, op)) return true;
  lose_name(current);
  return false;
}

bool Machine::on_finalize_view(const Event& event) {
  const uint16_t index = views_.find(event.value);
  if (index == kNone) return false;
  View& view = views_[index];
  const uint16_t about = at(event.operation) != nullptr ? event.operation : view.creator;
  if (event.status != 0 && refuse(25, about, state_of(view), "ForceDisconnect FALSE", "MRxFinalizeVNetRoot with TRUE"))
    return true;
  if (view.finalized) return refuse(24, about, state_of(view), "no second MRxFinalizeVNetRoot", "it was called again");
  if (view.failed) {  // whether the callout comes for a view that never was is left open
    view.finalized = true;
    return false;
  }
  if (view.name != Name::building && !view.due &&
      refuse(clause_if_early(view, at(event.operation)), about, state_of(view),
             "no MRxFinalizeVNetRoot while something holds the view", "it was called"))
    return true;
  if (view.due) --connection_of(view).due;
  view.due = false;
  view.finalized = true;
  lose_name(view);
  const uint8_t share = connection_of(view).share;
  bool last = true;
  for (uint16_t i = 0; i < views_.size() && last; ++i)
    last = views_[i].finalized || connection_of(views_[i]).share != share;
  if (!last) return false;
  unsigned others = 0;
  for (const ConnectionState& connection : connections_)
    if (connection.share == share) others += connection.in_flight;
  const OperationState* by = at(event.operation);
  if (by != nullptr && by->called != 0 && !by->left && others != 0) --others;
  connections_[share].ended_alone = others == 0;
  if (!connections_[share].root_ended_first) connections_[share].ended = index;
  connections_[share].root_ended_first = false;
  return false;
}

// `value` names the share. Which of the two callouts comes first for its last view is open, and always the same (C26).
bool Machine::on_finalize_net_root(const Event& event) {
  uint8_t share = kMaxConnections;
  for (uint8_t i = 0; i < kMaxConnections; ++i)
    if (shares_[i].serial == event.value && event.value != 0) share = i;
  if (share == kMaxConnections) return false;
  const bool after_view = connections_[share].ended != kNone && connections_[share].ended_alone;
  connections_[share].ended = kNone;
  const View* left = nullptr;
  const View* last = nullptr;
  bool before = false;    // a view has not ended yet
  bool given_up = false;  // a view that nobody has used may be the last
  for (uint16_t i = 0; i < views_.size(); ++i) {
    const View& view = views_[i];
    if (connection_of(view).share != share || view.failed) continue;
    given_up = given_up || view.name == Name::building;
    before = before || !view.finalized;
    if (view.name == Name::building) continue;
    last = &view;
    if (!view.finalized) left = &view;
  }
  if (shares_[share].ended &&
      refuse(26, at(event.operation) != nullptr ? event.operation : (last != nullptr ? last->creator : 0), "",
             "MRxFinalizeNetRoot once for a share", "it was called again"))
    return true;
  shares_[share].ended = true;
  connections_[share].root_ended_first = before;
  if (last == nullptr) return false;
  const View& view = left != nullptr ? *left : *last;
  const uint16_t about = at(event.operation) != nullptr ? event.operation : view.creator;
  if (event.status != 0 && refuse(25, about, state_of(view), "ForceDisconnect FALSE", "MRxFinalizeNetRoot with TRUE"))
    return true;
  const Choice seen = left == nullptr ? Choice::usual : Choice::variant;
  // The share may have ended later than its last view, with one that was not finished.
  if (left == nullptr && (given_up || !after_view)) return false;
  if (choices_.net_root_order == Choice::open) choices_.net_root_order = seen;
  if (choices_.net_root_order == seen) return false;
  return refuse(26, about, state_of(view),
                seen == Choice::usual ? "MRxFinalizeNetRoot before MRxFinalizeVNetRoot, as before"
                                      : "MRxFinalizeNetRoot after MRxFinalizeVNetRoot, as before",
                seen == Choice::usual ? "after it" : "before it");
}

// `op` found or finished the view by name: it carries the connection's name, and no other view does.
bool Machine::take_name(View& view, OperationState& op) {
  ConnectionState& connection = connection_of(view);
  if (connection.current != kNone && connection.current != index_of(view)) {
    View& other = views_[connection.current];
    if (other.name == Name::present && refuse(clause_if_lost(other), index_of(op), state_of(other),
                                              "the view that carries the name", "another view of the same name"))
      return true;
    lose_name(other);
  }
  if (view.name == Name::uncertain && choose_name_goes(view, Choice::variant, op)) return true;
  if (view.name == Name::building) view.named = now_;
  view.name = Name::present;
  connection.current = index_of(view);
  return false;
}

void Machine::hold(View& view) {
  if (view.due) --connection_of(view).due;
  view.due = false;
}

// After something let go of the view: is it over? Its name is uncertain until the callout comes or nobody else is under
// way, because another operation may have looked it up before.
void Machine::settle(View& view) {
  if (view.due || view.finalized || view.name == Name::building) return;
  if (view.files != 0 || view.trees != 0 || view.add_reference) return;
  if (view.dormant != 0) {  // it may be found, and goes when that is closed
    if (view.name == Name::present) view.name = Name::uncertain;
    return;
  }
  view.due = true;
  ++connection_of(view).due;
  if (view.deleted) {
    lose_name(view);
  } else if (view.name == Name::present) {
    view.name = Name::uncertain;
  }
}

void Machine::lose_name(View& view) {
  ConnectionState& connection = connection_of(view);
  if (view.name != Name::absent) connection.name_went = now_;
  view.name = Name::absent;
  if (connection.current == index_of(view)) connection.current = kNone;
}

// C36: a view that was deleted without force while tree handles are left was found (variant), or not (usual).
bool Machine::choose_name_goes(View& view, Choice seen, const OperationState& op) {
  if (!view.deleted || view.forced || view.due) return false;
  if (choices_.name_goes == Choice::open) choices_.name_goes = seen;
  if (choices_.name_goes == seen) return false;
  return refuse(36, index_of(op), state_of(view),
                seen == Choice::usual ? "the name is there until the tree handle closes, as before"
                                      : "the name is gone at once, as before",
                seen == Choice::usual ? "it is gone" : "it is there");
}

bool Machine::is_fresh(const View& view, const OperationState& op) {
  if (view.deleter == kNone) return false;
  const OperationState& deleter = operations_[view.deleter];
  const Moment over = deleter.asynchronous ? deleter.completed : deleter.returned;
  return over != 0 && over < op.called;
}

ClauseId Machine::clause_if_lost(const View& view) const {
  if (view.deleted) return 36;
  if (view.undone_delete) return 39;
  if (view.unforced_finalize) return 44;
  if (view.failed_delete) return view.files == 0 ? 12 : 4;
  if (view.drop_calls != 0) return 29;
  return view.add_reference ? 66 : 24;
}

ClauseId Machine::clause_if_stale(const View& view) const {
  if (view.forced) return 23;
  if (view.deleted && view.trees != 0) return 36;
  if (view.dropped == Dropped::drop_reference) return 29;
  return view.deleted ? 1 : 24;
}

ClauseId Machine::clause_if_early(const View& view, const OperationState* by) const {
  if (view.undone_delete && view.add_reference) return 39;
  if (view.unforced_finalize && view.add_reference) return 44;
  // During a delete, which has its own tree handle open.
  if (by != nullptr && by->kind == OpKind::finalize && by->finalize_seen && by->finishes == 0 && !view.add_reference &&
      !view.raced_deletes)
    return 35;
  if (view.add_reference) return view.failed_delete ? 12 : 66;
  if (view.raced_deletes) return 34;
  if (view.drop_calls > 1) return 31;
  if (view.dropped == Dropped::never) return 24;
  return view.forced && view.deletes < 2 ? 24 : 11;  // two deletes may both have dropped the reference
}

ClauseId Machine::clause_if_overdue(const View& view) const {
  if (view.dropped == Dropped::drop_reference && !view.deleted) return 29;
  if (view.connects > 1 && view.dropped != Dropped::never) return 66;
  return view.forced || view.dropped == Dropped::never ? 24 : 11;
}

}  // namespace rxcheck::models::reference
