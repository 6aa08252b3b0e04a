// SPDX-License-Identifier: Apache-2.0
//
// The baseline with departures that an input lists: at yield point `at`, or the `at`-th time that the running thread
// cannot go on and several others can, the `to`-th of the others goes on (modulo their number). Where there is no other
// the departure is left out. What PCT draws as change points (Burckhardt et al., "A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs", ASPLOS 2010) a fuzzer can move here one by one.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "harness/nt/scheduler.h"

namespace rxcheck::fuzz {

struct Switch {
  uint16_t at = 0;  // the first is 1
  uint8_t to = 0;

  friend bool operator==(const Switch&, const Switch&) = default;
};

class Switches : public nt::Scheduler {
 public:
  // In the order of `at`, each once. REQUIRES: both outlive the runs.
  void set(const std::vector<Switch>& switches, const std::vector<Switch>& picks) {
    list_ = &switches;
    picks_ = &picks;
  }

  // Asked once at the beginning of each run.
  uint64_t first_question() override {
    next_ = next_pick_ = 0;
    met_ = 0;
    return at_next();
  }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override {
    unsigned chosen = current;
    for (; next_ < list_->size() && (*list_)[next_].at <= yields; ++next_)
      if ((*list_)[next_].at == yields) chosen = other(current, runnable, (*list_)[next_].to);
    next_question = at_next();
    return chosen;
  }
  unsigned pick(uint32_t runnable, unsigned baseline) override {
    ++met_;
    if (next_pick_ == picks_->size() || (*picks_)[next_pick_].at != met_) return baseline;
    return other(baseline, runnable, (*picks_)[next_pick_++].to);
  }

 private:
  uint64_t at_next() const { return next_ < list_->size() ? (*list_)[next_].at : nt::kNever; }
  static unsigned other(unsigned current, uint32_t runnable, uint8_t which) {
    uint32_t others = runnable & ~(1u << current);
    if (others == 0) return current;
    for (unsigned skip = which % static_cast<unsigned>(std::popcount(others)); skip != 0; --skip) others &= others - 1;
    return static_cast<unsigned>(std::countr_zero(others));
  }

  const std::vector<Switch>* list_ = nullptr;
  const std::vector<Switch>* picks_ = nullptr;
  size_t next_ = 0;
  size_t next_pick_ = 0;
  uint64_t met_ = 0;  // questions to pick
};

}  // namespace rxcheck::fuzz
