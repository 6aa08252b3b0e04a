// SPDX-License-Identifier: Apache-2.0
//
// The pass that keeps every operation and makes it plainer.
#include <algorithm>

#include "harness/shrink/passes.h"

namespace rxcheck::passes {

namespace {

// Edits of one operation towards the plainest of its kind. Each does nothing to an operation that is plain already.
using Edit = void (*)(Operation&);
constexpr Edit kEdits[] = {
    [](Operation& op) { op.expected.reset(); },
    [](Operation& op) { op.hold = false; },
    [](Operation& op) { op.bare = false; },
    [](Operation& op) { op.sync = false; },
    [](Operation& op) { op.cancelled = false; },
    [](Operation& op) { op.retry = false; },
    [](Operation& op) { op.transport = false; },
    [](Operation& op) { op.nowait = false; },
    [](Operation& op) { op.redirector = Redirector::own; },
    [](Operation& op) {
      if (op.level == Level::other) op.level = Level::forced;
    },
    [](Operation& op) { op.level = Level::not_forced; },
    [](Operation& op) { op.connection = 0; },
    [](Operation& op) {
      if (op.leftover) op.path = 0;
      op.leftover = false;
    },
    [](Operation& op) { op.path = 0; },
    [](Operation& op) { op.length = 0; },
    [](Operation& op) {
      if (op.routine > Routine::a) op.routine = Routine::a;
    },
    [](Operation& op) { op.asynchronous = false; },
    [](Operation& op) { op.directory = false; },
    [](Operation& op) { op.keep = false; },
    [](Operation& op) { op.seconds = op.seconds > 10 ? 10 : op.seconds; },
    [](Operation& op) { op.seconds = op.seconds > 1 ? 1 : op.seconds; },
};

bool try_edit(Trial& trial, Case& current, Edit edit, size_t first, size_t last) {
  Case candidate = current;
  for (size_t i = first; i < last; ++i) edit(candidate.program.operations[i]);
  if (candidate.program == current.program || why_invalid(candidate.program) || !trial.exact(candidate)) return false;
  current = std::move(candidate);
  return true;
}

// No refused allocation, or an earlier one.
bool ration_memory(Trial& trial, Case& current) {
  bool plainer = false;
  const auto try_number = [&](uint32_t number) {
    Case candidate = current;
    candidate.program.low_memory = number;
    if (number >= current.program.low_memory || !trial.exact(candidate)) return false;
    current = std::move(candidate);
    return plainer = true;
  };
  if (try_number(0) || try_number(1)) return true;  // the first is of a kind that every request makes
  for (uint32_t step = current.program.low_memory / 2; step != 0; step /= 2)
    while (current.program.low_memory > step && try_number(current.program.low_memory - step)) {
    }
  return plainer;
}

// Without a variant that the finding does not need.
bool drop_variants(Trial& trial, Case& current) {
  bool plainer = false;
  for (unsigned i = 0; i < kVariants; ++i) {
    Case candidate = current;
    candidate.program.variants.remove(static_cast<Variant>(i));
    if (candidate.program == current.program || !trial.exact(candidate)) continue;
    current = std::move(candidate);
    plainer = true;
  }
  return plainer;
}

}  // namespace

bool make_plainer(Trial& trial, Case& current) {
  bool plainer = ration_memory(trial, current);
  plainer = drop_variants(trial, current) || plainer;
  const size_t count = current.program.operations.size();
  for (const Edit edit : kEdits) {
    if (try_edit(trial, current, edit, 0, count)) {
      plainer = true;
      continue;
    }
    for (size_t i = 0; i < count; ++i) plainer = try_edit(trial, current, edit, i, i + 1) || plainer;
  }
  for (size_t i = 0; i < current.program.connections.size(); ++i) {
    Case candidate = current;
    candidate.program.connections[i].session = 1;
    if (candidate.program == current.program || why_invalid(candidate.program) || !trial.exact(candidate)) continue;
    current = std::move(candidate);
    plainer = true;
  }
  Case lean = without_unused_names(current);
  if (lean.program != current.program && trial.exact(lean)) {
    current = std::move(lean);
    plainer = true;
  }
  return plainer;
}

}  // namespace rxcheck::passes
