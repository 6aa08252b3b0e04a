// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor_scheduler.h"

#include <bit>
#include <optional>
#include <string>

#include "harness/explore/random_walk.h"

namespace rxcheck {

using nt::ObjectKind;
using nt::Touch;

void DporScheduler::begin(Dpor& dpor, Movers* movers, EventOrder* order, uint64_t seed, nt::Executive& executive,
                          const History& history) {
  dpor_ = &dpor;
  order_ = order;
  history_ = &history;
  executive_ = &executive;
  threads_.clear();
  left_ = false;
  random_.reset();
  if (seed != 0) random_.emplace(seed);
  period_ = 1u << seed % 4;
  dpor.begin_execution();
  watch_.begin(dpor, movers, order);
}

// Who cannot go on: those who wait, and those who stand before a lock, would if somebody had not kept them from it.
void DporScheduler::tell_stuck(uint32_t runnable) {
  const uint32_t held_up = executive_->held_up();
  for (uint32_t left = held_up; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const auto lock = reinterpret_cast<uintptr_t>(executive_->thread(i).standing_lock);
    dpor_->stuck(i, nt::object_name(ObjectKind::lock, lock), Touch::acquire);
  }
  watch_.stuck(executive_->alive() & ~(runnable | held_up));
}

void DporScheduler::end() {
  if (!left_) tell_stuck(0);
  if (order_ != nullptr) order_->end(history_->events.size());
  dpor_->end_execution();
}

void DporScheduler::begins_anew() {
  watch_.end(executive_->held_up());
  tell_stuck(0);
  dpor_->barrier();
  watch_.begins_anew();
  if (order_ != nullptr) order_->barrier(history_->events.size());
}

void DporScheduler::touch(unsigned, uint64_t object, Touch how, const void*) {
  if (order_ != nullptr && static_cast<ObjectKind>(object >> 56) == ObjectKind::history) {
    order_->event(history_->events.size());
    return;
  }
  const bool lock = static_cast<ObjectKind>(object >> 56) == ObjectKind::lock;
  watch_.touch(object, how, lock ? executive_->lock_class(reinterpret_cast<uint64_t*>(object << 8 >> 8)) : 0);
}

void DporScheduler::use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) {
  watch_.use_set(thread, set, entry, use);
}

// True if the running thread goes on by itself.
bool DporScheduler::stays(uint32_t runnable) {
  const uint64_t* standing = executive_->running().standing_lock;
  std::optional<Movers::Lock> lock;
  if (standing != nullptr) lock = {executive_->lock_class(standing), *standing == 0};
  return watch_.stays(runnable | executive_->held_up(), reinterpret_cast<uintptr_t>(executive_->asked_at()), lock);
}

unsigned DporScheduler::decide(uint32_t runnable, unsigned preferred) {
  if (random_ && runnable != 0 && random_->chance(1, period_))
    preferred = nth_bit(runnable, random_->below(static_cast<uint32_t>(std::popcount(runnable))));
  const unsigned next = watch_.next(runnable, executive_->held_up(), preferred);
  if (next == Dpor::kNobody) {
    tell_stuck(runnable);
    left_ = true;
    executive_->break_off(std::string(kExploredBefore));
    return preferred;
  }
  threads_.push_back(static_cast<uint8_t>(next));
  return next;
}

unsigned DporScheduler::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + 1;
  if (stays(runnable)) {
    threads_.push_back(static_cast<uint8_t>(current));
    return current;
  }
  return decide(runnable, current);
}

unsigned DporScheduler::pick(uint32_t runnable, unsigned baseline) { return decide(runnable, baseline); }

}  // namespace rxcheck
