// SPDX-License-Identifier: Apache-2.0
//
// Runs the threads in a given order, decision by decision: to write down as a schedule what an exploration has met. It
// is asked as often as the scheduler that made the order.
//
// In an order that was worked out, two releases of a semaphore may have changed places. Then the unit that one waiting
// thread had goes to another that waits for the same: from there on each is followed under the other's number.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/nt/executive.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class Follower : public nt::Scheduler {
 public:
  // REQUIRES: both outlive the run.
  void begin(const std::vector<uint8_t>& threads, nt::Executive& executive);

  uint64_t first_question() override { return 1; }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override {
    next_question = yields + 1;
    return take(runnable, current);
  }
  unsigned pick(uint32_t runnable, unsigned baseline) override { return take(runnable, baseline); }
  bool asks_always() const override { return true; }

 private:
  unsigned take(uint32_t runnable, unsigned otherwise);
  void find_stand_in(unsigned number, uint32_t runnable);

  const std::vector<uint8_t>* threads_ = nullptr;
  nt::Executive* executive_ = nullptr;
  size_t next_ = 0;
  std::array<uint8_t, 32> thread_of_{};  // by number in the order
};

}  // namespace rxcheck
