// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/sweep.h"

#include <algorithm>
#include <array>

namespace rxcheck {

namespace {

Program without_expectations(Program program) {
  for (Operation& op : program.operations) op.expected.reset();
  return program;
}

// Runs it and judges it. False if it was not clean: then the sweep is over, and the file replays what was found.
bool run_clean(Target& target, Judge& judge, const Program& program, Plan plan, RunResult& run, Swept& swept) {
  target.run(program, plan, run);
  auto found = judge.judge(run);
  swept.verdict = verdict_of(run, found);
  if (swept.verdict == Verdict::clean) return true;
  plan.record = true;
  target.run(program, plan, run);
  swept.file.program = program;
  swept.file.schedule = run.schedule;
  swept.file.expectation =
      Expectation{std::string(name_of(swept.verdict)), found ? found->clause : "", found ? found->fingerprint : ""};
  swept.divergence = std::move(found);
  return false;
}

bool has(const History& history, EventKind kind, uint16_t operation) {
  return std::ranges::any_of(history.events, [&](const Event& event) {
    return event.kind == kind && (operation == kNoOperation || event.operation == operation);
  });
}

// The first actor that has no operation; 0 if all have.
uint8_t idle_actor(const Program& program) {
  std::array<bool, kMaxActors + 1> used{};
  for (const Operation& op : program.operations) used[op.actor] = true;
  for (uint8_t actor = 1; actor <= kMaxActors; ++actor)
    if (!used[actor]) return actor;
  return 0;
}

}  // namespace

Swept refuse_each_allocation(Target& target, Judge& judge, const Program& program) {
  Swept swept;
  RunResult run;
  Program starved = without_expectations(program);
  for (uint32_t number = 1; number <= kMaxLowMemory; ++number) {
    starved.low_memory = number;
    if (!run_clean(target, judge, starved, Plan{}, run, swept)) break;
    if (!has(run.history, EventKind::low_memory, kNoOperation)) break;
    ++swept.runs;
  }
  return swept;
}

std::vector<Program> with_a_cancel(const Program& program) {
  std::vector<Program> result;
  Operation cancel;
  cancel.kind = OpKind::cancel;
  cancel.actor = idle_actor(program);
  if (cancel.actor == 0 || program.operations.size() >= kMaxOperations) return result;
  for (size_t request = 0; request < program.operations.size(); ++request) {
    if (!is_asynchronous(program.operations[request])) continue;
    cancel.slot = static_cast<int32_t>(request);
    result.push_back(without_expectations(program));
    result.back().operations.push_back(cancel);
  }
  return result;
}

Swept cancel_everywhere(Target& target, Judge& judge, const Program& program) {
  Swept swept;
  RunResult run;
  for (const Program& cancelled : with_a_cancel(program)) {
    Plan plan;
    plan.kind = Plan::Kind::directed;
    plan.seed = cancelled.operations.back().actor;
    plan.depth = 1;
    do {
      if (!run_clean(target, judge, cancelled, plan, run, swept)) return swept;
      ++swept.runs;
      plan.depth = run.directed_at + 1;
    } while (run.directed_at != 0);
  }
  return swept;
}

}  // namespace rxcheck
