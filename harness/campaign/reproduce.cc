// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/reproduce.h"

#include "harness/campaign/finding.h"
#include "harness/campaign/plan.h"

namespace rxcheck {

namespace {

constexpr uint64_t kSearchSeed = 1;

}  // namespace

Program program_of(const History& history) {
  Program program = history.program;
  program.operations.resize(history.program_operations);
  for (Operation& op : program.operations) op.expected.reset();
  tidy_paths(program);
  return program;
}

std::optional<Reproduced> reproduce(Target& target, Judge& judge, const Program& program,
                                    const std::string& fingerprint, const ReproduceOptions& options) {
  RunResult run;
  uint32_t yields = 0;
  for (uint64_t i = 0; i < options.runs && !(options.stop && options.stop()); ++i) {
    const Plan plan =
        plan_of(kSearchSeed, Strategy::mix, 0, static_cast<uint32_t>(i), static_cast<uint32_t>(options.runs), yields);
    target.run(program, plan, run);
    if (i == 0) yields = run.yields;
    const auto found = judge.judge(run);
    if (!found || found->fingerprint != fingerprint) continue;
    Investigated shown = investigate(target, judge, program, plan, fingerprint, {true, options.stop});
    if (shown.repeats()) return Reproduced{std::move(shown.file), i + 1};
  }
  return std::nullopt;
}

}  // namespace rxcheck
