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

  // Takes the candidate if it shows what is wanted.
  bool take(Case& current, Case candidate) {
    if (left_ == 0 || candidate.program.operations.empty()) return false;
    --left_;
    const Look look = look_at(target_, judge_, ProgramFile{candidate.program, candidate.schedule});
    if (look.verdict != Verdict::clean || !std::ranges::includes(look.behaviours, wanted_)) return false;
    current = std::move(candidate);
    return true;
  }

  bool without_an_operation(Case& current) {
    bool any = false;
    for (size_t i = current.program.operations.size(); i-- > 0;) {
      if (i >= current.program.operations.size()) continue;  // dependents went, too
      std::vector<bool> remove(current.program.operations.size());
      remove[i] = true;
      any = take(current, without_operations(current, remove)) || any;
    }
    return any;
  }

  bool without_a_choice(Case& current) {
    bool any = false;
    for (size_t i = current.schedule.choices.size(); i-- > 0;) {
      Case candidate = current;
      candidate.schedule.choices.erase(candidate.schedule.choices.begin() + static_cast<std::ptrdiff_t>(i));
      any = take(current, std::move(candidate)) || any;
    }
    return any;
  }

 private:
  Target& target_;
  Judge& judge_;
  const Behaviours& wanted_;
  uint64_t left_;
};

}  // namespace

Case reduce_showing(Target& target, Judge& judge, Case from, const Behaviours& wanted, uint64_t budget) {
  Reducer reducer(target, judge, wanted, budget);
  for (bool smaller = true; smaller;) {
    smaller = reducer.without_an_operation(from);
    smaller = reducer.without_a_choice(from) || smaller;
  }
  reducer.take(from, without_unused_names(from));
  reducer.take(from, with_dense_actors(from));
  return from;
}

}  // namespace rxcheck
