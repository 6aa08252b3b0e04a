// SPDX-License-Identifier: Apache-2.0
//
// The random scheduler: at every yield point, with probability 1/period, a line chosen uniformly among those that can
// run; a uniform choice whenever the running line cannot go on. Gaps between switches are drawn at once (geometric), so
// a yield point costs a comparison.
#pragma once

#include "harness/core/random.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class RandomWalk : public nt::Scheduler {
 public:
  RandomWalk() : random_(0) {}
  // Forgets everything. REQUIRES: period >= 1.
  void begin(uint64_t seed, uint32_t period);

  uint64_t first_question() override { return gap(); }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;

 private:
  uint64_t gap();

  Random random_;
  uint32_t period_ = 16;
};

// The `index`-th set bit of a mask. REQUIRES: index < popcount(mask).
unsigned nth_bit(uint32_t mask, uint32_t index);

}  // namespace rxcheck
