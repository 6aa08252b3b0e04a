// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/refusal.h"

#include <algorithm>

namespace rxcheck::linear {

namespace {

using Indices = std::vector<uint32_t>;

constexpr uint64_t kTrialSteps = 50'000;  // of one search for a smaller part
constexpr uint64_t kValuesAStep = 64;     // what the preparation of a search costs
constexpr uint64_t kSmallestShare = 4;    // of the budget, for all of them

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
    budget_ = limits_.steps;
    find_last(refusal);
    budget_ = limits_.steps;
    find_candidates(refusal);
    budget_ = limits_.steps / kSmallestShare;
    find_smallest(refusal);
    return refusal;
  }

 private:
  // A search within the budget of what is looked for now.
  SearchResult try_search(std::span<const TimedOperation> operations, uint64_t most, uint32_t goal = kNoGoal) {
    SearchResult result = search(model_, operations, {std::min(most, budget_), limits_.bytes}, goal);
    const uint64_t preparation = operations.size() + model_.values() / kValuesAStep;
    budget_ -= std::min(budget_, result.work + preparation);
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

  // The first return that cannot be explained, and how many before it can.
  void find_last(Refusal& refusal) {
    uint32_t low = 0;
    last_ = static_cast<uint32_t>(returns_.size()) - 1;
    Indices numbers;
    while (low < last_) {
      const uint32_t middle = low + (last_ - low) / 2;
      const Outcome outcome = try_search(cut_after(middle, numbers), budget_).outcome;
      if (outcome == Outcome::refused)
        last_ = middle;
      else if (outcome == Outcome::accepted)
        low = middle + 1;
      else
        break;
    }
    refusal.accepted = low;
    refusal.last = returns_[last_];
  }

  void find_candidates(Refusal& refusal) {
    Indices numbers;
    const auto cut = cut_after(last_, numbers);
    const auto goal = static_cast<uint32_t>(std::ranges::lower_bound(numbers, refusal.last) - numbers.begin());
    const SearchResult longest = try_search(cut, budget_, goal);
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
    const Outcome outcome = try_search(part, kTrialSteps).outcome;
    decided_ = decided_ && (outcome == Outcome::refused || outcome == Outcome::accepted);
    return outcome == Outcome::refused;
  }

  // A part to begin with. First of those that only observe: what they contradict each other in is found soonest.
  Indices begin_with(uint32_t last) {
    Indices all(returns_.begin(), returns_.begin() + last_ + 1), observers;
    for (const uint32_t each : all)
      if (each == last || model_.traits(operations_[each]).pure) observers.push_back(each);
    for (const Indices& from : {observers, all}) {
      for (size_t count = 1; budget_ > 0; count *= 4) {
        Indices latest(from.end() - static_cast<ptrdiff_t>(std::min(count, from.size())), from.end());
        if (is_refused(latest, last)) return latest;
        if (count >= from.size()) break;
      }
    }
    return all;
  }

  void find_smallest(Refusal& refusal) {
    Indices chosen = begin_with(refusal.last);
    // From the front: the return that cannot be explained stays in any case.
    for (size_t size = std::max<size_t>(chosen.size() / 2, 1); size > 0 && budget_ > 0; size /= 2) {
      decided_ = true;
      for (size_t at = 0; at < chosen.size() && budget_ > 0;) {
        Indices fewer = chosen;
        const auto begin = fewer.begin() + static_cast<ptrdiff_t>(at);
        fewer.erase(begin, begin + static_cast<ptrdiff_t>(std::min(size, fewer.size() - at)));
        if (is_refused(fewer, refusal.last))
          chosen = std::move(fewer);
        else
          at += size;
      }
    }
    refusal.minimal = decided_ && budget_ > 0;
    std::ranges::sort(chosen);
    refusal.smallest = std::move(chosen);
  }

  Model& model_;
  std::span<const TimedOperation> operations_;
  SearchLimits limits_;
  Indices returns_;
  uint32_t last_ = 0;  // index into returns_
  uint64_t budget_ = 0;
  bool decided_ = true;  // no search in this round of leaving out gave up
};

}  // namespace

Refusal explain_refusal(Model& model, std::span<const TimedOperation> operations, SearchLimits limits) {
  return Explainer(model, operations, limits).explain();
}

}  // namespace rxcheck::linear
