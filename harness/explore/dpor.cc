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
  names_.clear();
  last_.fill(kNone);
  floors_.clear();
  threads_ = 0;
  complete_ = blocked_ = 0;
  to_divide_.clear();
}

void Dpor::begin_execution() {
  position_ = 0;
  open_ = left_ = false;
}

uint32_t Dpor::dense(uint64_t object) {
  const auto [at, fresh] = objects_.try_emplace(object, static_cast<uint32_t>(names_.size()));
  if (fresh) {
    names_.push_back(object);
    heads_.push_back(kNone);
  }
  return at->second;
}

void Dpor::join(Clock& clock, const Clock& other) const {
  for (unsigned i = 0; i < threads_; ++i) clock[i] = std::max(clock[i], other[i]);
}

void Dpor::touch(uint64_t object, Touch how, bool divisible) {
  if (!open_) return;
  const Touched touched{dense(object), how, divisible};
  if (std::ranges::find(footprint_, touched) == footprint_.end()) footprint_.push_back(touched);
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
    records_.push_back({touched.object, event, heads_[touched.object], touched.how, touched.divisible});
    heads_[touched.object] = static_cast<uint32_t>(records_.size() - 1);
  }
}

// Finds what happens before the event and what it races with.
void Dpor::order(uint32_t event) {
  Node& node = nodes_[event];
  Clock before{};
  if (node.previous != kNone) before = nodes_[node.previous].clock;
  if (!floors_.empty()) join(before, floors_.back().clock);
  find_candidates(event, before);
  Clock joined = before;
  node.clock = before;
  for (const Candidate& candidate : candidates_) {  // the latest first: only it can hide others
    join(node.clock, nodes_[candidate.event].clock);
    if (!candidate.reversible || happens_before(candidate.event, joined) || is_closed(candidate.event)) continue;
    reverse(candidate.event, event, before);
    join(joined, nodes_[candidate.event].clock);
  }
  node.clock[node.thread] = node.index;
}

// The transitions that conflict with the event and do not happen before it for another reason.
void Dpor::find_candidates(uint32_t event, const Clock& before) {
  candidates_.clear();
  closed_.clear();
  const Node& node = nodes_[event];
  for (uint32_t own = node.first_record; own < records_.size(); ++own) {
    const Record& mine = records_[own];
    bool closing = false;  // the record before lets it happen
    for (uint32_t r = mine.previous; r != kNone; r = records_[r].previous) {
      const Record& old = records_[r];
      if (old.event == event) continue;
      if (happens_before(old.event, before)) {
        if (orders_all(old.how)) break;
        continue;
      }
      if (!conflict(old.how, mine.how)) continue;
      const bool can_turn = reversible(old.how, mine.how);
      if (!can_turn && old.previous != kNone && records_[old.previous].event == old.event) continue;  // taken and given
      candidates_.push_back({old.event, can_turn});
      if (closing && can_turn) closed_.back().first = old.event;
      closing = !can_turn;
      if (closing) closed_.push_back({kNone, old.event});
      if (can_turn && (mine.divisible || old.divisible)) to_divide_.push_back(names_[mine.object]);
      if (can_turn && orders_all(old.how)) break;
    }
  }
  std::ranges::sort(candidates_, [](const Candidate& a, const Candidate& b) {
    return a.event != b.event ? a.event > b.event : a.reversible < b.reversible;
  });
  // What must come before by one object cannot be turned round by another.
  const auto [first, last] = std::ranges::unique(candidates_, {}, &Candidate::event);
  candidates_.erase(first, last);
}

bool Dpor::is_closed(uint32_t event) const {
  for (const Closed& closed : closed_)
    if (happens_before(event, nodes_[closed.last].clock) &&
        (closed.first == kNone || (closed.first != event && happens_before(closed.first, nodes_[event].clock))))
      return true;
  return false;
}

// An execution must come in which `later` is not after `earlier`: some thread that can begin it is explored from before
// `earlier`.
void Dpor::reverse(uint32_t earlier, uint32_t later, const Clock& before) {
  Node& node = nodes_[earlier];
  const uint32_t first = initials(earlier, later, before);
  if ((first & (node.backtrack | node.asleep_mask)) != 0) return;
  const uint32_t possible = first & node.enabled;
  const unsigned thread = nodes_[later].thread;
  if ((possible >> thread & 1) != 0)
    node.backtrack |= 1u << thread;
  else if (possible != 0)
    node.backtrack |= possible & (~possible + 1);
  else
    node.backtrack |= node.enabled;
}

// Who can begin what does not happen after `earlier`, up to and with `later`.
uint32_t Dpor::initials(uint32_t earlier, uint32_t later, const Clock& before) const {
  uint32_t seen = 0, first = 0;
  Clock firsts{};           // by thread that was seen: the index of its first transition
  Clock reaching = before;  // of `later`, without what it has from `earlier`
  const auto look = [&](unsigned thread, uint32_t index, const Clock& clock) {
    if ((seen >> thread & 1) != 0) return;
    bool begins = true;
    for (uint32_t left = seen; left != 0 && begins; left &= left - 1) {
      const auto other = static_cast<unsigned>(std::countr_zero(left));
      begins = clock[other] < firsts[other];
    }
    seen |= 1u << thread;
    firsts[thread] = index;
    if (begins) first |= 1u << thread;
  };
  for (uint32_t i = earlier + 1; i < later; ++i)
    if (!happens_before(earlier, nodes_[i].clock)) look(nodes_[i].thread, nodes_[i].index, nodes_[i].clock);
  for (const Candidate& candidate : candidates_)
    if (candidate.event > earlier && !happens_before(earlier, nodes_[candidate.event].clock))
      join(reaching, nodes_[candidate.event].clock);
  look(nodes_[later].thread, nodes_[later].index, reaching);
  return first;
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
  if (left_ || position_ != depth_) return;  // in an execution before it has been looked for
  const uint32_t event = depth_;
  Node& node = push();
  node.enabled = node.backtrack = node.explored = 0;
  node.thread = thread;
  node.footprint.assign(1, {dense(object), how, false});
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
