// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor_scheduler.h"

#include <bit>
#include <optional>
#include <string>

#include "harness/core/random.h"
#include "harness/explore/random_walk.h"

namespace rxcheck {

using nt::ObjectKind;
using nt::Touch;

void DporScheduler::begin(Dpor& dpor, Movers* movers, EventOrder* order, Checkpoints* checkpoints, uint64_t seed,
                          nt::Executive& executive, const History& history) {
  dpor_ = &dpor;
  order_ = order;
  history_ = &history;
  executive_ = &executive;
  checkpoints_ = checkpoints;
  decisions_.clear();
  deaf_ = away_ = false;
  passed_ = 0;
  touched_ = 0;
  left_ = false;
  random_.reset();
  if (seed != 0) random_.emplace(seed);
  period_ = 1u << seed % 4;
  ahead_ = checkpoints != nullptr && dpor.known() != 0;
  if (!ahead_) {
    if (checkpoints != nullptr) checkpoints->marks.clear();
    dpor.begin_execution();
    watch_.begin(dpor, movers, order);
    return;
  }
  checkpoints->marks.resize(dpor.known() + 1);
  const Checkpoints::Mark& mark = checkpoints->marks.back();
  const auto known = checkpoints->decisions.begin();
  decisions_.assign(known, known + static_cast<ptrdiff_t>(mark.decisions));
  next_ = 0;
  watch_.resume(dpor, movers, order, dpor.known(), mark.watch);
  dpor.resume();
}

nt::AccessSink* DporScheduler::listener(bool beside) {
  deaf_ = ahead_ && ++checkpoints_->executions % Checkpoints::kComparedEvery != 0;
  away_ = deaf_ && !beside;
  return away_ ? nullptr : this;
}

void DporScheduler::write_threads(std::vector<uint8_t>& threads) const {
  threads.clear();
  for (const Checkpoints::Decision& decision : decisions_) threads.push_back(decision.thread);
}

uint64_t DporScheduler::passed_here(uint32_t runnable) const {
  return mix64(mix64(passed_ ^ runnable) ^ executive_->yields());
}

void DporScheduler::leave(uint32_t runnable) {
  tell_stuck(runnable);
  left_ = true;
  executive_->break_off(std::string(kExploredBefore));
}

// What the execution before did at this decision.
unsigned DporScheduler::go_ahead(uint32_t runnable, unsigned otherwise, bool pick) {
  if (next_ == decisions_.size()) {
    ahead_ = false;
    if (is_as_before(runnable)) {
      touched_ = checkpoints_->marks.back().touched;
      if (away_) executive_->set_access_sink(this);
      return choose(runnable, otherwise, pick);
    }
  } else if (const unsigned next = decisions_[next_++].thread; (runnable >> next & 1) != 0) {
    return next;
  }
  dpor_->leads_elsewhere();
  leave(runnable);
  return otherwise;
}

// At the end of what was known.
bool DporScheduler::is_as_before(uint32_t runnable) const {
  const Checkpoints::Mark& mark = checkpoints_->marks.back();
  return passed_here(runnable) == mark.passed && (deaf_ || touched_ == mark.touched);
}

// While ahead: at how many yield points from the next decision on the thread of the last one goes on.
uint64_t DporScheduler::steps_alike() const {
  uint64_t steps = 0;
  const unsigned thread = decisions_[next_ - 1].thread;
  for (size_t i = next_; i < decisions_.size() && !decisions_[i].pick && decisions_[i].thread == thread; ++i) ++steps;
  return steps;
}

// Who cannot go on: those who wait, and those who stand before a lock, would if somebody had not kept them from it.
void DporScheduler::tell_stuck(uint32_t runnable) {
  const uint32_t held_up = executive_->held_up();
  for (uint32_t left = held_up; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(std::countr_zero(left));
    const auto lock = reinterpret_cast<uintptr_t>(executive_->thread(i).standing_lock);
    dpor_->stuck(i, nt::object_name(ObjectKind::lock, lock), Touch::acquire);
  }
  watch_.stuck(executive_->alive() & ~(runnable | held_up));
}

void DporScheduler::end() {
  if (ahead_) dpor_->leads_elsewhere();
  if (checkpoints_ != nullptr) checkpoints_->decisions = decisions_;
  if (!left_) tell_stuck(0);
  if (order_ != nullptr) order_->end(history_->events.size());
  dpor_->end_execution();
}

void DporScheduler::begins_anew() {
  if (ahead_) return;
  watch_.end(executive_->held_up());
  tell_stuck(0);
  dpor_->barrier();
  watch_.begins_anew();
  if (order_ != nullptr) order_->barrier(history_->events.size());
}

void DporScheduler::access(unsigned thread, const void* address, uint32_t size, nt::MemoryUse use, const void* site) {
  if (!deaf_ || !ahead_) AccessSink::access(thread, address, size, use, site);
}

void DporScheduler::touch(unsigned, uint64_t object, Touch how, const void*) {
  if (deaf_ && ahead_) return;
  touched_ = mix64(touched_ ^ object ^ static_cast<uint64_t>(how) << 48);
  if (ahead_) return;
  if (order_ != nullptr && static_cast<ObjectKind>(object >> 56) == ObjectKind::history) {
    order_->event(history_->events.size());
    return;
  }
  const bool lock = static_cast<ObjectKind>(object >> 56) == ObjectKind::lock;
  watch_.touch(object, how, lock ? executive_->lock_class(reinterpret_cast<uint64_t*>(object << 8 >> 8)) : 0);
}

void DporScheduler::use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) {
  if (!ahead_) watch_.use_set(thread, set, entry, use);
}

