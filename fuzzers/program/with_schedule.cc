// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/program/with_schedule.h"

namespace rxcheck::fuzz {

std::optional<Input> with_schedule(Target& target, Input input, const Schedule& schedule) {
  RunResult run;
  Plan plan = Plan::replaying(schedule);
  for (const Likeness likeness : {Likeness::exact, Likeness::any_offset, Likeness::any_function}) {
    plan.likeness = likeness;
    target.run(input.program, plan, run);
    if (run.end != RunResult::End::left_schedule) break;
  }
  if (run.end == RunResult::End::left_schedule || run.departures.size() > kMaxSwitches) return std::nullopt;
  input.switches.clear();
  input.picks.clear();
  for (const Departure& departure : run.departures) {
    auto& list = departure.kind == Choice::Kind::pick ? input.picks : input.switches;
    // Two choices come to one number where one of them is met at no yield point.
    const bool follows = list.empty() || list.back().at < departure.at;
    if (!follows || departure.at >= kMaxSwitchAt || departure.to >= kMaxSwitchTo) return std::nullopt;
    list.push_back({static_cast<uint16_t>(departure.at), static_cast<uint8_t>(departure.to)});
  }
  return input;
}

}  // namespace rxcheck::fuzz
