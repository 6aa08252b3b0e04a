// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor_scheduler.h"

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

void DporScheduler::end() {
  for (unsigned i = 0; i < executive_->thread_limit(); ++i) {
    const nt::Thread& thread = executive_->thread(i);
    if (thread.alive && thread.wait == nt::Wait::none && thread.standing_lock != nullptr && *thread.standing_lock != 0)
      dpor_->stuck(i, nt::object_name(ObjectKind::lock, reinterpret_cast<uintptr_t>(thread.standing_lock)),
                   Touch::acquire);
  }
  watch_.stuck(executive_->alive());
  dpor_->end_execution();
}

void DporScheduler::begins_anew() {
  watch_.end(0);
  watch_.stuck(executive_->alive());
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
