// SPDX-License-Identifier: Apache-2.0
//
// How what movers know of an execution is come back to. Of an object a copy is kept when it first changes after a mark;
// the rest, which is little, with each mark.
#include <algorithm>

#include "harness/explore/movers.h"

namespace rxcheck {

void Movers::mark() {
  if (marks_used_ == marks_.size()) marks_.emplace_back();
  Mark& mark = marks_[marks_used_++];
  mark.overwritten = overwritten_used_;
  mark.clocks_used = clocks_marked_ = clocks_used_;
  mark.threads = threads_;
  mark.running = running_;
  mark.locks_met = locks_met_;
  mark.lines.assign(lines_.begin(), lines_.begin() + threads_);
  mark.sets = sets_.state();
  ++epoch_;
}

// What was overwritten last is put back first.
void Movers::back_to(size_t number) {
  marks_used_ = number + 1;
  const Mark& mark = marks_[number];
  while (overwritten_used_ > mark.overwritten) {
    Overwritten& last = overwritten_[--overwritten_used_];
    std::swap(shadows_[last.number], last.shadow);
  }
  clocks_used_ = clocks_marked_ = mark.clocks_used;
  threads_ = mark.threads;
  running_ = mark.running;
  locks_met_ = mark.locks_met;
  std::ranges::copy(mark.lines, lines_.begin());
  sets_.put_back(mark.sets);
  ++epoch_;
}

// Of what is known of an object, before it changes, if this has not been done since the last mark.
void Movers::keep_copy(uint32_t number) {
  Shadow& shadow = shadows_[number];
  if (marks_used_ == 0 || shadow.kept == epoch_) return;
  if (overwritten_used_ == overwritten_.size()) overwritten_.emplace_back();
  Overwritten& copy = overwritten_[overwritten_used_++];
  copy.number = number;
  copy.shadow.execution = shadow.execution;
  if (shadow.execution == execution_) copy.shadow = shadow;
  shadow.kept = epoch_;
}

}  // namespace rxcheck
