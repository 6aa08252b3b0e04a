// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/findings.h"

#include <fmt/format.h>

namespace rxcheck {

namespace {

constexpr size_t kMostShrunk = 64;  // a driver that fails in more ways than that has its first failures to mend

}  // namespace

void Findings::take(const Occurrence& occurrence) {
  const auto [known, fresh] = index_.try_emplace(occurrence.fingerprint, findings_.size());
  if (fresh) {
    findings_.push_back(investigate(occurrence));
    const Finding& finding = findings_.back();
    events_.note(fmt::format("{} {}: {}; {}", name_of(finding.verdict), finding.clause, finding.summary,
                             finding.repro.empty() ? "no repro" : finding.repro));
  }
  findings_[known->second].occurrences += occurrence.count;
}

Finding Findings::investigate(const Occurrence& occurrence) {
  const auto program_index = occurrence.first.program;
  const auto schedule = occurrence.first.schedule;
  Program program;
  source_.at(program_index, program);
  uint32_t yields = 0;
  const auto plan = [&](uint32_t k) {
    return plan_of(source_.seed(), options_.blocks.strategy, program_index, k, options_.blocks.schedules, yields);
  };
  if (schedule > 0) {
    RunResult first;
    target_.run(program, plan(0), first);
    yields = first.yields;
  }
  const InvestigateOptions options{findings_.size() < kMostShrunk && !events_.interrupted(), events_.interrupted};
  Investigated found = rxcheck::investigate(target_, judge_, program, plan(schedule), occurrence.fingerprint, options);
  if (!found.repeats())
    found.finding.summary = fmt::format("program {}, schedule {}: {}", program_index, schedule, found.finding.summary);
  found.file.provenance = Provenance{source_.seed(), program_index, schedule};
  found.finding.repro = keep(found, folder_, events_.note);
  return std::move(found.finding);
}

}  // namespace rxcheck
