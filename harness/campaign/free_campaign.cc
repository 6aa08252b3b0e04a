// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/free_campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "harness/campaign/behaviours.h"
#include "harness/core/digest.h"
#include "harness/core/history_text.h"

namespace rxcheck {

namespace {

constexpr uint64_t kMostLabFaults = 20;  // one after the other: then the lab is broken

class FreeCampaign {
 public:
  FreeCampaign(const CampaignOptions& options, RunFolder& folder, const CampaignEvents& events)
      : options_(options), folder_(folder), events_(events) {}

  // False when it is over before its end.
  bool take(uint64_t trial, const RunResult& run, const std::optional<Divergence>& found, const models::CellSet& cells);

  CampaignResult result;

 private:
  void keep(const RunResult& run, const Divergence& found);

  const CampaignOptions& options_;
  RunFolder& folder_;
  const CampaignEvents& events_;
  std::set<std::string> traces_;
  std::vector<uint64_t> lives_;
  uint64_t faults_in_a_row_ = 0;
};

bool FreeCampaign::take(uint64_t trial, const RunResult& run, const std::optional<Divergence>& found,
                        const models::CellSet& cells) {
  ++result.schedules;
  result.operations += run.history.program_operations;
  if (run.end == RunResult::End::lab_fault) {
    ++result.lab_faults;
    events_.note(fmt::format("lab fault: {}", run.lab_message));
    return ++faults_in_a_row_ < kMostLabFaults;
  }
  faults_in_a_row_ = 0;
  behaviours_of(run.history, lives_);
  result.behaviours.add(trial, lives_);
  if (traces_.insert(sha256_hex(canonical_trace(run.history))).second) ++result.distinct_schedules;
  if (!found) {
    result.cells |= cells;
    return true;
  }
  if (found->verdict == Verdict::drift) ++result.drift;
  if (options_.known.contains(found->fingerprint)) {
    ++result.known;
    return true;
  }
  keep(run, *found);
  return true;
}

void FreeCampaign::keep(const RunResult& run, const Divergence& found) {
  const auto known = std::ranges::find(result.findings, found.fingerprint, &Finding::fingerprint);
  if (known != result.findings.end()) {
    ++known->occurrences;
    return;
  }
  Finding finding;
  finding.verdict = found.verdict;
  finding.fingerprint = found.fingerprint;
  finding.clause = found.clause;
  finding.summary = found.summary;
  finding.operations = run.history.program_operations;
  Program program = run.history.program;
  program.operations.resize(run.history.program_operations);
  finding.actors = actors_used(program);
  finding.occurrences = 1;
  const std::string name = name_of_finding(found.clause, found.fingerprint);
  finding.repro = folder_.keep(name + ".rxh", print(run.history), events_.note);
  if (!run.guest_said.empty()) folder_.keep(name + ".guest.txt", run.guest_said, events_.note);
  events_.note(fmt::format("{} {}: {}; {}", name_of(found.verdict), found.clause, found.summary, finding.repro));
  result.findings.push_back(std::move(finding));
}

}  // namespace

Program for_guest(const Program& program) {
  std::vector<bool> remove(program.operations.size());
  for (size_t i = 0; i < remove.size(); ++i) remove[i] = program.operations[i].kind == OpKind::tick;
  Program kept = without(program, remove);
  for (Operation& op : kept.operations) op.cancelled = false;
  kept.low_memory = 0;
  return kept;
}

CampaignResult run_free_campaign(Target& target, Judge& judge, const ProgramSource& source,
                                 const CampaignOptions& options, RunFolder& folder, const CampaignEvents& events) {
  const auto begin = std::chrono::steady_clock::now();
  FreeCampaign campaign(options, folder, events);
  const uint64_t first = options.blocks.programs * (options.shard - 1) / options.shards;
  const uint64_t last = options.blocks.programs * options.shard / options.shards;
  campaign.result.first_trial = source.trial_of(first, 0, options.blocks.schedules);
  Program program;
  RunResult run;
  bool goes_on = true;
  for (uint64_t i = first; i < last && goes_on && !events.interrupted(); ++i) {
    source.at(i, program);
    const Program adapted = for_guest(program);
    ++campaign.result.programs;
    for (uint32_t k = 0; k < options.blocks.schedules && goes_on && !events.interrupted(); ++k) {
      Plan plan;
      plan.seed = derive_seed(source.seed(), i, k);  // of the delays
      target.run(adapted, plan, run);
      const auto found = judge.judge(run);
      goes_on = campaign.take(source.trial_of(i, k, options.blocks.schedules), run, found, judge.cells());
    }
    events.progress(campaign.result.programs);
  }
  campaign.result.interrupted = events.interrupted();
  campaign.result.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return std::move(campaign.result);
}

}  // namespace rxcheck
