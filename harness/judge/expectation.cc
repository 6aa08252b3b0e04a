// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/expectation.h"

#include <algorithm>

#include "harness/core/status.h"

namespace rxcheck {

namespace {

// The result that counts for `operation`: what it returned, or what its request completed with if that is what is
// expected.
std::optional<Unmet> compare(const History& history, uint16_t operation, uint32_t expected) {
  Unmet unmet{operation, history.events.size(), status::name_of(expected), "no result"};
  for (size_t i = 0; i < history.events.size(); ++i) {
    const Event& event = history.events[i];
    if (event.operation != operation) continue;
    if (event.kind == EventKind::skip) {
      unmet.event = i;
      unmet.observed = "not issued";
    } else if (event.kind == EventKind::ret ||
               (event.kind == EventKind::completed && is_asynchronous(history.program.operations[operation]))) {
      if (event.status == expected) return std::nullopt;
      unmet.event = i;
      unmet.observed = status::name_of(event.status);
    }
  }
  return unmet;
}

}  // namespace

std::optional<Unmet> unmet_expectation(const History& history) {
  const auto& operations = history.program.operations;
  const size_t count = std::min<size_t>(history.program_operations, operations.size());
  for (size_t i = 0; i < count; ++i) {
    if (!operations[i].expected) continue;
    if (auto unmet = compare(history, static_cast<uint16_t>(i), *operations[i].expected)) return unmet;
  }
  return std::nullopt;
}

}  // namespace rxcheck
