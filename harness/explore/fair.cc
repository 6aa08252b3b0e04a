// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/fair.h"

#include <algorithm>
#include <bit>

namespace rxcheck {

void Fair::begin(nt::Scheduler& inner, uint64_t patience) {
  inner_ = &inner;
  patience_ = patience;
  inner_question_ = nt::kNever;
  since_ = 0;
  passed_over_ = 0;
  running_ = ~0u;
}

uint64_t Fair::first_question() {
  inner_question_ = inner_->first_question();
  return std::min(inner_question_, patience_);
}

unsigned Fair::took(unsigned thread, uint64_t yields) {
  if (thread != running_) since_ = yields;
  running_ = thread;
  passed_over_ &= ~(1u << thread);
  return thread;
}

unsigned Fair::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  unsigned next = current;
  if (yields >= inner_question_) next = inner_->preempt(current, runnable, yields, inner_question_);
  if (next == current && yields - since_ >= patience_) {
    since_ = yields;
    passed_over_ |= 1u << current;
    if ((runnable & ~passed_over_) == 0) passed_over_ = 1u << current;  // all have had it: a new round
    if (const uint32_t others = runnable & ~passed_over_; others != 0)
      next = static_cast<unsigned>(std::countr_zero(others));
  }
  took(next, yields);
  next_question = std::min(inner_question_, since_ + patience_);
  if (next_question <= yields) next_question = yields + 1;
  return next;
}

unsigned Fair::pick(uint32_t runnable, unsigned baseline) {
  const uint32_t fresh = runnable & ~passed_over_;
  return took(inner_->pick(fresh != 0 ? fresh : runnable, baseline), since_);
}

}  // namespace rxcheck
