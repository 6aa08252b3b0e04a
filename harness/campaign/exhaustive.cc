// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/exhaustive.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/campaign/other_orders.h"
#include "harness/campaign/plan.h"
#include "harness/explore/checkpoints.h"
#include "harness/explore/dpor.h"
#include "harness/explore/exploration.h"
#include "harness/explore/movers.h"
#include "harness/explore/preemption_bounding.h"
#include "harness/judge/exact_replay.h"

namespace rxcheck {

namespace {

constexpr uint64_t kToldEvery = 1024;
constexpr uint64_t kInVain = 1000;  // executions that teach nothing new before an exploration begins

// Makes the plan of the run with this number, or says that there is none. `yields` of the run before.
using Next = std::function<bool(uint64_t number, uint32_t yields)>;

Exhaustive& ended(Exhaustive& result, Exhaustive::End end, std::string why = "") {
  result.end = end;
  result.why = std::move(why);
  return result;
}

bool replays(Target& target, Judge& judge, const Case& failing, const std::string& fingerprint) {
  const auto again = shown_exactly(target, judge, failing.program, failing.schedule);
  return again && again->fingerprint == fingerprint;
}

// Once more, now with names for what was chosen. True if that ends the exploration: a schedule in which a thread was
// kept from a lock that it would have waited for may replay otherwise, and in an order that was worked out another
// worker may take up a request; then another divergence is looked for.
bool record(Target& target, Judge& judge, const Program& program, Plan plan, RunResult& run,
            OtherOrders::Judged& judged, Exhaustive& result) {
  Divergence& found = *judged.found;
  const bool worked_out = judged.threads != run.threads;
  if (plan.kind == Plan::Kind::dpor) {  // which would go on to the next: in the same order
    plan.kind = Plan::Kind::follow;
    plan.threads = &judged.threads;
  }
  plan.record = true;
  target.run(program, plan, run);
  const auto again = judge.judge(run);
  if (!again || again->fingerprint != found.fingerprint) {
    result.why = fmt::format("{}, and in the same order once more {}", found.fingerprint,
                             again ? again->fingerprint : "a clean run");
    if (!worked_out) result.end = Exhaustive::End::lab_fault;
    return !worked_out;
  }
  result.failing = {program, run.schedule};
  if (!replays(target, judge, result.failing, found.fingerprint)) {
    result.why = fmt::format("{} was met, but in an order that no schedule names", found.fingerprint);
    return false;
  }
  result.divergence = std::move(found);
  ended(result, Exhaustive::End::divergent);
  return true;
}

// Run after run by one plan, until there is no next one.
Exhaustive explore_by(Target& target, Judge& judge, const Program& program, Plan& plan,
                      const ExhaustiveOptions& options, const Next& next, OtherOrders* orders = nullptr) {
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
    OtherOrders::Judged judged{judge.judge(run), run.threads};
    if (!judged.found && orders != nullptr) judged = orders->judge(judge, run);
    if (judged.found && record(target, judge, program, plan, run, judged, result)) return result;
  }
  if (!result.why.empty()) result.end = Exhaustive::End::lab_fault;
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

// What random orders can teach about movers is learned first: an exploration that learns something begins anew.
Exhaustive explore_all(Target& target, Judge& judge, const Program& program, const ExhaustiveOptions& options) {
  Dpor dpor;
  Movers movers;
  OtherOrders orders;
  Checkpoints checkpoints;
  dpor.begin();
  movers.begin();
  Plan plan;
  plan.kind = Plan::Kind::dpor;
  plan.dpor = &dpor;
  plan.movers = &movers;
  plan.order = &orders.order();
  plan.checkpoints = &checkpoints;
  plan.seed = 1;
  uint64_t in_vain = 0;
  const auto next = [&](uint64_t number, uint32_t) {
    if (number == 0) return true;
    if (plan.seed == 0) return next_execution(dpor, movers);
    in_vain = movers.learned() ? 0 : in_vain + 1;
    plan.seed = in_vain < kInVain && number < options.most_executions / 10 ? number + 1 : 0;
    dpor.begin();
    return true;
  };
  Exhaustive result = explore_by(target, judge, program, plan, options, next, &orders);
  result.histories = orders.histories();
  result.in_part = result.end == Exhaustive::End::conforms && !orders.all();
  if (result.in_part) result.end = Exhaustive::End::out_of_budget;
  result.part = dpor.explored_part();
  result.complete = dpor.complete();
  result.blocked = dpor.blocked();
  return result;
}

}  // namespace rxcheck
