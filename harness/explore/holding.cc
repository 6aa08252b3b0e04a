// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/holding.h"

#include <algorithm>
#include <bit>

namespace rxcheck {

void Holding::begin(nt::Scheduler* below, nt::Executive& executive, const History& history) {
  below_ = below;
  executive_ = &executive;
  history_ = &history;
  question_below_ = nt::kNever;
  ran_ = kNobody;
  start();
}

uint64_t Holding::first_question() {
  question_below_ = below_ == nullptr ? nt::kNever : below_->first_question();
  return std::min(question_below_, next_look(0));
}

unsigned Holding::pick_below(uint32_t allowed, unsigned baseline) {
  if ((allowed >> baseline & 1) == 0) baseline = static_cast<unsigned>(std::countr_zero(allowed));
  const bool asks = below_ != nullptr && (std::popcount(allowed) > 1 || below_->asks_always());
  return asks ? below_->pick(allowed, baseline) : baseline;
}

unsigned Holding::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  look(ran_ == kNobody ? current : ran_, yields);
  const uint32_t allowed = runnable & ~held();
  unsigned next = current;
  if (const unsigned first = preferred(); first != kNobody && (allowed >> first & 1) != 0) {
    next = first;
  } else if (allowed == 0) {
    next = give_way(runnable);
  } else if ((allowed >> current & 1) == 0) {
    next = pick_below(allowed, current);
  } else if (yields >= question_below_) {
    question_below_ = nt::kNever;
    next = below_->preempt(current, allowed, yields, question_below_);
  }
  next_question = std::min(question_below_, next_look(yields));
  return ran_ = next;
}

unsigned Holding::pick(uint32_t runnable, unsigned baseline) {
  look(ran_, executive_->yields());
  const uint32_t allowed = runnable & ~held();
  if (const unsigned first = preferred(); first != kNobody && (allowed >> first & 1) != 0) return ran_ = first;
  if (allowed == 0) return ran_ = give_way(runnable);
  // The scheduler below is asked only where it would be without this one.
  return ran_ = pick_below(allowed, baseline);
}

}  // namespace rxcheck
