// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/event_order.h"

#include <algorithm>

namespace rxcheck {

void EventOrder::begin() {
  steps_.clear();
  clocks_.clear();
  locks_.clear();
  sections_.clear();
  marks_.clear();
  open_ = false;
  told_ = 0;
}

void EventOrder::mark() { marks_.push_back({steps_.size(), clocks_.size(), locks_.size(), sections_.size(), told_}); }

void EventOrder::back_to(size_t mark) {
  marks_.resize(mark + 1);
  const Mark& then = marks_.back();
  steps_.resize(then.steps);
  clocks_.resize(then.clocks);
  locks_.resize(then.locks);
  sections_.resize(then.sections);
  for (Section& section : sections_)
    if (section.last >= then.steps) section.last = kNever;
  open_ = false;
  told_ = then.told;
}

void EventOrder::begin_step(unsigned thread, uint32_t own_time) {
  Step step;
  step.thread = static_cast<uint8_t>(thread);
  step.begin = own_time;
  step.first_lock = static_cast<uint32_t>(locks_.size());
  step.first_event = told_;
  steps_.push_back(step);
  open_ = true;
}

void EventOrder::event(size_t events) {
  if (!open_) return;
  Step& step = steps_.back();
  if (step.events++ == 0) step.first_event = static_cast<uint32_t>(events);
  told_ = static_cast<uint32_t>(events) + 1;
}

void EventOrder::use_lock(uint64_t lock, bool taken) {
  if (!open_) return;
  locks_.push_back({lock, taken});
  ++steps_.back().locks;
  const auto now = static_cast<uint32_t>(steps_.size() - 1);
  if (taken) {
    sections_.push_back({lock, now});
    return;
  }
  const auto open = std::find_if(sections_.rbegin(), sections_.rend(), [&](const Section& section) {
    return section.lock == lock && section.last == kNever && steps_[section.first].thread == steps_.back().thread;
  });
  if (open != sections_.rend()) open->last = now;
}

void EventOrder::end_step(std::span<const uint32_t> clock) {
  if (!open_) return;
  Step& step = steps_.back();
  step.first_clock = static_cast<uint32_t>(clocks_.size());
  step.clocks = static_cast<uint32_t>(clock.size());
  clocks_.insert(clocks_.end(), clock.begin(), clock.end());
  open_ = false;
}

bool EventOrder::covers(size_t events) const {
  uint32_t next = 0;
  for (const Step& step : steps_) {
    if (step.events == 0) continue;
    if (step.first_event != next) return false;
    next += step.events;
  }
  return next == events;
}

void EventOrder::barrier(size_t events) {
  Step step;
  step.first_event = told_;
  step.events = static_cast<uint32_t>(events) - told_;
  step.first_lock = static_cast<uint32_t>(locks_.size());
  steps_.push_back(step);
  open_ = false;
  told_ = static_cast<uint32_t>(events);
}

}  // namespace rxcheck
