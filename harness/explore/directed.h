// SPDX-License-Identifier: Apache-2.0
//
// The baseline with one departure: an actor is kept back until a given yield point, and is switched to there, or as
// soon after as it can run. For sweeps over all points at which something could happen.
#pragma once

#include <bit>

#include "harness/nt/scheduler.h"

namespace rxcheck {

class Directed : public nt::Scheduler {
 public:
  void begin(unsigned actor, uint64_t yield) {
    actor_ = actor;
    yield_ = yield;
    done_ = false;
    at_ = 0;
  }
  // The yield point at which it was switched to; 0 if at none.
  uint64_t at() const { return at_; }

  uint64_t first_question() override { return yield_; }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override {
    if (!done_ && (current == actor_ || (runnable >> actor_ & 1) == 0)) {
      next_question = yields + 1;
      return current;
    }
    if (done_) return current;
    done_ = true;
    at_ = yields;
    return actor_;
  }
  // Whoever the baseline chooses, but the actor that is kept back only if nobody else can run.
  unsigned pick(uint32_t runnable, unsigned baseline) override {
    if (done_ || baseline != actor_) return baseline;
    const uint32_t others = runnable & ~(1u << actor_);
    if (others != 0) return static_cast<unsigned>(std::countr_zero(others));
    done_ = true;
    return baseline;
  }

 private:
  unsigned actor_ = 0;
  uint64_t yield_ = 0;
  uint64_t at_ = 0;
  bool done_ = false;
};

}  // namespace rxcheck
