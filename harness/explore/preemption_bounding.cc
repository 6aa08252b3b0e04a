// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/preemption_bounding.h"

#include <bit>

namespace rxcheck {

void PreemptionBounding::begin() {
  bound_ = 0;
  departures_.clear();
  decisions_.clear();
}

uint64_t PreemptionBounding::first_question() {
  decision_ = 0;
  next_departure_ = 0;
  seen_.clear();
  return 1;
}

unsigned PreemptionBounding::decide(unsigned baseline, uint32_t runnable) {
  const size_t here = decision_++;
  seen_.push_back({runnable & ~(1u << baseline)});
  if (next_departure_ == departures_.size() || departures_[next_departure_].decision != here) return baseline;
  const unsigned thread = departures_[next_departure_++].thread;
  return (runnable >> thread & 1) != 0 ? thread : baseline;
}

unsigned PreemptionBounding::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + 1;
  return decide(current, runnable);
}

unsigned PreemptionBounding::pick(uint32_t runnable, unsigned baseline) { return decide(baseline, runnable); }

// The next departure number `level`, behind that of the level before; false if there is none.
bool PreemptionBounding::advance(size_t level) {
  const std::vector<Decision>& offered = decisions_[level];
  const bool fresh = departures_.size() == level;
  size_t at = fresh ? (level == 0 ? 0 : departures_[level - 1].decision + 1) : departures_[level].decision;
  uint32_t above = fresh ? ~0u : ~((2u << departures_[level].thread) - 1);
  departures_.resize(level);
  for (; at < offered.size(); ++at, above = ~0u) {
    const uint32_t left = offered[at].others & above;
    if (left == 0) continue;
    departures_.push_back({at, static_cast<unsigned>(std::countr_zero(left))});
    return true;
  }
  return false;
}

bool PreemptionBounding::more(unsigned most) {
  // The run that was just done offers what may follow its departures.
  decisions_.resize(departures_.size());
  decisions_.push_back(std::move(seen_));
  seen_.clear();
  while (true) {
    // Schedules with fewer departures than the bound were run with an earlier one: here only their runs are needed
    // again, to know what they offer.
    if (departures_.size() < bound_ && decisions_.size() > departures_.size() && advance(departures_.size()))
      return true;
    while (!departures_.empty()) {
      decisions_.resize(departures_.size());
      if (advance(departures_.size() - 1)) return true;
    }
    if (bound_ == most) return false;
    ++bound_;
    decisions_.resize(1);  // the baseline's
  }
}

}  // namespace rxcheck
