// SPDX-License-Identifier: Apache-2.0
//
// What happens before a transition, what it races with, and who must be explored so that a race is turned round.
#include <algorithm>
#include <bit>

#include "harness/explore/dpor.h"

namespace rxcheck {

void Dpor::join(Clock& clock, const Clock& other) const {
  for (unsigned i = 0; i < threads_; ++i) clock[i] = std::max(clock[i], other[i]);
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
      if (can_turn && orders_all(old.how)) break;
    }
  }
  std::ranges::sort(candidates_, [](const Candidate& a, const Candidate& b) {
    return a.event != b.event ? a.event > b.event : a.reversible < b.reversible;
  });
  // What must come before by one object cannot be turned round by another.
  const auto same = [](const Candidate& a, const Candidate& b) { return a.event == b.event; };
  candidates_.erase(std::unique(candidates_.begin(), candidates_.end(), same), candidates_.end());
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

}  // namespace rxcheck
