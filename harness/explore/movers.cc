// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/movers.h"

#include <algorithm>
#include <utility>

namespace rxcheck {

using nt::ObjectKind;
using nt::Touch;

void Movers::begin() {
  positions_.clear();
  racing_.clear();
  racing_count_ = 0;
  sections_.clear();
  ordering_.clear();
  order_.forget();
  sets_.begin();
  nested_.clear();
  objects_.clear();
  shadows_.clear();
  execution_ = 0;
  clocks_.clear();
  threads_ = 0;
}

void Movers::begin_execution() {
  ++execution_;
  sets_.begin_execution();
  marks_used_ = clocks_marked_ = 0;
  changes_.clear();
  clocks_.resize(std::max<size_t>(clocks_.size(), 1));  // the first is nobody's: 0 everywhere
  clocks_used_ = 1;
  threads_ = 0;  // choose() makes each line ready
  running_ = kNobody;
  past_ = fresh_ = learned_ = false;
  locks_met_ = 0;
}

void Movers::join(Clock& clock, const Clock& other) const {
  for (unsigned i = 0; i < threads_; ++i) clock[i] = std::max(clock[i], other[i]);
}

bool Movers::stays(unsigned thread, uint64_t position, std::optional<Lock> lock) {
  Line& line = lines_[thread];
  come_to(line, position);
  const bool stays = lock ? !past_ && lock->free && !ordering_.contains(lock->lock_class) : !past_ || !line.racing;
  fresh_ = !past_;
  return stays;
}

void Movers::choose(unsigned thread) {
  if (running_ != kNobody)
    for (const Section& held : lines_[running_].held) split(held);
  for (; threads_ <= thread; ++threads_) {
    lines_[threads_].clock.fill(0);
    lines_[threads_].others = 0;
    lines_[threads_].clock[threads_] = 1;
    come_to(lines_[threads_], kHarness);
    lines_[threads_].held.clear();
    lines_[threads_].locks = 0;
  }
  running_ = thread;
  past_ = false;
  fresh_ = true;
}

// Something that cannot be moved. A transition has room for one: if there was one before, somebody ought to have had
// the chance to come between.
void Movers::stay_put() {
  if (!fresh_) race_at(lines_[running_].position);
  past_ = true;
}

Movers::Shadow& Movers::shadow_of(uint64_t object) {
  const uint32_t number = objects_.of(object);
  if (number == shadows_.size()) shadows_.emplace_back();
  Shadow& shadow = shadows_[number];
  changes_.push_back({number, shadow.execution, shadow.bit});
  if (shadow.execution != execution_) {
    shadow.execution = execution_;
    shadow.writes.clear();
    shadow.reads.clear();
    shadow.known = {};
    shadow.bit = 0;
  }
  return shadow;
}

std::optional<Touch> Movers::touch(unsigned thread, uint64_t object, Touch how, uint32_t lock_class) {
  if (running_ == kNobody || thread >= threads_) return how;
  Shadow& shadow = shadow_of(object);
  switch (static_cast<ObjectKind>(object >> 56)) {
    case ObjectKind::memory:
      return access(thread, shadow, how);
    case ObjectKind::lock:
      return touch_lock(thread, shadow, how, lock_class);
    default:
      stay_put();
      synchronize(thread, shadow, how);
      return how;
  }
}

void Movers::note(Shadow& shadow, std::vector<Access> Shadow::*accesses, const Access& now) {
  std::vector<Access>& all = shadow.*accesses;
  const auto known = std::ranges::find_if(all, [&](const Access& access) {
    return access.thread == now.thread && access.position == now.position && access.locks == now.locks;
  });
  Change& change = changes_.back();
  change.accesses = accesses;
  change.noted = static_cast<uint32_t>(known - all.begin());
  if (known == all.end()) {
    all.push_back(now);
    return;
  }
  change.clock = std::exchange(known->clock, now.clock);
}

// Updates of a set that no lock keeps apart are writes: one could be in the midst of another.
Touch Movers::access(unsigned thread, Shadow& shadow, Touch how) {
  const Line& line = lines_[thread];
  const bool writes = how != Touch::read;
  for (const Access& write : shadow.writes) meet(thread, write);
  if (writes)
    for (const Access& read : shadow.reads) meet(thread, read);
  note(shadow, writes ? &Shadow::writes : &Shadow::reads, {thread, line.clock[thread], line.position, line.locks});
  if (line.racing) stay_put();
  if (line.racing && how == Touch::update) how = Touch::write;
  synchronize(thread, shadow, how);
  return how;
}

// A conflicting access comes after this one. Two that race at positions known for it are what the exploration orders.
void Movers::meet(unsigned thread, const Access& earlier) {
  const Line& line = lines_[thread];
  if (earlier.thread == thread || earlier.clock <= line.clock[earlier.thread]) return;
  if ((earlier.locks & line.locks) != 0) return;
  if (!is_racing(earlier.position)) race_at(earlier.position);
  if (!line.racing) race_at(line.position);
}

uint32_t Movers::keep(Clock clock) {
  if (clocks_used_ == clocks_.size()) clocks_.emplace_back();
  clocks_[clocks_used_] = clock;
  return clocks_used_++;
}

void Movers::learn_from(unsigned thread, const Known& known) {
  Line& line = lines_[thread];
  if (known.thread == kNobody || known.thread == thread) return;
  if (known.thread != kSeveral && line.clock[known.thread] >= known.clock) return;  // then it knows the rest, too
  join(line.clock, clocks_[known.others]);
  if (known.thread != kSeveral) line.clock[known.thread] = std::max(line.clock[known.thread], known.clock);
  line.others = 0;
}

void Movers::publish(unsigned thread, Known& known) {
  Line& line = lines_[thread];
  if (known.thread == kSeveral) {
    if (known.others < clocks_marked_) known.others = keep(clocks_[known.others]);
    join(clocks_[known.others], line.clock);
    return;
  }
  if (known.thread != kNobody && known.thread != thread && line.clock[known.thread] < known.clock) {
    Clock all = line.clock;
    join(all, clocks_[known.others]);
    all[known.thread] = std::max(all[known.thread], known.clock);
    known = {kSeveral, 0, keep(all)};
    return;
  }
  if (line.others == 0) line.others = keep(line.clock);
  known = {thread, line.clock[thread], line.others};
}

// Touches of one object that conflict are kept in order by the exploration.
void Movers::synchronize(unsigned thread, Shadow& shadow, Touch how) {
  const unsigned kind = orders_all(how) ? kOthers : static_cast<unsigned>(how);
  for (unsigned i = 0; i < kKinds; ++i)
    if (i != kind || kind == kOthers) learn_from(thread, shadow.known[i]);
  changes_.back().kind = kind;
  changes_.back().known = shadow.known[kind];
  publish(thread, shadow.known[kind]);
  ++lines_[thread].clock[thread];
}

bool Movers::is_racing(uint64_t position) {
  if (position == kHarness) return true;
  const uint32_t number = positions_.of(position);
  if (number == racing_.size()) racing_.push_back(0);
  return racing_[number] != 0;
}

void Movers::race_at(uint64_t position) {
  if (is_racing(position)) return;
  racing_[positions_.of(position)] = 1;
  ++racing_count_;
  learned_ = true;
}

void Movers::barrier() {
  stuck();
  Clock all{};
  for (unsigned i = 0; i < threads_; ++i) join(all, lines_[i].clock);
  for (unsigned i = 0; i < threads_; ++i) {
    join(lines_[i].clock, all);
    ++lines_[i].clock[i];
    lines_[i].others = 0;
  }
  running_ = kNobody;
}

}  // namespace rxcheck
