// SPDX-License-Identifier: Apache-2.0
//
// Runs the threads in a given order, decision by decision: to write down as a schedule what an exploration has met. It
// is asked as often as the scheduler that made the order.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/nt/scheduler.h"

namespace rxcheck {

class Follower : public nt::Scheduler {
 public:
  // REQUIRES: `threads` outlives the run.
  void begin(const std::vector<uint8_t>& threads) {
    threads_ = &threads;
    next_ = 0;
  }

  uint64_t first_question() override { return 1; }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override {
    next_question = yields + 1;
    return take(runnable, current);
  }
  unsigned pick(uint32_t runnable, unsigned baseline) override { return take(runnable, baseline); }
  bool asks_always() const override { return true; }

 private:
  unsigned take(uint32_t runnable, unsigned otherwise) {
    if (next_ < threads_->size() && (runnable >> (*threads_)[next_] & 1) != 0) return (*threads_)[next_++];
    return otherwise;
  }
  const std::vector<uint8_t>* threads_ = nullptr;
  size_t next_ = 0;
};

}  // namespace rxcheck
