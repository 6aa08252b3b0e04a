// SPDX-License-Identifier: Apache-2.0
//
// A litmus program: a few actors, each a list of instructions on shared cells and mutexes, without any driver. Small
// enough that the number of its interleavings is known, so strategies are measured and checked on it. A run asks a
// Scheduler only where an instruction touches what another actor touches, too, one of them writing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/history.h"
#include "harness/explore/dpor.h"
#include "harness/explore/event_order.h"
#include "harness/explore/movers.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class TransitionWatch;

struct Instruction {
  enum class Kind : uint8_t {
    load,      // register := cell
    store,     // cell := value
    exchange,  // register := cell, cell := value, at once
    add,       // cell += value, at once
    lock,      // mutex
    unlock,    // REQUIRES: the actor holds it
    await,     // the cell to be at least `value`: looks, and if it is not goes on only once it is
    spin,      // until the cell is at least `value`: looks again and again
    event,     // of the history: `object` is its kind (harness/core/history.h), `value` its operation
    unless     // the next `value` instructions are left out unless the register is `expected`
  } kind;
  uint8_t object = 0;  // cell or mutex
  int value = 0;
  int expected = 0;
  bool tied = false;  // nobody comes between it and the next, which must be able to run
};

struct Litmus {
  std::string name;
  std::vector<std::vector<Instruction>> actors;  // at most 31; each has one register, at first 0
  std::vector<int> cells;                        // at the beginning
  uint8_t limited = 0;                           // a run fails if this cell ends above `most`
  int most = 0;
};

// A request that is cancelled while it is completed and given its cancel routine: three actors, correct.
Litmus cancel_versus_complete();
// Two actors that look whether the request is done and complete it if not; each with so many accesses of its own before
// and after each step. Both can.
Litmus double_completion(unsigned private_steps);
// Actors with so many sections under one mutex each.
Litmus mutex_sections(unsigned actors, unsigned sections);

// What one instruction that matters to others has touched.
struct LitmusStep {
  unsigned actor;
  unsigned transition;  // of its actor, from 0
  uint64_t object;
  nt::Touch how;
};

class LitmusRunner {
 public:
  // REQUIRES: `litmus` outlives it.
  explicit LitmusRunner(const Litmus& litmus);

  // False if the run fails, or does not end within so many yield points. Nothing else follows from a run: all state is
  // put back before it.
  bool run(nt::Scheduler& scheduler);
  void set_most_yields(uint64_t most) { most_yields_ = most; }
  // One execution of an exploration, all steps apart if `movers` is nullptr; `order`: as TransitionWatch. False if it
  // fails; one that is left does not.
  bool run(Dpor& dpor, Movers* movers = nullptr, EventOrder* order = nullptr);
  uint64_t yields() const { return yields_; }                      // of the last run
  const std::vector<LitmusStep>& steps() const { return steps_; }  // of the last run
  const std::vector<Event>& events() const { return events_; }     // of the last run

 private:
  void restart();
  bool at_end(unsigned actor) const { return at_[actor] == litmus_.actors[actor].size(); }
  const Instruction& next_of(unsigned actor) const { return litmus_.actors[actor][at_[actor]]; }
  bool matters(unsigned actor) const;
  uint32_t enabled() const;
  uint32_t held_up() const;  // before a lock that is taken
  void step(unsigned actor);
  void step_on(unsigned actor);
  uint64_t object_of_next(unsigned actor) const;
  nt::Touch touch_of_next(unsigned actor) const;
  bool can_run(unsigned actor) const;
  void tell_stuck(Dpor& dpor, TransitionWatch& watch) const;
  bool stays(TransitionWatch& watch, unsigned actor) const;
  void tell(nt::Scheduler& scheduler, unsigned actor) const;
  bool passed() const { return cells_[litmus_.limited] <= litmus_.most; }

  const Litmus& litmus_;
  std::vector<uint8_t> shared_cells_;
  std::vector<uint8_t> shared_mutexes_;
  std::vector<int> cells_;
  std::vector<uint8_t> owners_;  // of mutexes: actor + 1, 0 if free
  std::vector<uint32_t> at_;
  std::vector<unsigned> transitions_;
  std::vector<uint8_t> waits_;  // by actor: it has looked in vain
  std::vector<int> registers_;
  uint64_t yields_ = 0;
  uint64_t most_yields_ = 1'000'000;
  std::vector<LitmusStep> steps_;
  std::vector<Event> events_;
};

}  // namespace rxcheck
