// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/passes.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace rxcheck::passes {

namespace {

// The order in which the operations are called when the case runs; those that are not keep their order at the end.
std::vector<size_t> order_as_run(Trial& trial, Case current) {
  trial.confirm(current);
  const History& history = trial.history();
  const size_t count = current.program.operations.size();
  std::vector<size_t> called(count, history.events.size());
  for (size_t i = 0; i < history.events.size(); ++i) {
    const Event& event = history.events[i];
    const bool reached = event.kind == EventKind::call || event.kind == EventKind::skip;
    if (reached && event.operation < count) called[event.operation] = i;
  }
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return called[i]; });
  return order;
}

std::vector<uint8_t> actors_of(const Program& program) {
  std::vector<uint8_t> actors;
  for (const Operation& op : program.operations) actors.push_back(op.actor);
  return actors;
}

bool merge(Trial& trial, Case& current, uint8_t from, uint8_t into) {
  std::optional<Case> starts[2] = {current, std::nullopt};
  const auto order = order_as_run(trial, current);
  if (!std::ranges::is_sorted(order)) starts[1] = in_order(current, order);
  for (const auto& start : starts) {
    if (!start) continue;
    auto actors = actors_of(start->program);
    std::ranges::replace(actors, from, into);
    Case candidate = with_actors(*start, actors);
    if (trial.mended(candidate) && take_if_smaller(current, std::move(candidate))) return true;
  }
  return false;
}

}  // namespace

bool take_if_smaller(Case& current, Case&& candidate) {
  // Choices count after switches: a pick costs a reader less.
  const auto size = [](const Case& c) {
    return std::tuple(c.program.operations.size(), actors_used(c.program), switches_in(c.schedule),
                      c.schedule.choices.size());
  };
  if (size(candidate) >= size(current)) return false;
  current = std::move(candidate);
  return true;
}

bool remove_choices(Trial& trial, Case& current) {
  bool smaller = false;
  for (size_t chunk = std::max<size_t>(current.schedule.choices.size(), 1); chunk > 0; chunk /= 2) {
    // From the back: what comes later depends on what came before.
    for (size_t end = current.schedule.choices.size(); end > 0;) {
      const size_t begin = end > chunk ? end - chunk : 0;
      Case candidate = current;
      auto& choices = candidate.schedule.choices;
      choices.erase(choices.begin() + static_cast<ptrdiff_t>(begin), choices.begin() + static_cast<ptrdiff_t>(end));
      if (trial.met(candidate) && take_if_smaller(current, std::move(candidate))) smaller = true;
      end = std::min(begin, current.schedule.choices.size());
    }
  }
  return smaller;
}

bool fuse_choices(Trial& trial, Case& current) {
  bool smaller = false;
  for (size_t i = current.schedule.choices.size(); i-- > 1;) {
    if (i >= current.schedule.choices.size()) continue;
    const auto& choices = current.schedule.choices;
    if (!leads_to(choices[i - 1], choices[i]) || choices[i].to == choices[i - 1].at.line) continue;
    Case candidate = current;
    candidate.schedule.choices[i - 1].to = choices[i].to;
    candidate.schedule.choices.erase(candidate.schedule.choices.begin() + static_cast<ptrdiff_t>(i));
    if (trial.met(candidate) && take_if_smaller(current, std::move(candidate))) smaller = true;
  }
  return smaller;
}

bool remove_operations(Trial& trial, Case& current) {
  bool smaller = false;
  for (size_t chunk = std::max<size_t>(current.program.operations.size() / 2, 1); chunk > 0; chunk /= 2) {
    for (size_t end = current.program.operations.size(); end > 0;) {
      const size_t begin = end > chunk ? end - chunk : 0;
      std::vector<bool> remove(current.program.operations.size(), false);
      std::fill(remove.begin() + static_cast<ptrdiff_t>(begin), remove.begin() + static_cast<ptrdiff_t>(end), true);
      Case candidate = without_operations(current, remove);
      if (trial.mended(candidate) && take_if_smaller(current, std::move(candidate))) {
        smaller = true;
        remove_choices(trial, current);  // a mended schedule may be long; all that follows is cheaper with a short one
      }
      end = std::min(begin, current.program.operations.size());
    }
  }
  return smaller;
}

bool merge_actors(Trial& trial, Case& current) {
  bool smaller = false;
  for (uint8_t from = kMaxActors; from > 0; --from) {
    for (uint8_t into = 1; into <= kMaxActors; ++into) {
      const auto actors = actors_of(current.program);
      const auto has = [&](uint8_t actor) { return std::ranges::find(actors, actor) != actors.end(); };
      if (from == into || !has(from) || !has(into)) continue;
      smaller = merge(trial, current, from, into) || smaller;
    }
  }
  Case dense = with_dense_actors(current);
  if (dense.program != current.program && trial.exact(dense)) current = std::move(dense);
  return smaller;
}

bool move_operations(Trial& trial, Case& current) {
  bool smaller = false;
  const unsigned actors = actors_used(current.program);
  if (current.schedule.choices.empty() || actors < 2) return false;
  for (size_t i = 0; i < current.program.operations.size(); ++i) {
    for (uint8_t actor = 1; actor <= actors; ++actor) {
      auto moved = actors_of(current.program);
      if (moved[i] == actor) continue;
      moved[i] = actor;
      Case candidate = with_actors(current, moved);
      if (trial.mended(candidate) && take_if_smaller(current, std::move(candidate))) smaller = true;
    }
  }
  return smaller;
}

}  // namespace rxcheck::passes
