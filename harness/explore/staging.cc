// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/staging.h"

#include <bit>

namespace rxcheck {

void Staging::start() {
  progress_.assign(stages_.size(), {});
  next_event_ = 0;
  left_ = stages_.size();
  steps_ = 0;
}

void Staging::look(unsigned ran, uint64_t) {
  const std::vector<Event>& events = history().events;
  for (; next_event_ < events.size(); ++next_event_) {
    for (size_t i = 0; i < stages_.size(); ++i) {
      Progress& progress = progress_[i];
      if (progress.over) continue;
      if (stages_[i].until.matches(events[next_event_])) {
        progress.over = true;
        --left_;
      } else if (progress.thread == kNobody && stages_[i].after.matches(events[next_event_])) {
        progress.thread = ran;
      }
    }
  }
}

uint32_t Staging::held() const {
  uint32_t threads = 0;
  for (const Progress& progress : progress_)
    if (!progress.over && progress.thread != kNobody) threads |= 1u << progress.thread;
  return threads;
}

unsigned Staging::give_way(uint32_t runnable) {
  if (++steps_ > kMostSteps) {
    for (Progress& progress : progress_) progress.over = true;
    left_ = 0;
  }
  // The last stage is the one for which the others are there: what it holds goes on last.
  for (const Progress& progress : progress_)
    if (!progress.over && progress.thread != kNobody && (runnable >> progress.thread & 1) != 0) return progress.thread;
  return static_cast<unsigned>(std::countr_zero(runnable));
}

}  // namespace rxcheck
