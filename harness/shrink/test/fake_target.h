// SPDX-License-Identifier: Apache-2.0
//
// A target for tests of whatever drives targets: every operation is two steps, "check" and "act", with a yield point
// before each. It has one planted defect, which needs an order: when an `open` acts between the check and the act of a
// `finalize` of another actor, the rule "planted" is broken. Records, replays by name, and leaves schedules as a real
// target does.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "harness/core/random.h"
#include "harness/targets/target.h"

namespace rxcheck::test {

class FakeTarget : public Target {
 public:
  std::string name() const override { return "fake"; }
  std::string executive() const override { return "fake"; }
  std::vector<DriverFile> drivers() const override { return {}; }

  void run(const Program& program, const Plan& plan, RunResult& result) override {
    result = RunResult{};
    result.lines = kMaxActors;
    result.history.program = program;
    result.history.program_operations = static_cast<uint32_t>(program.operations.size());
    Random random(plan.seed);
    std::array<std::vector<uint16_t>, kMaxActors + 1> todo;
    for (size_t i = 0; i < program.operations.size(); ++i)
      todo[program.operations[i].actor].push_back(static_cast<uint16_t>(i));
    std::array<size_t, kMaxActors + 1> step{};  // two an operation
    const auto alive = [&](unsigned actor) { return step[actor] < 2 * todo[actor].size(); };
    const auto lowest = [&] {
      unsigned a = 1;
      while (a <= kMaxActors && !alive(a)) ++a;
      return a;
    };
    unsigned running = lowest();
    int checked = -1;     // the finalize that has checked and not acted
    bool opened = false;  // an open acted since
    size_t next_choice = 0;
    while (running <= kMaxActors) {
      if (!alive(running)) {  // no choice is offered here: the baseline's successor
        running = lowest();
        continue;
      }
      const uint16_t operation = todo[running][step[running] / 2];
      const bool acts = step[running] % 2 == 1;
      ++result.yields;
      Choice here;
      here.at.line = {static_cast<uint8_t>(running), false, static_cast<uint16_t>(step[running] / 2 + 1)};
      here.at.object = acts ? "act" : "check";
      unsigned to = running;
      if (plan.kind == Plan::Kind::replay) {
        const auto& choices = plan.schedule->choices;
        if (next_choice < choices.size() && choices[next_choice].at == here.at && alive(choices[next_choice].to.actor))
          to = choices[next_choice++].to.actor;
      } else if (plan.kind != Plan::Kind::baseline &&
                 random.chance(1, plan.kind == Plan::Kind::random ? plan.period : 8)) {
        to = 1 + random.below(kMaxActors);
        if (!alive(to)) to = running;
      }
      if (to != running) {
        here.to = {static_cast<uint8_t>(to), false, 0};
        result.schedule.choices.push_back(here);
        result.schedule_hash = mix64(result.schedule_hash ^ (result.yields << 4) ^ to);
        ++result.switches;
        running = to;
        continue;
      }
      ++step[running];
      const OpKind kind = program.operations[operation].kind;
      if (kind == OpKind::finalize && !acts) checked = operation, opened = false;
      if (kind == OpKind::open && acts && checked >= 0 &&
          program.operations[static_cast<size_t>(checked)].actor != running)
        opened = true;
      if (kind == OpKind::finalize && acts && operation == checked) {
        if (opened) {
          result.end = RunResult::End::violation;
          result.violation = Violation{"planted", "view", "FakeFinalize", "an open slipped in", operation};
          break;
        }
        checked = -1;
      }
    }
    result.choices_met = static_cast<unsigned>(next_choice);
    if (plan.kind == Plan::Kind::replay && !result.violation && next_choice < plan.schedule->choices.size())
      result.end = RunResult::End::left_schedule;
    if (!plan.record && plan.kind != Plan::Kind::replay) result.schedule.choices.clear();
  }
};

}  // namespace rxcheck::test
