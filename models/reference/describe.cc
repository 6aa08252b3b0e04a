// SPDX-License-Identifier: Apache-2.0
//
// States in words. They are part of fingerprints: abstract, without numbers that change when a program shrinks, and
// without the steps between two effects (a routine taken out and not called yet), which a switch more or less changes.
#include <array>
#include <string_view>

#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

constexpr std::array<std::string_view, 8> kRoutineNames = {"none", "A", "B", "?", "?", "?", "?", "?"};

}  // namespace

std::string Machine::state_of(const View& view) const {
  std::string text = "view ";
  if (view.failed) {
    text += "bad";
  } else if (view.finalized) {
    text += "gone";
  } else if (view.orphaned) {
    text += "orphaned";
  } else if (view.deleted) {
    text += "deleted";
  } else if (view.name == Name::building) {
    text += "under construction";
  } else {
    text += view.due ? "over" : "live";
  }
  text += view.add_reference ? " add_ref=1" : " add_ref=0";
  const bool notified = view.live_notifies != 0 || view.cancelled_notifies != 0;
  text += " busy=";
  text += view.files != 0 ? (notified ? "file+notify" : "file") : notified ? "notify" : "none";
  if (view.trees != 0) text += " tree";
  if (view.dormant != 0) text += " dormant";
  return text;
}

std::string Machine::state_of(const OperationState& op) const {
  std::string text = "request ";
  if (op.finishes != 0 || op.completions != 0) {
    text += "decided";
  } else if (op.submit == Submit::accepted && is_pending_kind(op.kind)) {
    text += "pended";
  } else {
    text += op.called != 0 ? "issued" : "not issued";
  }
  if (op.cancelled != 0) text += " cancelled";
  if (!is_pending_kind(op.kind)) return text;
  text += " routine=";
  text += kRoutineNames[op.registered & 7];
  return text;
}

std::string Machine::describe() const {
  std::string text;
  for (uint16_t i = 0; i < views_.size(); ++i) {
    const View& view = views_[i];
    if (view.finalized || view.failed) continue;
    if (!text.empty()) text += "; ";
    text += "#" + std::to_string(view.serial) + " " + state_of(view);
  }
  for (size_t i = 0; i < operations_.size(); ++i) {
    const OperationState& op = operations_[i];
    if (op.called == 0 || op.returned == 0 || !op.asynchronous || op.completions != 0) continue;
    if (!text.empty()) text += "; ";
    text += "operation " + std::to_string(i + 1) + " " + state_of(op);
  }
  return text.empty() ? "nothing is left" : text;
}

}  // namespace rxcheck::models::reference
