// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/story.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/core/schedule_text.h"
#include "harness/shrink/trial.h"

namespace rxcheck::cli {

namespace {

constexpr uint64_t kBudget = 10'000;

// The events that two runs have in common at their beginning.
size_t common_events(const History& one, const History& other) {
  return static_cast<size_t>(std::ranges::mismatch(one.events, other.events).in1 - one.events.begin());
}

std::string_view doing(Access access) {
  switch (access) {
    case Access::read:
      return "before it reads ";
    case Access::write:
      return "before it writes ";
    case Access::atomic:
      return "before it exchanges ";
    case Access::call:
      return "before it calls ";
    case Access::block:
      return "waiting for ";
  }
  return "";
}

}  // namespace

std::vector<Part> parts_of(Target& target, Judge& judge, const ProgramFile& file, const History& history,
                           const std::string& fingerprint) {
  std::vector<Part> parts(file.schedule.choices.size());
  RunResult run;
  Trial trial(target, judge, fingerprint, kBudget, {});
  for (size_t i = 0; i < parts.size(); ++i) {
    // With the choices before this one only, the run parts from ours where this one first shows.
    Schedule before;
    before.choices.assign(file.schedule.choices.begin(), file.schedule.choices.begin() + static_cast<ptrdiff_t>(i));
    Plan plan = Plan::replaying(before);
    target.run(file.program, plan, run);
    parts[i].event = common_events(history, run.history);
    if (i > 0) parts[i].event = std::max(parts[i].event, parts[i - 1].event);

    Case without{file.program, file.schedule};
    without.schedule.choices.erase(without.schedule.choices.begin() + static_cast<ptrdiff_t>(i));
    parts[i].decides = !fingerprint.empty() && !trial.met(without);
  }
  return parts;
}

std::string words_for(const Choice& choice) {
  const YieldPoint& at = choice.at;
  std::string words =
      fmt::format("{} {}", text_of(at.line), choice.kind == Choice::Kind::switch_ ? "stops" : "cannot go on");
  if (!at.function.empty()) words += " in " + at.function;
  if (!at.object.empty()) words += fmt::format(" {}{}", doing(at.access), at.object);
  if (at.occurrence > 1) words += fmt::format(" (#{})", at.occurrence);
  return words + fmt::format("; {} goes on", text_of(choice.to));
}

}  // namespace rxcheck::cli
