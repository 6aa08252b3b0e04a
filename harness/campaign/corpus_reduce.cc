// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_reduce.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/campaign/corpus_look.h"

namespace rxcheck {

namespace {

class Reducer {
 public:
  Reducer(Target& target, Judge& judge, const Behaviours& wanted, uint64_t budget)
      : target_(target), judge_(judge), wanted_(wanted), left_(budget) {}

  // Takes the candidate if it shows what is wanted, without those of its choices that are not met any more.
  bool take(Case& current, Case candidate) {
    const Plan plan = Plan::replaying(candidate.schedule);
    auto& choices = candidate.schedule.choices;
    while (left_ != 0) {
      --left_;
      target_.run(candidate.program, plan, run_);
      if (run_.end == RunResult::End::left_schedule && run_.choices_met < choices.size()) {
        choices.erase(choices.begin() + run_.choices_met);
        continue;
      }
      const auto found = judge_.judge(run_);
      if (verdict_of(run_, found) != Verdict::clean) return false;
      if (!std::ranges::includes(behaviours_of(judge_), wanted_)) return false;
      candidate.schedule = run_.schedule;
      current = std::move(candidate);
      return true;
    }
    return false;
  }

  // Chunks first, then singles.
  bool without_choices(Case& current) {
    bool any = false;
    for (size_t size = current.schedule.choices.size(); size != 0; size /= 2) {
      for (size_t end = current.schedule.choices.size(); end >= size; end -= std::min(end, size)) {
        if (end > current.schedule.choices.size()) continue;  // others went, too
        Case candidate = current;
        const auto last = candidate.schedule.choices.begin() + static_cast<std::ptrdiff_t>(end);
        candidate.schedule.choices.erase(last - static_cast<std::ptrdiff_t>(size), last);
        if (!take(current, std::move(candidate))) continue;
        any = true;
      }
    }
    return any;
  }

  bool without_an_operation(Case& current) {
    bool any = false;
    for (size_t i = current.program.operations.size(); i-- > 0;) {
      if (i >= current.program.operations.size()) continue;  // dependents went, too
      std::vector<bool> remove(current.program.operations.size());
      remove[i] = true;
      Case candidate = without_operations(current, remove);
      if (candidate.program.operations.empty()) continue;
      any = take(current, std::move(candidate)) || any;
    }
    return any;
  }

 private:
  Target& target_;
  Judge& judge_;
  const Behaviours& wanted_;
  uint64_t left_;  // runs
  RunResult run_;
};

}  // namespace

Case reduce_showing(Target& target, Judge& judge, Case from, const Behaviours& wanted, uint64_t budget) {
  Reducer reducer(target, judge, wanted, budget);
  // An edit that is taken makes the case smaller, but a schedule that is mended may grow again: so often at most.
  constexpr unsigned kRounds = 8;
  bool smaller = true;
  for (unsigned round = 0; smaller && round < kRounds; ++round) {
    smaller = reducer.without_choices(from);
    smaller = reducer.without_an_operation(from) || smaller;
  }
  reducer.take(from, without_unused_names(from));
  reducer.take(from, with_dense_actors(from));
  return from;
}

}  // namespace rxcheck
