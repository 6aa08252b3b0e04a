// SPDX-License-Identifier: Apache-2.0
//
// Takes every interleaving, one after the other, by counting through its choices; knows nothing of conflicts.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/nt/scheduler.h"

namespace rxcheck {

class EveryOrder : public nt::Scheduler {
 public:
  bool more() {
    while (!choices_.empty() && choices_.back().next == choices_.back().ready) choices_.pop_back();
    at_ = 0;
    if (choices_.empty()) return false;
    choices_.back().next = following(choices_.back());
    return true;
  }
  uint64_t first_question() override { return 1; }
  unsigned preempt(unsigned, uint32_t ready, uint64_t yields, uint64_t& next_question) override {
    next_question = yields + 1;
    return choose(ready);
  }
  unsigned pick(uint32_t ready, unsigned) override { return choose(ready); }

 private:
  struct Choice {
    uint32_t ready;  // those up to and with the one that is taken are in `next`
    uint32_t next;
  };
  static uint32_t following(const Choice& choice) {
    const uint32_t left = choice.ready & ~choice.next;
    return choice.next | (left & (~left + 1));
  }
  unsigned choose(uint32_t ready) {
    if (at_ == choices_.size()) choices_.push_back({ready, ready & (~ready + 1)});
    return static_cast<unsigned>(std::bit_width(choices_[at_++].next) - 1);
  }
  std::vector<Choice> choices_;
  size_t at_ = 0;
};

}  // namespace rxcheck
