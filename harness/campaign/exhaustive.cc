// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/exhaustive.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/campaign/plan.h"
#include "harness/explore/dpor.h"
#include "harness/explore/preemption_bounding.h"

namespace rxcheck {

namespace {

constexpr uint64_t kToldEvery = 1024;

// Makes the plan of the run with this number, or says that there is none. `yields` of the run before.
using Next = std::function<bool(uint64_t number, uint32_t yields)>;

Exhaustive& ended(Exhaustive& result, Exhaustive::End end, std::string why = "") {
  result.end = end;
  result.why = std::move(why);
  return result;
}

// Once more, now with names for what was chosen.
Exhaustive& record(Target& target, Judge& judge, const Program& program, Plan plan, RunResult& run, Divergence found,
                   Exhaustive& result) {
  const std::vector<uint8_t> threads = run.threads;
  if (plan.kind == Plan::Kind::dpor) {  // which would go on to the next: in the same order
    plan.kind = Plan::Kind::follow;
    plan.threads = &threads;
  }
  plan.record = true;
  target.run(program, plan, run);
  const auto again = judge.judge(run);
  if (!again || again->fingerprint != found.fingerprint)
    return ended(result, Exhaustive::End::lab_fault,
                 fmt::format("{}, and in the same order once more {}", found.fingerprint,
                             again ? again->fingerprint : "a clean run"));
  result.divergence = std::move(found);
  result.failing = {program, run.schedule};
  return ended(result, Exhaustive::End::divergent);
}

// Run after run by one plan, until there is no next one.
Exhaustive explore_by(Target& target, Judge& judge, const Program& program, Plan& plan,
                      const ExhaustiveOptions& options, const Next& next) {
  Exhaustive result;
  RunResult run;
  for (uint64_t number = 0; next(number, run.yields); ++number) {
    if (number >= options.most_executions) return ended(result, Exhaustive::End::out_of_budget);
    if (number % kToldEvery == 0) options.progress(number);
    if (options.interrupted()) return ended(result, Exhaustive::End::interrupted);
    target.run(program, plan, run);
    if (run.end == RunResult::End::lab_fault) return ended(result, Exhaustive::End::lab_fault, run.lab_message);
    if (plan.dpor != nullptr && plan.dpor->nondeterministic())
      return ended(result, Exhaustive::End::lab_fault, "the same choices led elsewhere");
    ++(run.explored_before ? result.blocked : result.complete);
    if (run.explored_before) continue;
    if (auto found = judge.judge(run)) return record(target, judge, program, plan, run, std::move(*found), result);
  }
  return result;
}

}  // namespace

Exhaustive explore_bounded(Target& target, Judge& judge, const Program& program, unsigned most_departures,
                           const ExhaustiveOptions& options) {
  PreemptionBounding bounding;
  bounding.begin();
  Plan plan;
  plan.kind = Plan::Kind::scheduled;
  plan.scheduler = &bounding;
  Exhaustive result = explore_by(target, judge, program, plan, options, [&](uint64_t number, uint32_t) {
    return number == 0 || bounding.more(most_departures);
  });
  result.bound = result.end == Exhaustive::End::conforms ? most_departures : std::max(bounding.bound(), 1u) - 1;
  return result;
}

Exhaustive explore_sample(Target& target, Judge& judge, const Program& program, uint64_t seed,
                          const ExhaustiveOptions& options) {
  Plan plan;
  return explore_by(target, judge, program, plan, options, [&](uint64_t number, uint32_t yields) {
    plan = plan_of(seed, number % 2 == 0 ? Strategy::mix : Strategy::pos, 0, static_cast<uint32_t>(number),
                   static_cast<uint32_t>(options.most_executions), number == 0 ? 0 : yields);
    return true;
  });
}

Exhaustive explore_all(Target& target, Judge& judge, const Program& program, const ExhaustiveOptions& options) {
  Dpor dpor;
  dpor.begin();
  Plan plan;
  plan.kind = Plan::Kind::dpor;
  plan.dpor = &dpor;
  return explore_by(target, judge, program, plan, options,
                    [&](uint64_t number, uint32_t) { return number == 0 || dpor.more(); });
}

}  // namespace rxcheck
