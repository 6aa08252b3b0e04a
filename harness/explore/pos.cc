// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/pos.h"

#include <bit>

namespace rxcheck {

void Pos::begin(uint64_t seed) {
  random_ = Random(seed);
  for (Next& next : next_) next = {0, nt::Touch::read, random_.next()};
}

// The thread has done what it stood before, and stands before something new.
void Pos::stands_before(unsigned thread, uint64_t object, nt::Touch how) {
  executed(thread);
  next_[thread] = {object, how, random_.next()};
}

void Pos::executed(unsigned thread) {
  const Next& done = next_[thread];
  if (done.object == 0) return;
  for (unsigned i = 0; i < kThreads; ++i)
    if (i != thread && next_[i].object == done.object && conflict(next_[i].how, done.how))
      next_[i].priority = random_.next();
}

unsigned Pos::highest(uint32_t runnable) {
  unsigned best = static_cast<unsigned>(std::countr_zero(runnable));
  for (uint32_t left = runnable; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    if (next_[i].priority > next_[best].priority) best = i;
  }
  return best;
}

unsigned Pos::preempt(unsigned, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + 1;
  return highest(runnable);
}

unsigned Pos::pick(uint32_t runnable, unsigned) { return highest(runnable); }

}  // namespace rxcheck
