// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/findings.h"

#include <fmt/format.h>

#include "harness/campaign/confirm.h"
#include "harness/core/history_text.h"
#include "harness/core/program_rules.h"
#include "harness/core/program_text.h"
#include "harness/shrink/shrink.h"
#include "harness/targets/shadow.h"

namespace rxcheck {

namespace {

constexpr size_t kMostShrunk = 64;  // a driver that fails in more ways than that has its first failures to mend

// The summary as a program's title, if it can be one.
std::string title_from(std::string text) {
  if (text.size() > kMaxTitle) text.resize(kMaxTitle);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return why_bad_title(text) ? "" : text;
}

void describe(Finding& finding, const Divergence& divergence, const Case& failing) {
  finding.clause = divergence.clause;
  finding.summary = divergence.summary;
  finding.operations = static_cast<unsigned>(failing.program.operations.size());
  finding.actors = actors_used(failing.program);
  finding.switches = switches_in(failing.schedule);
}

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

// The program and the plan of an occurrence, as its block had them.
std::pair<Program, Plan> Findings::run_of(const Occurrence& occurrence, Case& directed) {
  const uint64_t index = occurrence.first.program;
  const uint32_t schedule = occurrence.first.schedule;
  Plan plan;
  if (!occurrence.directed.empty()) {
    if (auto file = parse_program(occurrence.directed, "a directed run")) {
      directed = {std::move(file->program), std::move(file->schedule)};
      plan.kind = Plan::Kind::replay;
      plan.schedule = &directed.schedule;
      return {directed.program, plan};
    }
  }
  Program program;
  source_.at(index, program);
  const auto usual = [&](uint32_t k, uint32_t yields) {
    return plan_of(source_.seed(), options_.blocks.strategy, index, k, options_.blocks.schedules, yields);
  };
  plan = usual(0, 0);
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
  Confirmation confirmed = confirm(target_, judge_, program, plan, occurrence.fingerprint);

  Finding finding;
  finding.fingerprint = occurrence.fingerprint;
  if (!confirmed.repeats) {
    finding.verdict = Verdict::nondeterministic;
    finding.clause = occurrence.fingerprint.substr(0, occurrence.fingerprint.find('/'));
    finding.summary = fmt::format("program {}, schedule {}: {}", program_index, schedule, confirmed.why_not);
    finding.operations = static_cast<unsigned>(program.operations.size());
    finding.actors = actors_used(program);
    finding.switches = switches_in(confirmed.failing.schedule);
  } else {
    finding.verdict = occurrence.verdict;
    describe(finding, confirmed.divergence, confirmed.failing);
    if (follows_schedules(target_) && findings_.size() < kMostShrunk && !events_.interrupted()) {
      const ShrinkOptions options{options_.shrink_budget, events_.interrupted};
      auto shrunk = shrink(target_.searcher(), judge_, confirmed.failing, occurrence.fingerprint, options);
      if (shrunk && shows(shrunk->smallest, occurrence.fingerprint)) {
        confirmed.failing = std::move(shrunk->smallest);
        describe(finding, shrunk->divergence, confirmed.failing);
      }
    }
  }
  finding.repro = write(finding, confirmed.failing, confirmed.history, occurrence.first);
  if (!confirmed.guest_said.empty()) {
    const std::string name = name_of_finding(finding.clause, finding.fingerprint);
    folder_.keep(name + ".guest.txt", confirmed.guest_said, events_.note);
  }
  return finding;
}

// Whether the target shows it too, if the search was another's.
bool Findings::shows(const Case& failing, const std::string& fingerprint) {
  if (&target_.searcher() == &target_) return true;
  RunResult run;
  Plan plan;
  plan.kind = Plan::Kind::replay;
  plan.schedule = &failing.schedule;
  target_.run(failing.program, plan, run);
  const auto found = judge_.judge(run);
  return found && found->fingerprint == fingerprint;
}

// A program file; for a target without yield points, whose runs no schedule can name, the history.
std::string Findings::write(const Finding& finding, const Case& failing, const History& history, Position position) {
  const std::string name = name_of_finding(finding.clause, finding.fingerprint);
  if (!follows_schedules(target_)) return folder_.keep(name + ".rxh", print(history), events_.note);
  ProgramFile file{failing.program, failing.schedule, Provenance{source_.seed(), position.program, position.schedule},
                   Expectation{std::string(name_of(finding.verdict)), finding.clause, finding.fingerprint}};
  file.program.title = title_from(finding.summary);
  return folder_.keep(name + ".rxp", print(file), events_.note);
}

}  // namespace rxcheck
