// SPDX-License-Identifier: Apache-2.0
//
// How what movers know of an execution is come back to. Of an object each touch writes down what it changes; the rest,
// which is little, is kept with each mark.
#include <algorithm>

#include "harness/explore/movers.h"

namespace rxcheck {

void Movers::mark() {
  if (marks_used_ == marks_.size()) marks_.emplace_back();
  Mark& mark = marks_[marks_used_++];
  mark.changes = changes_.size();
  mark.clocks_used = clocks_marked_ = clocks_used_;
  mark.threads = threads_;
  mark.running = running_;
  mark.locks_met = locks_met_;
  mark.lines.assign(lines_.begin(), lines_.begin() + threads_);
  mark.sets = sets_.state();
}

void Movers::take_back(const Change& change) {
  Shadow& shadow = shadows_[change.number];
  shadow.execution = change.execution;
  if (change.execution != execution_) return;  // then nothing of it counts
  shadow.bit = change.bit;
  if (change.kind != kKinds) shadow.known[change.kind] = change.known;
  if (change.accesses == nullptr) return;
  std::vector<Access>& accesses = shadow.*change.accesses;
  if (change.clock == 0)
    accesses.pop_back();
  else
    accesses[change.noted].clock = change.clock;
}

// What was changed last is taken back first.
void Movers::back_to(size_t number) {
  marks_used_ = number + 1;
  const Mark& mark = marks_[number];
  for (; changes_.size() > mark.changes; changes_.pop_back()) take_back(changes_.back());
  clocks_used_ = clocks_marked_ = mark.clocks_used;
  threads_ = mark.threads;
  running_ = mark.running;
  locks_met_ = mark.locks_met;
  std::ranges::copy(mark.lines, lines_.begin());
  sets_.put_back(mark.sets);
}

}  // namespace rxcheck
