// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor_scheduler.h"

#include <bit>
#include <string>

namespace rxcheck {

using nt::ObjectKind;
using nt::Touch;

void DporScheduler::begin(Dpor& dpor, nt::Executive& executive) {
  dpor_ = &dpor;
  executive_ = &executive;
  threads_.clear();
  dpor.begin_execution();
  watch_.begin(dpor);
}

// Nobody can go on: those who wait, and those who stand before a lock, would if somebody had not kept them from it.
void DporScheduler::tell_stuck() {
  const uint32_t held_up = executive_->held_up();
  for (uint32_t left = held_up; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const auto lock = reinterpret_cast<uintptr_t>(executive_->thread(i).standing_lock);
    dpor_->stuck(i, nt::object_name(ObjectKind::lock, lock), Touch::acquire);
  }
  watch_.stuck(executive_->alive());
}

void DporScheduler::end() {
  tell_stuck();
  dpor_->end_execution();
}

void DporScheduler::begins_anew() {
  watch_.end(executive_->held_up());
  tell_stuck();
  dpor_->barrier();
  watch_.begins_anew();
}

void DporScheduler::touch(unsigned, uint64_t object, Touch how, const void*) { dpor_->touch(object, how); }

unsigned DporScheduler::decide(uint32_t runnable, unsigned preferred) {
  const unsigned next = watch_.next(runnable, executive_->held_up(), preferred);
  if (next == Dpor::kNobody) {
    executive_->break_off(std::string(kExploredBefore));
    return preferred;
  }
  threads_.push_back(static_cast<uint8_t>(next));
  return next;
}

unsigned DporScheduler::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + 1;
  return decide(runnable, current);
}

unsigned DporScheduler::pick(uint32_t runnable, unsigned baseline) { return decide(runnable, baseline); }

}  // namespace rxcheck
