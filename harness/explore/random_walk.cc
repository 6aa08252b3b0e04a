// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/random_walk.h"

#include <bit>

namespace rxcheck {

unsigned nth_bit(uint32_t mask, uint32_t index) {
  while (index-- != 0) mask &= mask - 1;
  return static_cast<unsigned>(std::countr_zero(mask));
}

void RandomWalk::begin(uint64_t seed, uint32_t period) {
  random_ = Random(seed);
  period_ = period;
}

// Number of yield points up to and including the next switch. Geometric with mean `period`, by integers only: a
// floating-point logarithm could differ between machines.
uint64_t RandomWalk::gap() {
  uint64_t length = 1;
  Random random = random_;  // a copy stays in registers
  while (!random.chance(1, period_)) ++length;
  random_ = random;
  return length;
}

unsigned RandomWalk::preempt(unsigned, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + gap();
  return nth_bit(runnable, random_.below(static_cast<uint32_t>(std::popcount(runnable))));
}

unsigned RandomWalk::pick(uint32_t runnable, unsigned) {
  return nth_bit(runnable, random_.below(static_cast<uint32_t>(std::popcount(runnable))));
}

}  // namespace rxcheck
