// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/judge.h"

#include <fmt/format.h>

#include "harness/core/status.h"
#include "harness/judge/expectation.h"

namespace rxcheck {

namespace {

Divergence divergence(const Program& program, uint16_t operation, std::string clause, std::string_view state,
                      std::string expected, std::string observed, size_t event) {
  Divergence found;
  found.fingerprint = fmt::format("{}/{}/{}", clause, state, kind_of(program, operation));
  found.clause = std::move(clause);
  found.summary = operation == kNoOperation
                      ? fmt::format("expected {}, observed {}", expected, observed)
                      : fmt::format("{} {}: expected {}, observed {}", label_of(program, operation),
                                    kind_of(program, operation), expected, observed);
  found.expected = std::move(expected);
  found.observed = std::move(observed);
  found.event = event;
  found.operation = operation;
  return found;
}

Divergence of_violation(const Violation& violation, const History& history) {
  Divergence found = divergence(history.program, violation.operation, violation.rule, violation.object,
                                "no " + violation.rule, violation.text, history.events.size());
  found.summary = fmt::format("{}{}{}", violation.text, violation.function.empty() ? "" : " in ", violation.function);
  if (violation.operation != kNoOperation)
    found.summary = fmt::format("{} {}: {}", label_of(history.program, violation.operation),
                                kind_of(history.program, violation.operation), found.summary);
  return found;
}

Divergence of_refusal(models::Refusal refusal, const Program& program) {
  return divergence(program, refusal.operation, fmt::format("C{}", refusal.clause), refusal.state,
                    std::move(refusal.expected), std::move(refusal.observed), refusal.event);
}

Divergence of_drift(models::Drift drift, const History& history) {
  const bool at_event = drift.event < history.events.size();
  std::string clause = drift.clause == 0 ? "shadow" : fmt::format("C{}", drift.clause);
  const std::string_view at = at_event ? name_of(history.events[drift.event].kind) : "end";
  Divergence found = divergence(history.program, drift.operation, std::move(clause), at, std::move(drift.predicted),
                                std::move(drift.observed), drift.event);
  found.verdict = Verdict::drift;
  found.fingerprint.insert(0, "drift/");
  return found;
}

bool has_ended(const History& history) {
  return !history.events.empty() && history.events.back().kind == EventKind::end;
}

}  // namespace

Judge::Judge(Acceptance accepted) : accepted_(std::move(accepted)), reference_(accepted_.clauses, accepted_.variants) {}

std::optional<Divergence> Judge::judge_models(const History& history) {
  if (auto refusal = reference_.judge(history)) return of_refusal(std::move(*refusal), history.program);
  if (auto missed = unmet_expectation(history)) {
    return divergence(history.program, missed->operation, "expectation",
                      fmt::format("{} not {}", missed->observed, missed->expected), missed->expected, missed->observed,
                      missed->event);
  }
  auto drift = shadow_.compare(history);
  if (!drift || (drift->clause != 0 && !accepted_.clauses.has(drift->clause))) return std::nullopt;
  return of_drift(std::move(*drift), history);
}

std::optional<Divergence> Judge::judge(const History& history) { return judge_models(history); }

std::optional<Divergence> Judge::judge(const RunResult& run) {
  if (run.end == RunResult::End::lab_fault) return std::nullopt;
  if (!run.violation) return judge_models(run.history);

  auto refusal = reference_.judge(run.history);
  if (refusal && (refusal->event < run.history.events.size() || has_ended(run.history))) {
    Divergence found = of_refusal(std::move(*refusal), run.history.program);
    found.summary += fmt::format("; then {}", run.violation->rule);
    return found;
  }
  if (accepted_.rules.contains(run.violation->rule)) return std::nullopt;
  return of_violation(*run.violation, run.history);
}

Verdict verdict_of(const RunResult& run, const std::optional<Divergence>& found) {
  if (run.end == RunResult::End::lab_fault) return Verdict::lab_fault;
  if (run.end == RunResult::End::left_schedule) return Verdict::left_schedule;
  return found ? found->verdict : Verdict::clean;
}

}  // namespace rxcheck
