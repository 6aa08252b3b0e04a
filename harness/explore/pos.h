// SPDX-License-Identifier: Apache-2.0
//
// POS, partial order sampling (Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018, algorithm 2): what
// each line does next has a random priority, the highest that can run runs; when it has run, whatever conflicts with it
// is given a new one. So orders of what does not conflict, which make no difference, cost no chances.
#pragma once

#include <array>
#include <cstdint>

#include "harness/core/random.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class Pos : public nt::Scheduler {
 public:
  Pos() : random_(0) {}
  void begin(uint64_t seed);

  uint64_t first_question() override { return 1; }
  bool by_object() const override { return true; }
  void stands_before(unsigned thread, uint64_t object, nt::Touch how) override;
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;

 private:
  static constexpr unsigned kThreads = 32;
  struct Next {
    uint64_t object = 0;  // 0: nobody has said
    nt::Touch how = nt::Touch::read;
    uint64_t priority = 0;
  };
  unsigned highest(uint32_t runnable);
  void executed(unsigned thread);

  Random random_;
  std::array<Next, kThreads> next_{};
};

}  // namespace rxcheck
