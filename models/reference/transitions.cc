// SPDX-License-Identifier: Apache-2.0
//
// Transitions of the model: what each event met. One is the kind of operation with its level, the event with its
// status, and the state of the view and of the request concerned just before, as coarse as describe.cc puts them into
// words. Which operation, connection or view it was is left out.
#include "harness/core/random.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

uint64_t bits_of(const View& view) {
  uint64_t bits = 1;  // there is one
  if (view.failed) {
    bits |= 1u << 1;
  } else if (view.finalized) {
    bits |= 2u << 1;
  } else if (view.orphaned) {
    bits |= 3u << 1;
  } else if (view.deleted) {
    bits |= 4u << 1;
  } else if (view.name == Name::building) {
    bits |= 5u << 1;
  }
  bits |= uint64_t{view.add_reference} << 4;
  bits |= uint64_t{view.files != 0} << 5;
  bits |= uint64_t{view.trees != 0} << 6;
  bits |= uint64_t{view.dormant != 0} << 7;
  bits |= uint64_t{view.first_request != kNone} << 8;
  return bits;
}

uint64_t bits_of(const OperationState& request) {
  uint64_t bits = request.finishes != 0 || request.completions != 0                     ? 1
                  : request.submit == Submit::accepted && is_pending_kind(request.kind) ? 2
                                                                                        : 0;
  bits |= uint64_t{request.cancelled != 0} << 2;
  bits |= uint64_t{request.registered != 0} << 3;
  bits |= uint64_t{request.owed != 0} << 4;
  bits |= uint64_t{request.called_routine != 0} << 5;
  bits |= uint64_t{request.sets_entered != 0} << 6;
  return bits;
}

}  // namespace

void Machine::note_transition(const Event& event) {
  const uint16_t concerned = event.target != kNoOperation ? event.target : event.operation;
  const OperationState* op = at(event.operation);
  const OperationState* request = at(concerned);
  if (op == nullptr || request == nullptr) return;
  const View* view = op->view != kNone ? &views_[op->view] : view_of_handle(*request);
  uint64_t transition = static_cast<uint64_t>(event.kind) | static_cast<uint64_t>(op->kind) << 8 |
                        static_cast<uint64_t>(op->level) << 16 | static_cast<uint64_t>(op->asynchronous) << 24;
  transition = mix64(transition) ^ event.status;
  transition = mix64(transition) ^ ((view == nullptr ? 0 : bits_of(*view)) << 16 | bits_of(*request));
  transitions_.push_back(mix64(transition));
}

}  // namespace rxcheck::models::reference
