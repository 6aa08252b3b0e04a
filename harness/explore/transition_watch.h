// SPDX-License-Identifier: Apache-2.0
//
// Cuts what threads do into the transitions of an exploration. A transition is one step of a thread or, if Movers are
// given, as many as nobody need come between. Whether a thread can go on is an object for partial-order reduction, too:
// who changes it touches it, and so does the thread's first transition after a wait. Works that out from what could run
// at each step, and asks the Dpor.
#pragma once

#include <cstdint>
#include <optional>

#include "harness/explore/dpor.h"
#include "harness/explore/event_order.h"
#include "harness/explore/movers.h"

namespace rxcheck {

class TransitionWatch {
 public:
  // `movers`: nullptr if each step is a transition. `order`: is told of steps and locks, and the caller tells it of
  // events; nullptr if nobody is. REQUIRES: all outlive it; with an order there are movers.
  void begin(Dpor& dpor, Movers* movers, EventOrder* order = nullptr);
  // The running thread can go on with a step at `position`, and nobody need come before it. `can_run` are those who can
  // go on, but for a lock. REQUIRES: the last step's touches have been told.
  bool stays(uint32_t can_run, uint64_t position, std::optional<Movers::Lock> lock);
  // As Dpor::next: end() and choose(). `held_up` are threads that can go on but for a lock: for those the lock says
  // all. REQUIRES: the last step's touches have been told.
  unsigned next(uint32_t runnable, uint32_t held_up, unsigned preferred);
  // The running thread's step touches this.
  void touch(uint64_t object, nt::Touch how, uint32_t lock_class);
  // A thread says what its accesses to a set are for; also before anything is explored.
  void use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use);
  // The last transition is over, and these can run, or could but for a lock.
  void end(uint32_t can_run);
  // After end(): who goes on.
  unsigned choose(uint32_t runnable, unsigned preferred);
  // After end(): what is known now, also to the movers and the order, which make a mark.
  struct State {
    uint32_t could_run = 0;   // when the transition began
    uint32_t could_step = 0;  // when the step began
    uint32_t waiting = ~0u;   // threads whose next transition is the first after a wait
    unsigned current = Dpor::kNobody;
  };
  State mark();
  // Instead of begin(): as at this mark of the execution before, of which this is the state.
  void resume(Dpor& dpor, Movers* movers, EventOrder* order, size_t mark, const State& state);
  // Nobody can run, and these would if they could.
  void stuck(uint32_t threads);
  // Nothing could run, and something else has changed that.
  void begins_anew();

 private:
  static uint64_t object_of(unsigned thread) { return nt::object_name(nt::ObjectKind::thread, thread); }
  void attach(Dpor& dpor, Movers* movers, EventOrder* order);
  void end_step(uint32_t can_run);
  void begin_step();

  Dpor* dpor_ = nullptr;
  Movers* movers_ = nullptr;
  EventOrder* order_ = nullptr;
  State now_;
};

}  // namespace rxcheck
