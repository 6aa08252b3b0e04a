// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/confirm.h"

#include <fmt/format.h>

#include "harness/core/history_text.h"
#include "harness/targets/shadow.h"

namespace rxcheck {

namespace {
constexpr int kReplays = 2;
}

Confirmation confirm(Target& target, Judge& judge, const Program& program, Plan plan, const std::string& fingerprint) {
  Confirmation result;
  result.failing.program = program;
  plan.record = true;
  RunResult run;
  std::string trace;
  for (int i = 0; i <= kReplays; ++i) {
    target.run(program, plan, run);
    const auto found = judge.judge(run);
    const std::string what = i == 0 ? "run again" : fmt::format("replayed (time {})", i);
    if (run.end == RunResult::End::left_schedule || run.end == RunResult::End::lab_fault) {
      result.why_not = fmt::format("{}, it could not be followed: {}", what, run.lab_message);
      return result;
    }
    if (!found || found->fingerprint != fingerprint) {
      result.why_not = fmt::format("{}, it gave {}", what, found ? found->fingerprint : "a clean run");
      return result;
    }
    std::string events = canonical_trace(run.history);
    if (i > 0 && events != trace) {
      result.why_not = fmt::format("{}, it gave another trace", what);
      return result;
    }
    trace = std::move(events);
    if (i > 0 || !follows_schedules(target)) continue;
    result.failing.schedule = run.schedule;
    plan = Plan::replaying(result.failing.schedule);
  }
  result.repeats = true;
  result.divergence = *judge.judge(run);
  result.history = std::move(run.history);
  result.guest_said = std::move(run.guest_said);
  return result;
}

}  // namespace rxcheck
