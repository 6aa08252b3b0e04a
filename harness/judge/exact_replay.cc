// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/exact_replay.h"

namespace rxcheck {

std::optional<Divergence> shown_exactly(Target& target, Judge& judge, const Program& program,
                                        const Schedule& schedule) {
  Plan plan = Plan::replaying(schedule);
  RunResult run;
  target.run(program, plan, run);
  if (run.end == RunResult::End::left_schedule) return std::nullopt;
  return judge.judge(run);
}

}  // namespace rxcheck
