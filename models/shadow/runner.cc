// SPDX-License-Identifier: Apache-2.0
#include "models/shadow/runner.h"

#include <algorithm>

#include "harness/core/status.h"

namespace rxcheck::models::shadow {

void Runner::run(const Program& program, Random& random, History& history) {
  history.program = program;
  history.program_operations = static_cast<uint32_t>(program.operations.size());
  history.events.clear();
  history_ = &history;
  twin_.begin(history.program);
  if (!program.variants.empty()) emit(EventKind::variants, kNoOperation, kNoOperation, 0, program.variants.bits());
  environment_.reset();
  unmounts_.fill(0);
  lines_.clear();
  seconds_ = 0;
  timer_armed_ = false;

  for (uint8_t number = 1; number <= kMaxActors; ++number) spawn(actor(number), kNobody, true);
  for (;;) {
    run_lines(random);
    const bool actors_left = std::ranges::any_of(lines_, &Line::actor);
    emit(EventKind::quiescent, kNoOperation);
    if (call_environment(actors_left)) continue;
    if (!actors_left) {  // the driver is unloaded: nothing dormant is left
      spawn(scavenge(kNoOperation, kNobody), kNobody, false);
      run_lines(random);
      emit(EventKind::end, kNoOperation);
    }
    break;  // with actors left: a deadlock
  }
  lines_.clear();
}

void Runner::Suspend::await_suspend(std::coroutine_handle<> at) const {
  runner.current_->at = at;
  runner.current_->wait = wait;
}

void Runner::spawn(Task task, uint16_t carries, bool actor) {
  auto line = std::make_unique<Line>();
  line->at = task.handle();
  line->task = std::move(task);
  line->carries = carries;
  line->actor = actor;
  lines_.push_back(std::move(line));
}

void Runner::run_lines(Random& random) {
  std::vector<Line*> ready;
  for (;;) {
    ready.clear();
    for (const auto& line : lines_)
      if (is_ready(line->wait)) ready.push_back(line.get());
    if (ready.empty()) return;
    current_ = ready[random.below(static_cast<uint32_t>(ready.size()))];
    current_->at.resume();
    std::erase_if(lines_, [](const auto& line) { return line->task.done(); });
  }
}

bool Runner::has_line(uint16_t op) const {
  return std::ranges::any_of(lines_, [op](const auto& line) { return line->carries == op; });
}

bool Runner::is_ready(const Wait& wait) {
  switch (wait.what) {
    case Wait::For::turn:
      return true;
    case Wait::For::usable:
      return twin_.op(wait.about).slot == kNobody || is_resolved(wait.about);
    case Wait::For::alone:
      return twin_.has(57) || !twin_.has_others(wait.about);
    case Wait::For::over:
      return !has_line(wait.about);
    case Wait::For::stuck:  // can go no further on its own
      return std::ranges::none_of(
          lines_, [&](const auto& line) { return line->carries == wait.about && is_ready(line->wait); });
    case Wait::For::completed:
      return twin_.op(wait.about).completions >= (twin_.op(wait.about).what.kind == OpKind::close ? 2 : 1);
    case Wait::For::stable: {
      const auto connection = static_cast<uint8_t>(wait.about);
      const Route& route = twin_.route(connection);
      return route.failures != wait.failures || (twin_.building(connection) == kNobody && route.builder == kNobody);
    }
    case Wait::For::server:
      return !twin_.server(static_cast<uint8_t>(wait.about)).building;
    case Wait::For::share:
      return !twin_.share(static_cast<uint8_t>(wait.about)).building;
    case Wait::For::released:
      return twin_.op(wait.about).released;
    case Wait::For::free_fcbs:
      return !twin_.is_held(wait.about);
    case Wait::For::idle_handle:
      for (uint16_t i = 0; i < twin_.size(); ++i) {
        const Op& op = twin_.op(i);
        if (op.slot == wait.about && op.called != 0 && op.what.kind != OpKind::close &&
            op.what.kind != OpKind::cancel && op.completions == 0)
          return false;
      }
      return true;
  }
  return true;
}

// Adds the environment's next operation, if there is one.
bool Runner::call_environment(bool actors_left) {
  standings_.assign(twin_.size(), {});
  for (uint16_t i = 0; i < twin_.size(); ++i) {
    const Op& op = twin_.op(i);
    Standing& standing = standings_[i];
    standing.called = op.called != 0;
    standing.returned = op.returned;
    standing.completed = op.completions != 0;
    standing.status = is_asynchronous(op.what) ? op.status : op.returned_status;
    const bool request = produced_by(op.what) == Resource::request;
    standing.produced = standing.called && (request || (op.returned && op.returned_status == status::kSuccess));
    standing.held = op.held;
    standing.holds = op.holds;
  }
  for (uint16_t i = 0; i < twin_.size(); ++i) {
    const Op& op = twin_.op(i);
    const bool consumes = op.what.kind == OpKind::close || op.what.kind == OpKind::dereference;
    if (consumes && op.called != 0 && op.slot != kNobody) standings_[op.slot].consumed = true;
  }
  const auto operation = environment_.next(history_->program, standings_, actors_left);
  if (!operation) return false;
  history_->program.operations.push_back(*operation);
  twin_.add(*operation);
  spawn(issue(static_cast<uint16_t>(twin_.size() - 1)), kNobody, false);
  return true;
}

Event Runner::emit(EventKind kind, uint16_t operation, uint16_t target, uint32_t status, uint32_t value) {
  const Event event =
      twin_.step({.kind = kind, .operation = operation, .target = target, .status = status, .value = value}).event;
  history_->events.push_back(event);
  return event;
}

void Runner::emit_at_view(EventKind kind, uint16_t operation, uint16_t view, uint16_t target) {
  const uint32_t level = kind == EventKind::finalize ? static_cast<uint32_t>(twin_.op(operation).what.level) : 0;
  emit(kind, operation, target, level, twin_.view(view).serial);
}

}  // namespace rxcheck::models::shadow
