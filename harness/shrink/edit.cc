// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/edit.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace rxcheck {

namespace {

// Finds the new name of a line.
class LineMap {
 public:
  LineMap(const Program& before, const Program& after, const Placement& placement) {
    for (size_t i = 0; i < before.operations.size(); ++i) {
      const uint8_t actor = before.operations[i].actor;
      std::optional<Line> moved;
      if (placement[i] != kGone) {
        const auto to = static_cast<size_t>(placement[i]);
        moved = Line{after.operations[to].actor, false, static_cast<uint16_t>(ordinal_in_actor(after, to))};
        auto& home = homes_[actor];
        if (home == 0 || moved->actor == actor) home = moved->actor;
      }
      lines_[actor].push_back(moved);
    }
  }

  std::optional<Line> operator()(Line line) const {
    if (line.actor == 0 || line.actor > kMaxActors) return line;
    if (line.operation == 0) {
      if (homes_[line.actor] == 0) return std::nullopt;
      line.actor = homes_[line.actor];
      return line;
    }
    const auto& lines = lines_[line.actor];
    if (line.operation > lines.size() || !lines[line.operation - 1u]) return std::nullopt;
    const uint8_t worker = line.worker;
    line = *lines[line.operation - 1u];
    line.worker = worker;
    return line;
  }

 private:
  std::array<std::vector<std::optional<Line>>, kMaxActors + 1> lines_;
  std::array<uint8_t, kMaxActors + 1> homes_{};  // where the actor's own line is now; 0: nowhere
};

Placement identity(size_t count) {
  Placement placement(count);
  std::iota(placement.begin(), placement.end(), 0);
  return placement;
}

template <typename T, typename Member>
void drop_unused(std::vector<T>& names, std::vector<Operation>& operations, Member index,
                 bool (*uses)(const Operation&)) {
  std::vector<uint8_t> renamed(names.size(), 0);
  std::vector<T> kept;
  for (size_t i = 0; i < names.size(); ++i) {
    const bool used = std::ranges::any_of(operations, [&](const Operation& op) { return uses(op) && op.*index == i; });
    renamed[i] = static_cast<uint8_t>(kept.size());
    if (used) kept.push_back(std::move(names[i]));
  }
  for (Operation& op : operations)
    if (uses(op)) op.*index = renamed[op.*index];
  names = std::move(kept);
}

}  // namespace

bool leads_to(const Choice& choice, const Choice& next) {
  return choice.to.worker == next.at.line.worker && choice.to.actor == next.at.line.actor &&
         (!choice.to.worker || choice.to.operation == next.at.line.operation);
}

Schedule remap(const Schedule& schedule, const Program& before, const Program& after, const Placement& placement) {
  const LineMap map(before, after, placement);
  Schedule result;
  for (size_t i = 0; i < schedule.choices.size(); ++i) {
    Choice choice = schedule.choices[i];
    const auto at = map(choice.at.line);
    auto to = map(choice.to);
    // To a line that is gone: then to where that one went.
    for (size_t next = i + 1; !to && next < schedule.choices.size() && leads_to(choice, schedule.choices[next]);
         ++next) {
      choice.to = schedule.choices[next].to;
      to = map(choice.to);
    }
    if (!at || !to) continue;
    const bool same_line = to->worker ? *to == *at : !at->worker && at->actor == to->actor;
    if (same_line) continue;
    choice.at.line = *at;
    choice.to = *to;
    result.choices.push_back(std::move(choice));
  }
  return result;
}

Case without_operations(const Case& from, std::vector<bool>& remove) {
  Case result;
  result.program = without(from.program, remove);
  Placement placement;
  int next = 0;
  for (const bool gone : remove) placement.push_back(gone ? kGone : next++);
  result.schedule = remap(from.schedule, from.program, result.program, placement);
  return result;
}

std::optional<Case> in_order(const Case& from, std::span<const size_t> order) {
  Case result{from.program, {}};
  Placement placement(order.size());
  for (size_t i = 0; i < order.size(); ++i) placement[order[i]] = static_cast<int>(i);
  for (size_t i = 0; i < order.size(); ++i) {
    Operation& op = result.program.operations[i] = from.program.operations[order[i]];
    if (op.slot != kNoSlot) op.slot = placement[static_cast<size_t>(op.slot)];
  }
  if (why_invalid(result.program)) return std::nullopt;
  result.schedule = remap(from.schedule, from.program, result.program, placement);
  return result;
}

Case with_actors(const Case& from, std::span<const uint8_t> actors) {
  Case result{from.program, {}};
  for (size_t i = 0; i < actors.size(); ++i) result.program.operations[i].actor = actors[i];
  result.schedule = remap(from.schedule, from.program, result.program, identity(actors.size()));
  return result;
}

Case with_dense_actors(const Case& from) {
  std::array<bool, kMaxActors + 1> used{};
  for (const Operation& op : from.program.operations) used[op.actor] = true;
  std::array<uint8_t, kMaxActors + 1> number{};
  uint8_t next = 0;
  for (size_t actor = 1; actor <= kMaxActors; ++actor)
    if (used[actor]) number[actor] = ++next;
  std::vector<uint8_t> actors;
  for (const Operation& op : from.program.operations) actors.push_back(number[op.actor]);
  return with_actors(from, actors);
}

Case without_unused_names(const Case& from) {
  Case result = from;
  Program& program = result.program;
  drop_unused(program.connections, program.operations, &Operation::connection,
              [](const Operation& op) { return uses_connection(op.kind); });
  drop_unused(program.paths, program.operations, &Operation::path, uses_path);
  return result;
}

}  // namespace rxcheck
