// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/mpr_judge.h"

#include <fmt/format.h>

#include "harness/core/mpr_program_text.h"
#include "harness/core/win32_error.h"
#include "models/mpr/contract.h"

namespace rxcheck::mpr {

namespace {

std::string summary_of(const History& history, size_t step, const std::string& expected, const std::string& observed) {
  return fmt::format("step {}, {}: expected {}, observed {}", step + 1,
                     operation_text(history.program, history.steps[step].operation), expected, observed);
}

Divergence divergence_at(const History& history, size_t step, std::string clause, const std::string& state,
                         std::string expected, std::string observed) {
  Divergence found;
  const size_t operation = history.steps[step].operation;
  found.clause = std::move(clause);
  found.fingerprint =
      fmt::format("{} | {} | {}", found.clause, state, name_of(history.program.operations[operation].kind));
  found.summary = summary_of(history, step, expected, observed);
  found.expected = std::move(expected);
  found.observed = std::move(observed);
  found.event = step;
  found.operation = static_cast<uint16_t>(operation);
  return found;
}

}  // namespace

std::optional<Divergence> find_divergence(const History& history, const models::ClauseSet& clauses) {
  if (const auto refusal = judge(history, clauses))
    return divergence_at(history, refusal->step, fmt::format("C{}", refusal->clause), refusal->state, refusal->expected,
                         refusal->observed);
  for (size_t i = 0; i < history.steps.size(); ++i) {
    const Step& step = history.steps[i];
    const auto& expected = history.program.operations[step.operation].expected;
    if (expected && *expected != step.result)
      return divergence_at(history, i, "expectation", win32::name_of(step.result), win32::name_of(*expected),
                           win32::name_of(step.result));
  }
  return std::nullopt;
}

}  // namespace rxcheck::mpr
