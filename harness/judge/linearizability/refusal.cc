// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/refusal.h"

#include <algorithm>

namespace rxcheck::linear {

namespace {

using Indices = std::vector<uint32_t>;

class Explainer {
 public:
  Explainer(Model& model, std::span<const TimedOperation> operations, SearchLimits limits)
      : model_(model), operations_(operations), limits_(limits) {
    for (uint32_t i = 0; i < operations.size(); ++i)
      if (operations[i].ret != kNever) returns_.push_back(i);
    std::ranges::sort(returns_, {}, [&](uint32_t each) { return operations[each].ret; });
  }

  Refusal explain() {
    Refusal refusal;
    refusal.accepted = accepted_returns();
    refusal.last = returns_[refusal.accepted];
    find_candidates(refusal);
    find_smallest(refusal);
    refusal.work = work_;
    return refusal;
  }

 private:
  SearchResult try_search(std::span<const TimedOperation> operations, uint32_t goal = kNoGoal) {
    SearchLimits left = limits_;
    left.steps = limits_.steps > work_ ? limits_.steps - work_ : 0;
    SearchResult result = search(model_, operations, left, goal);
    work_ += result.work;
    return result;
  }

  // What was known when return `count` had come: of what was open then nobody knows the result.
  std::vector<TimedOperation> cut_after(uint32_t count, Indices& numbers) const {
    const uint32_t moment = operations_[returns_[count]].ret;
    std::vector<TimedOperation> cut;
    numbers.clear();
    for (uint32_t i = 0; i < operations_.size(); ++i) {
      if (operations_[i].call > moment) continue;
      cut.push_back(operations_[i]);
      numbers.push_back(i);
      if (cut.back().ret <= moment) continue;
      cut.back().ret = kNever;
      cut.back().result = kUnknown;
    }
    return cut;
  }

  // How many returns can be explained; a prefix of that many and one more cannot.
  uint32_t accepted_returns() {
    uint32_t low = 0, high = static_cast<uint32_t>(returns_.size()) - 1;  // the first refused one is in [low, high]
    Indices numbers;
    while (low < high) {
      const uint32_t middle = low + (high - low) / 2;
      const Outcome outcome = try_search(cut_after(middle, numbers)).outcome;
      if (outcome == Outcome::refused)
        high = middle;
      else if (outcome == Outcome::accepted)
        low = middle + 1;
      else
        break;
    }
    return high;
  }

  void find_candidates(Refusal& refusal) {
    Indices numbers;
    const auto cut = cut_after(refusal.accepted, numbers);
    const auto goal = static_cast<uint32_t>(std::ranges::lower_bound(numbers, refusal.last) - numbers.begin());
    const SearchResult longest = try_search(cut, goal);
    if (longest.outcome != Outcome::refused) return;
    std::vector<TimedOperation> before;
    std::vector<bool> is_done(cut.size());
    for (const uint32_t each : longest.order) {
      before.push_back(cut[each]);
      is_done[each] = true;
      refusal.order.push_back(numbers[each]);
    }
    std::vector<State> successors;
    for (uint32_t i = 0; i < cut.size(); ++i) {
      const Traits traits = model_.traits(cut[i]);
      if (is_done[i] || (cut[i].ret == kNever && traits.pure)) continue;
      successors.clear();
      model_.step(longest.state, cut[i], traits, successors);
      refusal.refused.push_back({numbers[i], successors.empty()
                                                 ? model_.why_refused(before, longest.state, cut[i])
                                                 : model_.text_of(cut[i]) + ", after which no order goes on"});
    }
  }

  // Whether the chosen operations are refused although every other that was called until `last` returned may take
  // effect at any time or never; those that were open then, at any time after their calls.
  bool is_refused(const Indices& chosen, uint32_t last) {
    const auto room = static_cast<uint32_t>(operations_.size());  // for calls before all others
    std::vector<bool> is_chosen(operations_.size());
    for (const uint32_t each : chosen) is_chosen[each] = true;
    std::vector<TimedOperation> part;
    for (uint32_t i = 0; i < operations_.size(); ++i) {
      TimedOperation each = operations_[i];
      if (each.call > operations_[last].ret) continue;
      const bool was_open = each.ret > operations_[last].ret;
      each.call = is_chosen[i] || was_open ? each.call + room : i;
      if (is_chosen[i]) {
        each.ret += room;
      } else {
        each.ret = kNever;
        each.result = kUnknown;
        if (model_.traits(each).pure) continue;
      }
      part.push_back(each);
    }
    const Outcome outcome = try_search(part).outcome;
    decided_ = decided_ && (outcome == Outcome::refused || outcome == Outcome::accepted);
    return outcome == Outcome::refused;
  }

  // The last `count` of them by moment of the return, in which `last` is the last.
  Indices latest(uint32_t accepted, uint32_t count) const {
    Indices chosen(returns_.begin() + (accepted + 1 - count), returns_.begin() + accepted + 1);
    return chosen;
  }

  void find_smallest(Refusal& refusal) {
    const uint32_t all = refusal.accepted + 1;
    Indices chosen;
    for (uint32_t count = 1; count < all && decided_; count *= 4)
      if (chosen = latest(refusal.accepted, count); is_refused(chosen, refusal.last))
        break;
      else
        chosen.clear();
    if (chosen.empty()) chosen = latest(refusal.accepted, all);
    // From the front: the return that cannot be explained stays in any case.
    for (size_t size = std::max<size_t>(chosen.size() / 2, 1); size > 0 && decided_; size /= 2) {
      for (size_t at = 0; at < chosen.size() && decided_;) {
        Indices fewer = chosen;
        const auto begin = fewer.begin() + static_cast<ptrdiff_t>(at);
        fewer.erase(begin, begin + static_cast<ptrdiff_t>(std::min(size, fewer.size() - at)));
        if (is_refused(fewer, refusal.last))
          chosen = std::move(fewer);
        else
          at += size;
      }
    }
    refusal.minimal = decided_;
    std::ranges::sort(chosen);
    refusal.smallest = std::move(chosen);
  }

  Model& model_;
  std::span<const TimedOperation> operations_;
  SearchLimits limits_;
  Indices returns_;
  uint64_t work_ = 0;
  bool decided_ = true;  // no search for the smallest part gave up
};

}  // namespace

Refusal explain_refusal(Model& model, std::span<const TimedOperation> operations, SearchLimits limits) {
  return Explainer(model, operations, limits).explain();
}

}  // namespace rxcheck::linear
