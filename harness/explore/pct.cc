// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/pct.h"

#include <algorithm>
#include <bit>

namespace rxcheck {

void Pct::begin(uint64_t seed, uint32_t depth, uint32_t expected_yields) {
  random_ = Random(seed);
  for (auto& priority : priorities_) priority = random_.next() | (1ull << 63);
  changes_ = std::min(depth - 1, kMaxChanges);
  change_ = 0;
  lowest_ = 1ull << 62;
  for (unsigned i = 0; i < changes_; ++i) points_[i] = 1 + random_.below(std::max(expected_yields, 1u));
  std::sort(points_.begin(), points_.begin() + changes_);
}

unsigned Pct::highest(uint32_t runnable) const {
  unsigned best = static_cast<unsigned>(std::countr_zero(runnable));
  for (uint32_t left = runnable; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    if (priorities_[i] > priorities_[best]) best = i;
  }
  return best;
}

unsigned Pct::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  priorities_[current] = --lowest_;
  while (change_ < changes_ && points_[change_] <= yields) ++change_;
  next_question = next_change();
  return highest(runnable);
}

unsigned Pct::pick(uint32_t runnable, unsigned) { return highest(runnable); }

}  // namespace rxcheck