// True if the running thread goes on by itself.
bool DporScheduler::stays(uint32_t runnable) {
  const uint64_t* standing = executive_->running().standing_lock;
  std::optional<Movers::Lock> lock;
  if (standing != nullptr) lock = {executive_->lock_class(standing), *standing == 0};
  return watch_.stays(runnable | executive_->held_up(), reinterpret_cast<uintptr_t>(executive_->asked_at()), lock);
}

unsigned DporScheduler::decide(uint32_t runnable, unsigned preferred, bool pick) {
  watch_.end(runnable | executive_->held_up());
  if (checkpoints_ != nullptr)
    checkpoints_->marks.push_back({decisions_.size(), passed_here(runnable), touched_, watch_.mark()});
  if (random_ && runnable != 0 && random_->chance(1, period_))
    preferred = nth_bit(runnable, random_->below(static_cast<uint32_t>(std::popcount(runnable))));
  return choose(runnable, preferred, pick);
}

unsigned DporScheduler::choose(uint32_t runnable, unsigned preferred, bool pick) {
  const unsigned next = watch_.choose(runnable, preferred);
  if (next == Dpor::kNobody) {
    leave(runnable);
    return preferred;
  }
  decisions_.push_back({static_cast<uint8_t>(next), pick});
  return next;
}

unsigned DporScheduler::preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) {
  next_question = yields + 1;
  const bool ahead = ahead_;
  if (!ahead && stays(runnable)) {
    decisions_.push_back({static_cast<uint8_t>(current), false});
    return current;
  }
  const unsigned next = ahead ? go_ahead(runnable, current, false) : decide(runnable, current, false);
  if (next != current) passed_ = passed_here(runnable);
  if (!ahead_) return next;
  const uint64_t steps = steps_alike();
  next_ += steps;
  next_question += steps;
  return next;
}

unsigned DporScheduler::pick(uint32_t runnable, unsigned baseline) {
  const unsigned next = ahead_ ? go_ahead(runnable, baseline, true) : decide(runnable, baseline, true);
  passed_ = passed_here(runnable);
  return next;
}

}  // namespace rxcheck
