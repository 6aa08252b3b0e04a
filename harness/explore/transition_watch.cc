// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/transition_watch.h"

#include <bit>

namespace rxcheck {

using nt::Touch;

void TransitionWatch::attach(Dpor& dpor, Movers* movers, EventOrder* order) {
  dpor_ = &dpor;
  movers_ = movers;
  order_ = order;
}

void TransitionWatch::begin(Dpor& dpor, Movers* movers, EventOrder* order) {
  attach(dpor, movers, order);
  if (order_ != nullptr) order_->begin();
  if (movers_ != nullptr) movers_->begin_execution();
  now_ = {};
}

void TransitionWatch::begins_anew() {
  if (movers_ != nullptr) movers_->barrier();
  now_ = {};
}

TransitionWatch::State TransitionWatch::mark() {
  if (movers_ != nullptr) movers_->mark();
  if (order_ != nullptr) order_->mark();
  return now_;
}

void TransitionWatch::resume(Dpor& dpor, Movers* movers, EventOrder* order, size_t mark, const State& state) {
  attach(dpor, movers, order);
  if (movers_ != nullptr) movers_->back_to(mark);
  if (order_ != nullptr) order_->back_to(mark);
  now_ = state;
}

// Within a transition, too, it counts who can run after each step: two changes have no room in one.
void TransitionWatch::end_step(uint32_t can_run) {
  if (movers_ != nullptr && now_.current != Dpor::kNobody)
    for (uint32_t left = can_run ^ now_.could_step; left != 0; left &= left - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(left));
      movers_->touch(now_.current, object_of(i), (can_run >> i & 1) != 0 ? Touch::enable : Touch::disable);
    }
  now_.could_step = can_run;
  if (order_ != nullptr && now_.current != Dpor::kNobody) order_->end_step(movers_->clock(now_.current));
}

void TransitionWatch::begin_step() {
  if (order_ != nullptr) order_->begin_step(now_.current, movers_->clock(now_.current)[now_.current]);
}

bool TransitionWatch::stays(uint32_t can_run, uint64_t position, std::optional<Movers::Lock> lock) {
  if (movers_ == nullptr) return false;
  end_step(can_run);
  const bool stays = movers_->stays(now_.current, position, lock);
  if (stays) begin_step();
  return stays;
}

unsigned TransitionWatch::next(uint32_t runnable, uint32_t held_up, unsigned preferred) {
  end(runnable | held_up);
  return choose(runnable, preferred);
}

unsigned TransitionWatch::choose(uint32_t runnable, unsigned preferred) {
  const unsigned thread = dpor_->next(runnable, preferred);
  if (thread == Dpor::kNobody) return thread;
  now_.current = thread;
  if (movers_ != nullptr) movers_->choose(thread);
  begin_step();
  if ((now_.waiting >> thread & 1) != 0) touch(object_of(thread), Touch::wake, 0);
  now_.waiting &= ~(1u << thread);
  return thread;
}

void TransitionWatch::touch(uint64_t object, Touch how, uint32_t lock_class) {
  if (order_ != nullptr && static_cast<nt::ObjectKind>(object >> 56) == nt::ObjectKind::lock)
    order_->use_lock(object, how == Touch::acquire);
  if (movers_ == nullptr) return dpor_->touch(object, how);
  UnorderedSets::Told told{object, how};
  if (now_.current != Dpor::kNobody) told = movers_->sets().touch(now_.current, object, how);
  if (const auto kind = movers_->touch(now_.current, told.object, told.how, lock_class))
    dpor_->touch(told.object, *kind);
}

void TransitionWatch::use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) {
  if (movers_ != nullptr) movers_->sets().use(thread, set, entry, use);
}

void TransitionWatch::end(uint32_t can_run) {
  end_step(can_run);
  if (now_.current != Dpor::kNobody) {
    for (uint32_t left = (can_run ^ now_.could_run) & ~(1u << now_.current); left != 0; left &= left - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(left));
      dpor_->touch(object_of(i), (can_run >> i & 1) != 0 ? Touch::enable : Touch::disable);
    }
    if ((can_run >> now_.current & 1) == 0) {
      dpor_->touch(object_of(now_.current), Touch::write);
      now_.waiting |= 1u << now_.current;
    }
  }
  now_.could_run = can_run;
}

void TransitionWatch::stuck(uint32_t threads) {
  if (movers_ != nullptr) movers_->stuck();
  for (uint32_t left = threads & now_.waiting; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    dpor_->stuck(i, object_of(i), Touch::wake);
  }
}

}  // namespace rxcheck
