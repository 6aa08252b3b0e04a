// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/standings.h"

namespace rxcheck {

void Standings::called(const Operation& op, uint16_t index) {
  standings_[index].called = true;
  if (op.kind == OpKind::close || op.kind == OpKind::dereference)
    standings_[static_cast<size_t>(op.slot)].consumed = true;
}

void Standings::sent(const Operation& op, uint16_t index) {
  if (produced_by(op) == Resource::request) standings_[index].produced = true;
}

void Standings::completed(const Operation& op, uint16_t index, uint32_t status) {
  models::Standing& standing = standings_[index];
  standing.completed = true;
  if (is_asynchronous(op)) standing.held = false;
  if (is_asynchronous(op) || !standing.returned) standing.status = status;
}

void Standings::returned(const Operation& op, uint16_t index, uint32_t status) {
  models::Standing& standing = standings_[index];
  standing.returned = true;
  if (!is_asynchronous(op)) standing.status = status;
  const Resource resource = produced_by(op);
  if (status == 0 && resource != Resource::none && resource != Resource::request) standing.produced = true;
}

uint16_t Standings::told(EventKind kind, uint16_t operation, uint16_t target) {
  if (kind != EventKind::held && kind != EventKind::released) return kNoOperation;
  const uint16_t whose = kind == EventKind::released && target < size() ? target : operation;
  if (whose >= size()) return kNoOperation;
  standings_[whose].held = kind == EventKind::held;
  if (kind == EventKind::held) ++standings_[whose].holds;
  return whose;
}

}  // namespace rxcheck
