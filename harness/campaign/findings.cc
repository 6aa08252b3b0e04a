// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/findings.h"

#include <fmt/format.h>

#include <utility>

namespace rxcheck {

namespace {

constexpr size_t kMostShrunk = 64;  // a driver that fails in more ways than that has its first failures to mend

}  // namespace

void Findings::take_over(std::vector<Finding> findings) {
  findings_ = std::move(findings);
  for (Finding& finding : findings_) {
    fingerprints_.insert(finding.fingerprint);
    if (!finding.repro.empty()) finding.repro = folder_.path_of(finding.repro);
  }
}

void Findings::take(const Occurrence& occurrence) {
  if (!fingerprints_.insert(occurrence.fingerprint).second) return;
  findings_.push_back(investigate(occurrence));
  const Finding& finding = findings_.back();
  events_.note(fmt::format("{} {}: {}; {}", name_of(finding.verdict), finding.clause, finding.summary,
                           finding.repro.empty() ? "no repro" : finding.repro));
}

// The program and the plan of an occurrence, as its block had them.
std::pair<Program, Plan> Findings::run_of(const Occurrence& occurrence, Case& directed) {
  const uint64_t index = occurrence.first.program;
  const uint32_t schedule = occurrence.first.schedule;
  if (!occurrence.directed.empty()) {
    if (auto file = parse_program(occurrence.directed, "a directed run")) {
      directed = {std::move(file->program), std::move(file->schedule)};
      return {directed.program, Plan::replaying(directed.schedule)};
    }
  }
  Program program;
  source_.at(index, program);
  const auto usual = [&](uint32_t k, uint32_t yields) {
    return plan_of(source_.seed(), options_.blocks.strategy, index, k, options_.blocks.schedules, yields);
  };
  const Plan plan = usual(0, 0);
  if (schedule == 0) return {std::move(program), plan};
  RunResult first;
  target_.run(program, plan, first);
  return {std::move(program), usual(schedule, first.yields)};
}

Finding Findings::investigate(const Occurrence& occurrence) {
  const auto program_index = occurrence.first.program;
  const auto schedule = occurrence.first.schedule;
  Case directed;  // its plan points to its schedule
  const auto [program, plan] = run_of(occurrence, directed);
  const InvestigateOptions options{findings_.size() < kMostShrunk && !events_.interrupted(), events_.interrupted};
  Investigated found = rxcheck::investigate(target_, judge_, program, plan, occurrence.fingerprint, options);
  if (!found.repeats())
    found.finding.summary = fmt::format("program {}, schedule {}: {}", program_index, schedule, found.finding.summary);
  found.file.provenance = Provenance{source_.seed(), program_index, schedule};
  found.finding.repro = keep(found, folder_, events_.note);
  return std::move(found.finding);
}

}  // namespace rxcheck
