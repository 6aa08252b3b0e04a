// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/exhaustive.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/campaign/plan.h"
#include "harness/explore/dpor.h"
#include "harness/explore/movers.h"
#include "harness/explore/preemption_bounding.h"

namespace rxcheck {

namespace {

constexpr uint64_t kToldEvery = 1024;
constexpr uint64_t kInVain = 1000;  // executions that show nothing new before an exploration begins

class Exploration {
 public:
  Exploration(Target& target, Judge& judge, const Program& program, const ExhaustiveOptions& options)
      : target_(target), judge_(judge), program_(program), options_(options) {}

  Exhaustive run();

 private:
  // True when there is nothing more to do.
  bool warm_up();
  bool explore();
  bool execute(uint64_t seed);
  bool end(Exhaustive::End end) {
    result_.end = end;
    return true;
  }
  bool lab_fault(std::string why) {
    result_.why = std::move(why);
    return end(Exhaustive::End::lab_fault);
  }
  bool record(Divergence found);
  bool replays(const std::string& fingerprint);

  Target& target_;
  Judge& judge_;
  const Program& program_;
  const ExhaustiveOptions& options_;
  Dpor dpor_;
  Movers movers_;
  uint64_t before_ = 0;  // executions of explorations that had to begin anew
  RunResult run_;
  Exhaustive result_;
};

Exhaustive Exploration::run() {
  movers_.begin();
  dpor_.begin();
  if (!warm_up()) explore();
  result_.complete = dpor_.complete();
  result_.blocked = dpor_.blocked();
  return std::move(result_);
}

// An exploration that learns something begins anew, so what random orders can teach is learned before.
bool Exploration::warm_up() {
  for (uint64_t in_vain = 0; in_vain < kInVain && before_ < options_.most_executions / 10; ++in_vain) {
    if (options_.interrupted()) return end(Exhaustive::End::interrupted);
    dpor_.begin();
    if (execute(++before_)) return true;
    if (movers_.learned()) in_vain = 0;
  }
  dpor_.begin();
  return false;
}

bool Exploration::explore() {
  bool more = true;
  while (more) {
    const uint64_t executions = before_ + dpor_.complete() + dpor_.blocked();
    if (executions >= options_.most_executions) return end(Exhaustive::End::out_of_budget);
    if (executions % kToldEvery == 0) options_.progress(executions);
    if (options_.interrupted()) return end(Exhaustive::End::interrupted);
    if (execute(0)) return true;
    if (movers_.learned()) {
      before_ = executions + 1;
      dpor_.begin();
    } else {
      more = dpor_.more();
    }
  }
  return result_.why.empty() ? end(Exhaustive::End::conforms) : end(Exhaustive::End::lab_fault);
}

bool Exploration::execute(uint64_t seed) {
  Plan plan;
  plan.kind = Plan::Kind::dpor;
  plan.dpor = &dpor_;
  plan.movers = &movers_;
  plan.seed = seed;
  target_.run(program_, plan, run_);
  if (run_.end == RunResult::End::lab_fault) return lab_fault(run_.lab_message);
  if (dpor_.nondeterministic()) return lab_fault("the same choices led elsewhere");
  if (run_.explored_before) return false;
  auto found = judge_.judge(run_);
  return found && record(std::move(*found));
}

bool Exploration::replays(const std::string& fingerprint) {
  Plan plan;
  plan.kind = Plan::Kind::replay;
  plan.schedule = &result_.failing.schedule;
  target_.run(program_, plan, run_);
  const auto again = judge_.judge(run_);
  return again && again->fingerprint == fingerprint;
}

// Once more in the same order, now with names for what was chosen. A file in which a thread was kept from a lock that
// it would have waited for may replay otherwise; then another divergence is looked for.
bool Exploration::record(Divergence found) {
  const std::vector<uint8_t> threads = run_.threads;
  Plan plan;
  plan.kind = Plan::Kind::follow;
  plan.threads = &threads;
  plan.record = true;
  target_.run(program_, plan, run_);
  const auto again = judge_.judge(run_);
  if (!again || again->fingerprint != found.fingerprint)
    return lab_fault(fmt::format("{}, and in the same order once more {}", found.fingerprint,
                                 again ? again->fingerprint : "a clean run"));
  result_.failing = {program_, run_.schedule};
  if (!replays(found.fingerprint)) {
    result_.why = fmt::format("{} was met, but its schedule does not replay", found.fingerprint);
    return false;
  }
  result_.why.clear();
  result_.divergence = std::move(found);
  return end(Exhaustive::End::divergent);
}

// Run after run by one plan, until there is no next one. `next` makes the plan of the run with this number, or says
// that there is none.
Exhaustive explore_by(Target& target, Judge& judge, const Program& program, Plan& plan,
                      const ExhaustiveOptions& options,
                      const std::function<bool(uint64_t number, uint32_t yields)>& next) {
  Exhaustive result;
  RunResult run;
  const auto ended = [&](Exhaustive::End end) {
    result.end = end;
    return result;
  };
  for (; next(result.complete, run.yields); ++result.complete) {
    if (result.complete >= options.most_executions) return ended(Exhaustive::End::out_of_budget);
    if (result.complete % kToldEvery == 0) options.progress(result.complete);
    if (options.interrupted()) return ended(Exhaustive::End::interrupted);
    plan.record = false;
    target.run(program, plan, run);
    if (run.end == RunResult::End::lab_fault) {
      result.why = run.lab_message;
      return ended(Exhaustive::End::lab_fault);
    }
    auto found = judge.judge(run);
    if (!found) continue;
    plan.record = true;
    target.run(program, plan, run);
    ++result.complete;
    result.divergence = std::move(found);
    result.failing = {program, run.schedule};
    return ended(Exhaustive::End::divergent);
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
  return Exploration(target, judge, program, options).run();
}

}  // namespace rxcheck
