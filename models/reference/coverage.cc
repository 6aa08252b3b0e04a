// SPDX-License-Identifier: Apache-2.0
//
// Which cells of the coverage matrix (models/coverage.h) a delete reaches, in terms of the reference's state.
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

Lifetime lifetime_of(const View& view) {
  if (view.orphaned) return Lifetime::orphaned;
  if (view.deleted) return Lifetime::deleted;
  if (view.files != 0) return view.add_reference ? Lifetime::referenced_files : Lifetime::unreferenced_files;
  // One tree handle is the delete's own.
  if (view.trees > 1) return view.add_reference ? Lifetime::referenced_trees : Lifetime::unreferenced_trees;
  return view.add_reference ? Lifetime::referenced_idle : Lifetime::unreferenced_idle;
}

Window window_of(const OperationState& request) {
  if (request.called_routine != 0) return Window::cancelled_called;
  if (request.owed != 0) return Window::cancelled_owed;
  if (request.cancelled != 0) return Window::cancelled_no_routine;
  if (request.sets_entered != 0) return Window::setting;
  return request.registered != 0 ? Window::routine : Window::no_routine;
}

}  // namespace

void Machine::cover_finalize(const View& view, const OperationState& op) {
  const Lifetime lifetime = lifetime_of(view);
  if (view.first_request == kNone) {
    const Window window = view.notify_decided > op.called ? Window::decided : Window::none;
    cells_.set(models::index_of({op.level, lifetime, window}));
  }
  for (uint16_t i = view.first_request; i != kNone; i = operations_[i].next)
    cells_.set(models::index_of({op.level, lifetime, window_of(operations_[i])}));
}

void Machine::cover_missing(const OperationState& op) {
  Lifetime lifetime = connection_of(op).name_went > op.called ? Lifetime::just_gone : Lifetime::absent;
  for (uint16_t i = 0; i < views_.size(); ++i)
    if (views_[i].connection == op.connection && views_[i].name == Name::building) lifetime = Lifetime::given_up;
  cells_.set(models::index_of({op.level, lifetime, Window::none}));
}

}  // namespace rxcheck::models::reference
