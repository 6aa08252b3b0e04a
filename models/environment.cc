// SPDX-License-Identifier: Apache-2.0
#include "models/environment.h"

#include <algorithm>

#include "harness/core/status.h"

namespace rxcheck::models {
namespace {

Operation by_environment(OpKind kind) {
  Operation op;
  op.kind = kind;
  op.actor = 0;
  return op;
}

Operation on_connection(OpKind kind, uint8_t connection) {
  Operation op = by_environment(kind);
  op.connection = connection;
  return op;
}

Operation on_slot(OpKind kind, size_t slot) {
  Operation op = by_environment(kind);
  op.slot = static_cast<int32_t>(slot);
  return op;
}

bool is_pending(const Operation& op, const Standing& standing) {
  return (op.kind == OpKind::read || op.kind == OpKind::notify) && standing.called && !standing.completed;
}

bool has_failed(const Standing& standing) { return standing.returned && standing.status != status::kSuccess; }

}  // namespace

void Environment::reset() {
  enter(Phase::release);
  lists_.clear();
  tries_.clear();
  released_.clear();
}

void Environment::enter(Phase phase) {
  phase_ = phase;
  cursor_ = 0;
}

std::optional<Operation> Environment::next(const Program& program, const std::vector<Standing>& standings,
                                           bool actors_left) {
  tries_.resize(std::max(tries_.size(), program.operations.size()), 0);
  released_.resize(std::max(released_.size(), program.connections.size()));
  if (!actors_left) return next_at_end(program, standings);
  if (auto op = release(program, standings)) return op;
  if (auto op = answer(program, standings, true)) return op;
  if (auto op = answer(program, standings, false)) return op;
  return let_stop(program, standings);
}

std::optional<Operation> Environment::let_stop(const Program& program, const std::vector<Standing>& standings) {
  bool waits = false;
  for (size_t i = 0; i < standings.size(); ++i)
    waits = waits || (program.operations[i].kind == OpKind::stop && standings[i].called && !standings[i].returned);
  for (size_t i = 0; i < standings.size() && waits; ++i)
    if (standings[i].produced && !standings[i].consumed && produced_by(program.operations[i]) == Resource::context)
      return on_slot(OpKind::dereference, i);
  return std::nullopt;
}

std::optional<Operation> Environment::release(const Program& program, const std::vector<Standing>& standings) {
  for (size_t i = 0; i < standings.size(); ++i) {
    if (!standings[i].held || tries_[i] >= kMaxReleases) continue;
    const uint8_t connection = program.operations[i].connection;
    uint32_t lifted = 0;
    for (size_t k = 0; k < standings.size(); ++k)
      if (program.operations[k].connection == connection) lifted += standings[k].holds - (standings[k].held ? 1 : 0);
    std::optional<Released>& last = released_[connection];
    const bool fruitless = last && last->lifted == lifted &&
                           (last->operation >= standings.size() || !has_failed(standings[last->operation]));
    if (fruitless) continue;
    ++tries_[i];
    last = Released{program.operations.size(), lifted};
    return on_connection(OpKind::release, connection);
  }
  return std::nullopt;
}

std::optional<Operation> Environment::answer(const Program& program, const std::vector<Standing>& standings,
                                             bool urgent_only) {
  const auto& ops = program.operations;
  const auto is_wanted = [&](size_t request) {
    for (size_t i = 0; i < standings.size(); ++i) {
      if (!standings[i].called || standings[i].returned) continue;
      if (ops[i].kind == OpKind::await && ops[i].slot == static_cast<int32_t>(request)) return true;
      if (ops[i].kind == OpKind::close && ops[i].slot == ops[request].slot) return true;
    }
    return false;
  };
  for (size_t i = 0; i < standings.size(); ++i) {
    if (tries_[i] != 0 || !is_pending(ops[i], standings[i]) || (urgent_only && !is_wanted(i))) continue;
    tries_[i] = 1;
    return on_slot(OpKind::complete, i);
  }
  return std::nullopt;
}

std::optional<Operation> Environment::give_back(const Program& program, const std::vector<Standing>& standings,
                                                Resource resource, OpKind by) {
  for (; cursor_ < standings.size(); ++cursor_) {
    const Standing& standing = standings[cursor_];
    if (!standing.produced || standing.consumed || produced_by(program.operations[cursor_]) != resource) continue;
    return on_slot(by, cursor_++);
  }
  return std::nullopt;
}

std::optional<Operation> Environment::next_at_end(const Program& program, const std::vector<Standing>& standings) {
  const size_t connections = program.connections.size();
  // Also later: a connect whose view was deleted under it asks the server once more.
  std::optional<Operation> op = release(program, standings);
  if (op) return op;
  switch (phase_) {
    case Phase::release:
      enter(Phase::answer);
      [[fallthrough]];
    case Phase::answer:
      if ((op = answer(program, standings, false))) return op;
      enter(Phase::dereference);
      [[fallthrough]];
    case Phase::dereference:
      if ((op = give_back(program, standings, Resource::context, OpKind::dereference))) return op;
      enter(Phase::close_files);
      [[fallthrough]];
    case Phase::close_files:
      if ((op = give_back(program, standings, Resource::file, OpKind::close))) return op;
      enter(Phase::close_trees);
      [[fallthrough]];
    case Phase::close_trees:
      if ((op = give_back(program, standings, Resource::tree, OpKind::close))) return op;
      enter(Phase::start);
      [[fallthrough]];
    case Phase::start:
      while (cursor_ < standings.size()) {
        if (program.operations[cursor_].kind != OpKind::stop || !standings[cursor_].called) {
          ++cursor_;
          continue;
        }
        cursor_ = standings.size() + 1;  // the `start` itself comes next in both lists
        return by_environment(OpKind::start);
      }
      enter(Phase::list);
      [[fallthrough]];
    case Phase::list:
      if (cursor_ < connections) {
        lists_.push_back(program.operations.size());
        return on_connection(OpKind::list, static_cast<uint8_t>(cursor_++));
      }
      enter(Phase::remove);
      [[fallthrough]];
    case Phase::remove:
      for (; cursor_ < connections; ++cursor_) {
        const size_t list = lists_[cursor_];
        if (list >= standings.size() || !standings[list].returned || standings[list].status != status::kSuccess)
          continue;
        op = on_connection(OpKind::disconnect, static_cast<uint8_t>(cursor_++));
        op->level = Level::forced;
        return op;
      }
      enter(Phase::list_again);
      [[fallthrough]];
    case Phase::list_again:
      if (cursor_ < connections) return on_connection(OpKind::list, static_cast<uint8_t>(cursor_++));
      enter(Phase::over);
      [[fallthrough]];
    case Phase::over:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace rxcheck::models
