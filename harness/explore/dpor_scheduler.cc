// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor_scheduler.h"

#include <bit>
#include <string>

namespace rxcheck {

using nt::ObjectKind;
using nt::Touch;

namespace {
uint64_t thread_object(unsigned thread) { return nt::object_name(ObjectKind::thread, thread); }
}  // namespace

void DporScheduler::begin(Dpor& dpor, nt::Executive& executive) {
  dpor_ = &dpor;
  executive_ = &executive;
  threads_.clear();
  could_run_ = 0;
  waiting_ = ~0u;
  current_ = Dpor::kNobody;
  dpor.begin_execution();
}

void DporScheduler::end() {
  for (unsigned i = 0; i < executive_->thread_limit(); ++i) {
    const nt::Thread& thread = executive_->thread(i);
    if (thread.alive && thread.wait == nt::Wait::none && thread.standing_lock != nullptr && *thread.standing_lock != 0)
      dpor_->stuck(i, nt::object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(thread.standing_lock)));
  }
  dpor_->end_execution();
}

void DporScheduler::begins_anew() {
  dpor_->barrier();
  could_run_ = 0;
  current_ = Dpor::kNobody;
  waiting_ = ~0u;
}

void DporScheduler::touch(unsigned, uint64_t object, Touch how, bool divisible, const void*) {
  dpor_->touch(object, how, divisible);
}

// Threads that stand before a lock which another holds: to let them go on would only make them wait.
uint32_t DporScheduler::held_up(uint32_t runnable) const {
  uint32_t mask = 0;
  for (uint32_t left = runnable; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const uint64_t* lock = executive_->thread(i).standing_lock;
    if (lock != nullptr && *lock != 0) mask |= 1u << i;
  }
  return mask;
}

unsigned DporScheduler::decide(uint32_t runnable, unsigned preferred) {
  if (current_ != Dpor::kNobody) {  // what its transition has done to those who can go on
    for (uint32_t left = (runnable ^ could_run_) & ~(1u << current_); left != 0; left &= left - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(left));
      dpor_->touch(thread_object(i), (runnable >> i & 1) != 0 ? Touch::enable : Touch::disable);
    }
    if ((runnable >> current_ & 1) == 0) {
      dpor_->touch(thread_object(current_), Touch::write);
      waiting_ |= 1u << current_;
    }
  }
  could_run_ = runnable;
  const uint32_t held = held_up(runnable);
  const unsigned next = dpor_->next(held == runnable ? runnable : runnable & ~held, preferred);
  if (next == Dpor::kNobody) {
    executive_->break_off(std::string(kExploredBefore));
    return preferred;
  }
  current_ = next;
  threads_.push_back(static_cast<uint8_t>(next));
  if ((waiting_ >> next & 1) != 0) dpor_->touch(thread_object(next), Touch::wake);
  waiting_ &= ~(1u << next);
  return next;
}

unsigned DporScheduler::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + 1;
  return decide(runnable, current);
}

unsigned DporScheduler::pick(uint32_t runnable, unsigned baseline) { return decide(runnable, baseline); }

}  // namespace rxcheck
