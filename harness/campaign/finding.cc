// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/finding.h"

#include <utility>

#include "harness/campaign/confirm.h"
#include "harness/core/history_text.h"
#include "harness/core/program_rules.h"
#include "harness/judge/exact_replay.h"
#include "harness/shrink/shrink.h"
#include "harness/targets/shadow.h"

namespace rxcheck {

namespace {

// The summary as a program's title, if it can be one.
std::string title_from(std::string text) {
  if (text.size() > kMaxTitle) text.resize(kMaxTitle);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return why_bad_title(text) ? "" : text;
}

// Whether the target shows it too, if the search was another's.
bool shows(Target& target, Judge& judge, const Case& failing, const std::string& fingerprint) {
  if (&target.searcher() == &target) return true;
  const auto found = shown_exactly(target, judge, failing.program, failing.schedule);
  return found && found->fingerprint == fingerprint;
}

}  // namespace

Investigated investigate(Target& target, Judge& judge, const Program& program, const Plan& plan,
                         const std::string& fingerprint, const InvestigateOptions& options) {
  Confirmation confirmed = confirm(target, judge, program, plan, fingerprint);
  Case smallest = std::move(confirmed.failing);
  Divergence divergence = std::move(confirmed.divergence);
  Investigated result;
  result.replays = follows_schedules(target);
  Finding& finding = result.finding;
  finding.fingerprint = fingerprint;
  if (confirmed.repeats) {
    if (options.shrinks && result.replays) {
      auto shrunk = shrink(target.searcher(), judge, smallest, fingerprint, {kShrinkBudget, options.stop});
      if (shrunk && shows(target, judge, shrunk->smallest, fingerprint)) {
        smallest = std::move(shrunk->smallest);
        divergence = std::move(shrunk->divergence);
      }
    }
    finding.verdict = divergence.verdict;
    finding.clause = std::move(divergence.clause);
    finding.summary = std::move(divergence.summary);
  } else {
    finding.verdict = Verdict::nondeterministic;
    finding.clause = fingerprint.substr(0, fingerprint.find('/'));
    finding.summary = std::move(confirmed.why_not);
  }
  finding.operations = static_cast<unsigned>(smallest.program.operations.size());
  finding.actors = actors_used(smallest.program);
  finding.switches = switches_in(smallest.schedule);
  result.file = {std::move(smallest.program), std::move(smallest.schedule), std::nullopt,
                 Expectation{std::string(name_of(finding.verdict)), finding.clause, fingerprint}};
  result.history = std::move(confirmed.history);
  result.guest_said = std::move(confirmed.guest_said);
  return result;
}

std::string keep(const Investigated& investigated, RunFolder& folder,
                 const std::function<void(const std::string&)>& note) {
  const Finding& finding = investigated.finding;
  const std::string name = name_of_finding(finding.clause, finding.fingerprint);
  std::string path;
  if (investigated.replays) {
    ProgramFile file = investigated.file;
    file.program.title = title_from(finding.summary);
    path = folder.keep(name + ".rxp", print(file), note);
  } else {
    path = folder.keep(name + ".rxh", print(investigated.history), note);
  }
  if (!investigated.guest_said.empty()) folder.keep(name + ".guest.txt", investigated.guest_said, note);
  return path;
}

}  // namespace rxcheck
