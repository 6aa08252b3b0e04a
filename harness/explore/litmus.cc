// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/litmus.h"

#include <bit>
#include <optional>

#include "harness/explore/transition_watch.h"

namespace rxcheck {

using Kind = Instruction::Kind;

namespace {

constexpr uint64_t kHistory = nt::object_name(nt::ObjectKind::history, 0);

bool is_mutex(Kind kind) { return kind == Kind::lock || kind == Kind::unlock; }
bool reads_only(Kind kind) { return kind == Kind::load || kind == Kind::await || kind == Kind::spin; }
bool has_object(Kind kind) { return kind != Kind::unless && kind != Kind::event; }

void append_private(std::vector<Instruction>& actor, uint8_t cell, unsigned steps) {
  actor.insert(actor.end(), steps, {Kind::add, cell, 1, 0});
}

}  // namespace

Litmus cancel_versus_complete() {
  enum : uint8_t { flag, routine, completions };
  // Whoever takes the routine out of the request completes it.
  const std::vector<Instruction> take = {
      {Kind::exchange, routine, 0, 0}, {Kind::unless, 0, 1, 1}, {Kind::add, completions, 1, 0}};
  std::vector<Instruction> setter = {
      {Kind::exchange, routine, 1, 0}, {Kind::load, flag, 0, 0}, {Kind::unless, 0, 3, 1}};
  setter.insert(setter.end(), take.begin(), take.end());
  std::vector<Instruction> canceller = {{Kind::store, flag, 1, 0}};
  canceller.insert(canceller.end(), take.begin(), take.end());
  return {"cancel-versus-complete", {setter, canceller, take}, {0, 0, 0}, completions, 1};
}

Litmus double_completion(unsigned private_steps) {
  enum : uint8_t { done, completions, first_private };
  Litmus litmus{"double-completion", {}, {0, 0, 0, 0}, completions, 1};
  for (uint8_t own = first_private; own < first_private + 2; ++own) {
    std::vector<Instruction> actor;
    append_private(actor, own, private_steps);
    actor.push_back({Kind::load, done, 0, 0});
    append_private(actor, own, private_steps);
    actor.push_back({Kind::unless, 0, 2, 0});
    actor.push_back({Kind::store, done, 1, 0});
    actor.push_back({Kind::add, completions, 1, 0});
    append_private(actor, own, private_steps);
    litmus.actors.push_back(std::move(actor));
  }
  return litmus;
}

Litmus mutex_sections(unsigned actors, unsigned sections) {
  Litmus litmus{"mutex-sections", {}, {0}, 0, static_cast<int>(actors * sections)};
  for (unsigned i = 0; i < actors; ++i) {
    auto& actor = litmus.actors.emplace_back();
    for (unsigned k = 0; k < sections; ++k) {
      actor.push_back({Kind::lock, 0, 0, 0});
      actor.push_back({Kind::add, 0, 1, 0});
      actor.push_back({Kind::unlock, 0, 0, 0});
    }
  }
  return litmus;
}

LitmusRunner::LitmusRunner(const Litmus& litmus) : litmus_(litmus), shared_cells_(256, 0), shared_mutexes_(256, 0) {
  struct Use {
    uint32_t readers = 0, writers = 0;
  };
  std::vector<Use> cells(256), mutexes(256);
  for (size_t i = 0; i < litmus.actors.size(); ++i)
    for (const Instruction& at : litmus.actors[i]) {
      if (!has_object(at.kind)) continue;
      Use& use = (is_mutex(at.kind) ? mutexes : cells)[at.object];
      (reads_only(at.kind) ? use.readers : use.writers) |= 1u << i;
    }
  const auto is_shared = [](const Use& use) {
    const uint32_t all = use.readers | use.writers;
    return use.writers != 0 && (all & (all - 1)) != 0;
  };
  for (unsigned i = 0; i < 256; ++i) {
    shared_cells_[i] = is_shared(cells[i]);
    shared_mutexes_[i] = is_shared(mutexes[i]);
  }
}

void LitmusRunner::restart() {
  cells_ = litmus_.cells;
  owners_.assign(256, 0);
  at_.assign(litmus_.actors.size(), 0);
  registers_.assign(litmus_.actors.size(), 0);
  transitions_.assign(litmus_.actors.size(), 0);
  waits_.assign(litmus_.actors.size(), 0);
  yields_ = 0;
  steps_.clear();
  events_.clear();
  for (unsigned i = 0; i < at_.size(); ++i)
    while (!at_end(i) && !matters(i)) step(i);
}

bool LitmusRunner::matters(unsigned actor) const {
  const Instruction& next = next_of(actor);
  if (!has_object(next.kind)) return next.kind == Kind::event;
  return (is_mutex(next.kind) ? shared_mutexes_ : shared_cells_)[next.object] != 0;
}

bool LitmusRunner::can_run(unsigned actor) const {
  const Instruction& next = next_of(actor);
  if (next.kind == Kind::await) return waits_[actor] == 0 || cells_[next.object] >= next.value;
  return next.kind != Kind::lock || owners_[next.object] == 0;
}

uint32_t LitmusRunner::enabled() const {
  uint32_t mask = 0;
  for (unsigned i = 0; i < at_.size(); ++i) {
    if (at_end(i)) continue;
    if (can_run(i)) mask |= 1u << i;
  }
  return mask;
}

uint32_t LitmusRunner::held_up() const {
  uint32_t mask = 0;
  for (unsigned i = 0; i < at_.size(); ++i)
    if (!at_end(i) && next_of(i).kind == Kind::lock && owners_[next_of(i).object] != 0) mask |= 1u << i;
  return mask;
}

void LitmusRunner::step(unsigned actor) {
  const Instruction& at = next_of(actor);
  ++at_[actor];
  switch (at.kind) {
    case Kind::load:
      registers_[actor] = cells_[at.object];
      return;
    case Kind::store:
      cells_[at.object] = at.value;
      return;
    case Kind::exchange:
      registers_[actor] = cells_[at.object];
      cells_[at.object] = at.value;
      return;
    case Kind::add:
      cells_[at.object] += at.value;
      return;
    case Kind::lock:
      owners_[at.object] = static_cast<uint8_t>(actor + 1);
      return;
    case Kind::unlock:
      owners_[at.object] = 0;
      return;
    case Kind::await:
      return;
    case Kind::spin:
      if (cells_[at.object] < at.value) --at_[actor];
      return;
    case Kind::event:
      events_.emplace_back();
      events_.back().kind = static_cast<EventKind>(at.object);
      events_.back().operation = static_cast<uint16_t>(at.value);
      return;
    case Kind::unless:
      if (registers_[actor] != at.expected) at_[actor] += static_cast<uint32_t>(at.value);
      return;
  }
}

uint64_t LitmusRunner::object_of_next(unsigned actor) const {
  const Instruction& at = next_of(actor);
  if (at.kind == Kind::event) return kHistory;
  return nt::object_name(is_mutex(at.kind) ? nt::ObjectKind::lock : nt::ObjectKind::memory, at.object);
}

nt::Touch LitmusRunner::touch_of_next(unsigned actor) const {
  const Kind kind = next_of(actor).kind;
  if (kind == Kind::lock) return nt::Touch::acquire;
  if (kind == Kind::unlock) return nt::Touch::release;
  return reads_only(kind) ? nt::Touch::read : nt::Touch::write;
}

// One instruction, and all after it that concern nobody else.
void LitmusRunner::step_on(unsigned actor) {
  bool tied = true;
  while (tied) {
    tied = next_of(actor).tied;
    steps_.push_back({actor, transitions_[actor], object_of_next(actor), touch_of_next(actor)});
    waits_[actor] = next_of(actor).kind == Kind::await && cells_[next_of(actor).object] < next_of(actor).value;
    if (waits_[actor] != 0) break;
    step(actor);
  }
  ++transitions_[actor];
  if (waits_[actor] != 0) return;
  while (!at_end(actor) && !matters(actor)) step(actor);
}

void LitmusRunner::tell(nt::Scheduler& scheduler, unsigned actor) const {
  scheduler.stands_before(actor, object_of_next(actor), touch_of_next(actor));
}

bool LitmusRunner::run(nt::Scheduler& scheduler) {
  restart();
  uint64_t question = scheduler.first_question();
  uint32_t ready = enabled();
  if (ready == 0) return passed();
  if (scheduler.by_object())
    for (unsigned i = 0; i < at_.size(); ++i)
      if (!at_end(i)) tell(scheduler, i);
  unsigned current = scheduler.pick(ready, static_cast<unsigned>(std::countr_zero(ready)));
  while (yields_ < most_yields_) {
    step_on(current);
    ready = enabled();
    if (ready == 0) return passed();
    if ((ready >> current & 1) == 0) {
      current = (ready & (ready - 1)) == 0 ? static_cast<unsigned>(std::countr_zero(ready))
                                           : scheduler.pick(ready, static_cast<unsigned>(std::countr_zero(ready)));
    } else if (++yields_ >= question) {
      if (scheduler.by_object()) tell(scheduler, current);
      current = scheduler.preempt(current, ready, yields_, question);
    }
  }
  return false;
}

// Whether the actor can go on, and nobody need come before.
bool LitmusRunner::stays(TransitionWatch& watch, unsigned actor) const {
  if (at_end(actor) || waits_[actor] != 0) return false;
  std::optional<Movers::Lock> lock;
  if (next_of(actor).kind == Kind::lock) lock = {next_of(actor).object, can_run(actor)};
  return watch.stays(enabled() | held_up(), (actor + 1ull) << 32 | at_[actor], lock) && can_run(actor);
}

// Who cannot go on would do so.
void LitmusRunner::tell_stuck(Dpor& dpor, TransitionWatch& watch) const {
  uint32_t waiting = 0;
  for (unsigned i = 0; i < at_.size(); ++i) {
    if (at_end(i) || can_run(i)) continue;
    if (next_of(i).kind == Kind::lock) dpor.stuck(i, object_of_next(i), nt::Touch::acquire);
    if (waits_[i] != 0) waiting |= 1u << i;
  }
  watch.stuck(waiting);
}

bool LitmusRunner::run(Dpor& dpor, Movers* movers, EventOrder* order) {
  restart();
  dpor.begin_execution();
  TransitionWatch watch;
  watch.begin(dpor, movers, order);
  unsigned current = 0;
  for (uint32_t ready = enabled(); ready != 0; ready = enabled()) {
    current = watch.next(ready, held_up(), current);
    if (current == Dpor::kNobody) {
      tell_stuck(dpor, watch);
      dpor.end_execution();
      return true;
    }
    do {
      const size_t first = steps_.size();
      size_t events = events_.size();
      step_on(current);
      for (size_t i = first; i < steps_.size(); ++i)
        if (order != nullptr && steps_[i].object == kHistory)
          order->event(events++);
        else
          watch.touch(steps_[i].object, steps_[i].how, static_cast<uint32_t>(steps_[i].object));
    } while (movers != nullptr && stays(watch, current));  // without movers none does, and who can run costs time
  }
  watch.end(held_up());
  if (order != nullptr) order->end(events_.size());
  tell_stuck(dpor, watch);
  dpor.end_execution();
  return passed();
}

}  // namespace rxcheck
