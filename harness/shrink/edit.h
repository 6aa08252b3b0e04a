// SPDX-License-Identifier: Apache-2.0
//
// Edits of a program that carry its schedule along. A choice is named by actor and ordinal, so removing or moving an
// operation renames the lines of those behind it; a choice whose line is gone is dropped. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "harness/core/program.h"
#include "harness/core/schedule.h"

namespace rxcheck {

// What is shrunk: a program and the schedule under which it fails.
struct Case {
  Program program;
  Schedule schedule;
};

// For every operation of the old program its index in the new one, or kGone.
inline constexpr int kGone = -1;
using Placement = std::vector<int>;

// Whether `next` is made by the line that `choice` goes to.
bool leads_to(const Choice& choice, const Choice& next);

// The schedule of `before` in the terms of `after`.
Schedule remap(const Schedule& schedule, const Program& before, const Program& after, const Placement& placement);

// Without the marked operations and those that depend on them; `remove` then marks these too.
Case without_operations(const Case& from, std::vector<bool>& remove);

// Operation order[0] comes first, and so on. Nothing if a resource would be used before it is produced.
std::optional<Case> in_order(const Case& from, std::span<const size_t> order);

// Operation i is done by actors[i]; the order of the list stays.
Case with_actors(const Case& from, std::span<const uint8_t> actors);

// Actors numbered 1, 2, ... without gaps, in the old order.
Case with_dense_actors(const Case& from);

// Without the connections and paths that no operation uses.
Case without_unused_names(const Case& from);

}  // namespace rxcheck
