// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/explanation.h"

#include <fmt/format.h>

#include "harness/campaign/replay.h"
#include "harness/cli/cause_text.h"
#include "harness/cli/timeline.h"
#include "harness/judge/rules.h"
#include "harness/nt/executive.h"
#include "models/reference/clauses.h"

namespace rxcheck::cli {

namespace {

void find_causes(Target& target, Judge& judge, const ProgramFile& file, Explanation& explanation) {
  std::vector<size_t> choices;
  for (size_t i = 0; i < explanation.parts.size(); ++i)
    if (explanation.parts[i].decides && explanation.schedule.choices[i].kind == Choice::Kind::switch_)
      choices.push_back(i);
  explanation.causes = causes_of(target, judge, file, choices);
  std::vector<uint64_t> sites = sites_of(explanation.causes);
  if (explanation.causes.empty()) {
    explanation.last_by = last_access(target, file, *explanation.divergence);
    if (explanation.last_by) sites.push_back(explanation.last_by->site);
  }
  explanation.lines = SourceLines(nt::Executive::current().images(), sites);
}

std::string note_for(const Explanation& explanation, size_t i) {
  const Choice& choice = explanation.schedule.choices[i];
  return fmt::format("{} {}: {}{}", choice.kind == Choice::Kind::switch_ ? "switch" : "pick", i + 1, words_for(choice),
                     explanation.parts[i].decides ? "  <== decides: without it this divergence is gone" : "");
}

// Why no switch is to blame.
std::string no_switch(const Explanation& explanation) {
  if (explanation.schedule.choices.empty()) return "No interleaving is needed: the schedule has no switch.";
  for (const Part& part : explanation.parts)
    if (part.decides) return "No switch within the driver is needed, only the order in which lines go on that waited.";
  return "No single switch decides.";
}

}  // namespace

Promise promise_of(const std::string& clause) {
  if (const auto id = models::parse_clause(clause))
    if (const auto* found = models::find_clause(*id)) return {std::string(found->sentence), std::string(found->source)};
  if (const Rule* rule = find_rule(clause)) return {std::string(rule->sentence), "the executive's rule " + clause};
  if (clause == "expectation") return {"The scenario's author wrote down another result.", "the file"};
  if (clause == "shadow") return {"The contract allows it; the shadow model does it otherwise.", "models/shadow"};
  return {};
}

Explanation explain_program(const TargetOptions& options, const std::string& path, const ProgramFile& file,
                            Judge& judge) {
  if (const auto missing = options.missing()) throw Failure{kExitIncomplete, {"incomplete: " + *missing, path, ""}};
  OpenTarget target = options.open();
  Replayed replayed = replay(*target, judge, file);
  Explanation result;
  result.verdict = replayed.verdict;
  result.divergence = replayed.divergence;
  result.history = std::move(replayed.run.history);
  if (replayed.run.violation) result.broken_in = replayed.run.violation->function;
  result.schedule = file.schedule;
  result.state = judge.describe();
  result.message = std::move(replayed.message);
  if (result.verdict != Verdict::incomplete && result.verdict != Verdict::lab_fault)
    result.parts =
        parts_of(*target, judge, file, result.history, result.divergence ? result.divergence->fingerprint : "");
  if (result.divergence && target->name() == "inproc") find_causes(*target, judge, file, result);
  return result;
}

Explanation explain_history(const History& history, Judge& judge) {
  Explanation result;
  result.history = history;
  result.divergence = judge.judge(history);
  if (result.divergence) result.verdict = result.divergence->verdict;
  result.state = judge.describe();
  return result;
}

std::vector<std::string> timeline_of(const Explanation& explanation, unsigned width) {
  TimelineOptions options;
  options.width = width;
  if (explanation.divergence) options.broken = explanation.divergence->event;
  for (size_t i = 0; i < explanation.parts.size(); ++i)
    options.notes.emplace(explanation.parts[i].event, note_for(explanation, i));
  return timeline(explanation.history, options);
}

std::vector<std::string> without_switch(const Explanation& explanation) {
  std::vector<std::string> all;
  if (!explanation.divergence || !explanation.causes.empty()) return all;
  all.push_back(no_switch(explanation));
  if (!explanation.broken_in.empty()) all.push_back(fmt::format("The rule is broken in {}.", explanation.broken_in));
  if (explanation.last_by)
    all.push_back(fmt::format("Before it is broken, {} {}.", words_for_place(*explanation.last_by, explanation.lines),
                              words_for_access(*explanation.last_by)));
  return all;
}

}  // namespace rxcheck::cli
