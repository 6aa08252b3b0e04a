// SPDX-License-Identifier: Apache-2.0
//
// PCT, probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010, section 3): every line has a random priority, the highest
// that can run runs; at depth-1 yield points chosen in advance the running line falls to the lowest priority.
// Priorities belong to threads: a system thread keeps its own from one request to the next. A change of priority takes
// effect at yield points that are asked about and whenever a line cannot go on.
#pragma once

#include <array>

#include "harness/core/random.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class Pct : public nt::Scheduler {
 public:
  Pct() : random_(0) {}
  // `expected_yields` estimates the number of yield points k from which the change points are drawn. REQUIRES: depth
  // >= 1.
  void begin(uint64_t seed, uint32_t depth, uint32_t expected_yields);

  uint64_t first_question() override { return next_change(); }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;

 private:
  static constexpr unsigned kMaxChanges = 16;
  uint64_t next_change() const { return change_ < changes_ ? points_[change_] : nt::kNever; }
  unsigned highest(uint32_t runnable) const;

  Random random_;
  std::array<uint64_t, 32> priorities_{};
  std::array<uint64_t, kMaxChanges> points_{};
  unsigned changes_ = 0;
  unsigned change_ = 0;
  uint64_t lowest_ = 0;
};

}  // namespace rxcheck
