// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/transition_watch.h"

#include <bit>

namespace rxcheck {

using nt::Touch;

void TransitionWatch::begin(Dpor& dpor, Movers* movers, EventOrder* order) {
  dpor_ = &dpor;
  movers_ = movers;
  order_ = order;
  if (order_ != nullptr) order_->begin();
  if (movers_ != nullptr) movers_->begin_execution();
  forget();
}

void TransitionWatch::begins_anew() {
  if (movers_ != nullptr) movers_->barrier();
  forget();
}

void TransitionWatch::forget() {
  could_run_ = could_step_ = 0;
  waiting_ = ~0u;
  current_ = Dpor::kNobody;
}

// Within a transition, too, it counts who can run after each step: two changes have no room in one.
void TransitionWatch::end_step(uint32_t can_run) {
  if (movers_ != nullptr && current_ != Dpor::kNobody)
    for (uint32_t left = can_run ^ could_step_; left != 0; left &= left - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(left));
      movers_->touch(current_, object_of(i), (can_run >> i & 1) != 0 ? Touch::enable : Touch::disable);
    }
  could_step_ = can_run;
  if (order_ != nullptr && current_ != Dpor::kNobody) order_->end_step(movers_->clock(current_));
}

void TransitionWatch::begin_step() {
  if (order_ != nullptr) order_->begin_step(current_, movers_->clock(current_)[current_]);
}

bool TransitionWatch::stays(uint32_t can_run, uint64_t position, std::optional<Movers::Lock> lock) {
  if (movers_ == nullptr) return false;
  end_step(can_run);
  const bool stays = movers_->stays(current_, position, lock);
  if (stays) begin_step();
  return stays;
}

unsigned TransitionWatch::next(uint32_t runnable, uint32_t held_up, unsigned preferred) {
  end(runnable | held_up);
  const unsigned thread = dpor_->next(runnable, preferred);
  if (thread == Dpor::kNobody) return thread;
  current_ = thread;
  if (movers_ != nullptr) movers_->choose(thread);
  begin_step();
  if ((waiting_ >> thread & 1) != 0) touch(object_of(thread), Touch::wake, 0);
  waiting_ &= ~(1u << thread);
  return thread;
}

void TransitionWatch::touch(uint64_t object, Touch how, uint32_t lock_class) {
  if (order_ != nullptr && static_cast<nt::ObjectKind>(object >> 56) == nt::ObjectKind::lock)
    order_->use_lock(object, how == Touch::acquire);
  if (movers_ == nullptr) return dpor_->touch(object, how);
  UnorderedSets::Told told{object, how};
  if (current_ != Dpor::kNobody) told = movers_->sets().touch(current_, object, how);
  if (const auto kind = movers_->touch(current_, told.object, told.how, lock_class)) dpor_->touch(told.object, *kind);
}

void TransitionWatch::use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) {
  if (movers_ != nullptr) movers_->sets().use(thread, set, entry, use);
}

void TransitionWatch::end(uint32_t can_run) {
  end_step(can_run);
  if (current_ != Dpor::kNobody) {
    for (uint32_t left = (can_run ^ could_run_) & ~(1u << current_); left != 0; left &= left - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(left));
      dpor_->touch(object_of(i), (can_run >> i & 1) != 0 ? Touch::enable : Touch::disable);
    }
    if ((can_run >> current_ & 1) == 0) {
      dpor_->touch(object_of(current_), Touch::write);
      waiting_ |= 1u << current_;
    }
  }
  could_run_ = can_run;
}

void TransitionWatch::stuck(uint32_t threads) {
  if (movers_ != nullptr) movers_->stuck();
  for (uint32_t left = threads & waiting_; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    dpor_->stuck(i, object_of(i), Touch::wake);
  }
}

}  // namespace rxcheck
