// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/trial.h"

#include <algorithm>
#include <limits>

#include "harness/core/random.h"

namespace rxcheck {

namespace {
constexpr uint64_t kSearchSeed = 0x7368'7269'6e6b;  // "shrink"
constexpr unsigned kShortSearch = 60;
constexpr unsigned kAnySwitches = std::numeric_limits<unsigned>::max();

// Few switches, in ways that differ: by priorities and by chance, from two switches in a run to eight.
Plan search_plan(uint64_t index, uint32_t yields) {
  Plan plan;
  plan.seed = derive_seed(kSearchSeed, yields, index);
  plan.expected_yields = std::max(yields, 1u);
  if (index % 2 == 0) {
    plan.kind = Plan::Kind::pct;
    plan.depth = 2 + static_cast<uint32_t>(index / 2 % 3);
  } else {
    plan.kind = Plan::Kind::random;
    plan.period = std::max(yields >> (1 + index / 2 % 3), 2u);
  }
  return plan;
}
}  // namespace

Trial::Trial(Target& target, Judge& judge, std::string fingerprint, uint64_t budget, std::function<bool()> stop)
    : target_(target), judge_(judge), fingerprint_(std::move(fingerprint)), budget_(budget), stop_(std::move(stop)) {}

bool Trial::exhausted() const { return tried_ >= budget_ || (stop_ && stop_()); }

Trial::Answer Trial::run(const Case& candidate, const Plan& plan) {
  if (exhausted()) return Answer::other;
  ++tried_;
  return run_unbounded(candidate, plan);
}

Trial::Answer Trial::run_unbounded(const Case& candidate, const Plan& plan) {
  target_.run(candidate.program, plan, result_);
  if (result_.end == RunResult::End::left_schedule) return Answer::left;
  auto found = judge_.judge(result_);
  if (!found || found->fingerprint != fingerprint_) return Answer::other;
  yields_ = result_.yields;
  divergence_ = std::move(*found);
  accepted_ = result_.history;
  return Answer::same;
}

Trial::Answer Trial::replay(Case& candidate, Answer (Trial::*how)(const Case&, const Plan&), Likeness likeness) {
  Plan plan = Plan::replaying(candidate.schedule);
  plan.likeness = likeness;
  plan.record = true;
  const Answer answer = (this->*how)(candidate, plan);
  if (answer == Answer::same) candidate.schedule = result_.schedule;
  return answer;
}

bool Trial::exact(Case& candidate) { return replay(candidate) == Answer::same; }

bool Trial::alike(Case& candidate, Likeness likeness) {
  return replay(candidate, &Trial::run, likeness) == Answer::same && exact(candidate);
}

bool Trial::confirm(Case& candidate) { return replay(candidate, &Trial::run_unbounded) == Answer::same; }

bool Trial::met(Case& candidate) {
  Answer answer = replay(candidate);
  while (answer == Answer::left && result_.choices_met < candidate.schedule.choices.size() && !exhausted()) {
    candidate.schedule.choices.erase(candidate.schedule.choices.begin() + result_.choices_met);
    answer = replay(candidate);
  }
  return answer == Answer::same;
}

bool Trial::mended(Case& candidate) {
  if (candidate.program.operations.empty()) return false;
  if (met(candidate)) return true;
  if (!candidate.schedule.choices.empty()) {
    candidate.schedule.choices.clear();
    if (exact(candidate)) return true;
  }
  return search(candidate, kShortSearch, kAnySwitches);
}

bool Trial::search(Case& candidate, unsigned runs, unsigned limit) {
  if (actors_used(candidate.program) < 2) return false;
  const uint32_t yields = yields_;
  for (unsigned i = 0; i < runs && !exhausted(); ++i) {
    Plan plan = search_plan(i, yields);
    if (run(candidate, plan) != Answer::same || result_.switches > limit) continue;
    plan.record = true;
    if (run(candidate, plan) != Answer::same) continue;
    Case found{candidate.program, result_.schedule};
    if (!exact(found)) continue;
    candidate = std::move(found);
    return true;
  }
  return false;
}

}  // namespace rxcheck
