// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor.h"

#include <algorithm>
#include <bit>

namespace rxcheck {

using nt::Touch;

void Dpor::begin() {
  depth_ = position_ = replayed_ = 0;
  open_ = left_ = nondeterministic_ = false;
  records_.clear();
  heads_.clear();
  objects_.clear();
  done_.clear();
  last_.fill(kNone);
  floors_.clear();
  threads_ = 0;
  complete_ = blocked_ = 0;
}

void Dpor::begin_execution() {
  position_ = 0;
  open_ = left_ = false;
}

void Dpor::resume() {
  begin_execution();
  position_ = known();
}

uint32_t Dpor::dense(uint64_t object) {
  const uint32_t number = objects_.of(object);
  if (number == heads_.size()) {
    heads_.push_back(kNone);
    done_.emplace_back();
  }
  return number;
}

void Dpor::touch(uint64_t object, Touch how) {
  if (!open_) return;
  const uint32_t number = dense(object);
  Done& done = done_[number];
  if (done.transition != transition_) done = {transition_, 0};
  const uint32_t kind = 1u << static_cast<unsigned>(how);
  if ((done.kinds & kind) != 0) return;
  done.kinds |= kind;
  footprint_.push_back({number, how});
}

unsigned Dpor::next(uint32_t enabled, unsigned preferred) {
  close();
  if (position_ < depth_) {
    const Node& node = nodes_[position_];
    nondeterministic_ = nondeterministic_ || node.enabled != enabled;
    if ((enabled >> node.thread & 1) == 0) {
      left_ = true;
      return kNobody;
    }
  } else {
    Node& node = push();
    node.enabled = enabled;
    inherit_sleep(node);
    const uint32_t awake = enabled & ~node.asleep_mask;
    if (awake == 0) {
      --depth_;
      left_ = true;
      return kNobody;
    }
    node.thread = (awake >> preferred & 1) != 0 ? preferred : static_cast<unsigned>(std::countr_zero(awake));
    node.backtrack = node.explored = 1u << node.thread;
  }
  const unsigned thread = nodes_[position_++].thread;
  threads_ = std::max(threads_, thread + 1);
  footprint_.clear();
  ++transition_;
  open_ = true;
  return thread;
}

Dpor::Node& Dpor::push() {
  if (depth_ == nodes_.size()) nodes_.emplace_back();
  Node& node = nodes_[depth_++];
  node.sleepers = 0;
  node.asleep_mask = 0;
  return node;
}

void Dpor::put_to_sleep(Node& node, unsigned thread, const Footprint& footprint) {
  if (node.sleepers == node.asleep.size()) node.asleep.emplace_back();
  Asleep& asleep = node.asleep[node.sleepers++];
  asleep.thread = thread;
  asleep.footprint.assign(footprint.begin(), footprint.end());
  node.asleep_mask |= 1u << thread;
}

// Who slept before the last transition sleeps on, unless it would do something that the transition conflicts with.
void Dpor::inherit_sleep(Node& node) {
  if (depth_ < 2) return;
  const Node& parent = nodes_[depth_ - 2];
  for (size_t i = 0; i < parent.sleepers; ++i)
    if (parent.asleep[i].thread != parent.thread && independent(parent.asleep[i].footprint, depth_ - 2))
      put_to_sleep(node, parent.asleep[i].thread, parent.asleep[i].footprint);
}

// REQUIRES: the event is the last one, and its records are in the chains.
bool Dpor::independent(const Footprint& footprint, uint32_t event) const {
  for (const Touched& touched : footprint)
    for (uint32_t r = heads_[touched.object]; r != kNone && records_[r].event == event; r = records_[r].previous)
      if (conflict(records_[r].how, touched.how)) return false;
  return true;
}

// The transition under way is over.
void Dpor::close() {
  if (!open_) return;
  open_ = false;
  const uint32_t event = position_ - 1;
  Node& node = nodes_[event];
  if (event < replayed_) {
    nondeterministic_ = nondeterministic_ || node.footprint != footprint_;
    return;
  }
  node.footprint.assign(footprint_.begin(), footprint_.end());
  append_records(event);
  order(event);
  replayed_ = event + 1;
}

void Dpor::append_records(uint32_t event) {
  Node& node = nodes_[event];
  node.first_record = static_cast<uint32_t>(records_.size());
  node.previous = last_[node.thread];
  node.index = node.previous == kNone ? 1 : nodes_[node.previous].index + 1;
  last_[node.thread] = event;
  for (const Touched& touched : node.footprint) {
    records_.push_back({touched.object, event, heads_[touched.object], touched.how});
    heads_[touched.object] = static_cast<uint32_t>(records_.size() - 1);
  }
}

void Dpor::barrier() {
  close();
  if (!floors_.empty() && floors_.back().events >= position_) return;  // an execution before came by here
  Floor floor{position_, {}};
  for (unsigned i = 0; i < threads_; ++i)
    if (last_[i] != kNone) join(floor.clock, nodes_[last_[i]].clock);
  floors_.push_back(floor);
}

// As if it did: only what it races with is looked for.
void Dpor::stuck(unsigned thread, uint64_t object, Touch how) {
  close();
  if (position_ != depth_) return;  // in an execution before it has been looked for
  const uint32_t event = depth_;
  Node& node = push();
  node.enabled = node.backtrack = node.explored = 0;
  node.thread = thread;
  node.footprint.assign(1, {dense(object), how});
  append_records(event);
  replayed_ = depth_;
  order(event);
  truncate(event);
}

void Dpor::end_execution() {
  close();
  if (left_)
    ++blocked_;
  else
    ++complete_;
}

// Takes back all transitions but the first `events`.
void Dpor::truncate(uint32_t events) {
  while (depth_ > events) {
    const Node& node = nodes_[--depth_];
    if (depth_ >= replayed_) continue;  // it was not executed
    while (records_.size() > node.first_record) {
      heads_[records_.back().object] = records_.back().previous;
      records_.pop_back();
    }
    last_[node.thread] = node.previous;
  }
  replayed_ = std::min(replayed_, events);
  while (!floors_.empty() && floors_.back().events > events) floors_.pop_back();
}

double Dpor::explored_part() const {
  double part = 0;
  double weight = 1;  // of what the path's choices so far leave
  for (uint32_t i = 0; i < depth_; ++i) {
    const Node& node = nodes_[i];
    const int known = std::popcount(node.explored | (node.backtrack & ~node.asleep_mask));
    part += weight * (std::popcount(node.explored) - 1) / known;
    weight /= known;
  }
  return part;
}

bool Dpor::more() {
  while (depth_ > 0) {
    truncate(depth_ - 1);
    Node& node = nodes_[depth_];  // it stays where it was
    put_to_sleep(node, node.thread, node.footprint);
    const uint32_t left = node.backtrack & ~node.explored & ~node.asleep_mask;
    if (left == 0) continue;
    ++depth_;
    node.thread = static_cast<unsigned>(std::countr_zero(left));
    node.explored |= 1u << node.thread;
    return true;
  }
  return false;
}

}  // namespace rxcheck
