// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "harness/campaign/crew.h"
#include "harness/campaign/findings.h"
#include "harness/core/digest.h"

namespace rxcheck {

namespace {

// Shard I of N: a half-open range of blocks.
struct Range {
  uint64_t first;
  uint64_t last;
};

Range blocks_of(const CampaignOptions& options) {
  const uint64_t blocks = (options.blocks.programs + kBlockPrograms - 1) / kBlockPrograms;
  return {blocks * (options.shard - 1) / options.shards, blocks * options.shard / options.shards};
}

}  // namespace

CampaignResult run_campaign(Target& target, Judge& judge, const ProgramSource& source, const CampaignOptions& options,
                            RunFolder& folder, const CampaignEvents& events) {
  const auto begin = std::chrono::steady_clock::now();
  CampaignResult result;
  Sha256 digest;
  BlockRunner runner(target, judge, source, options.blocks);
  Findings findings(target, judge, source, options, folder, events);
  const auto [first, last] = blocks_of(options);
  result.first_trial = source.trial_of(first * kBlockPrograms, 0, options.blocks.schedules);

  CrewTask task;
  task.first_block = first;
  task.last_block = last;
  task.jobs = static_cast<unsigned>(std::clamp<uint64_t>(options.jobs, 1, std::max<uint64_t>(last - first, 1)));
  task.forks = target.survives_fork();
  task.work = [&](uint64_t block, const auto& watch, const auto& stop) { return runner.run(block, watch, stop); };
  task.take = [&](const BlockReport& report) {
    result.programs += report.programs;
    result.schedules += report.schedules;
    result.distinct_schedules += report.distinct_schedules;
    result.operations += report.operations;
    result.drift += report.drift;
    result.lab_faults += report.lab_faults;
    result.cells |= report.cells;
    result.pct.merge(report.pct);
    result.behaviours.merge(report.behaviours);
    result.direction.merge(report.direction);
    if (report.lab_faults != 0) events.note(fmt::format("lab fault: {}", report.lab_message));
    digest.update(report.digest.empty() ? "lost\n" : report.digest + "\n");
    for (const Occurrence& occurrence : report.occurrences) {
      if (options.known.contains(occurrence.fingerprint))
        result.known += occurrence.count;
      else
        findings.take(occurrence);
    }
  };
  task.tick = events.progress;
  task.interrupted = events.interrupted;
  run_crew(task);

  result.findings = std::move(findings).all();
  result.interrupted = events.interrupted();
  result.digest = digest.hex();
  result.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

Verdict verdict_of(const CampaignResult& result, bool own_driver) {
  const auto found = [&](Verdict verdict) {
    return std::ranges::find(result.findings, verdict, &Finding::verdict) != result.findings.end();
  };
  if (found(Verdict::divergent)) return Verdict::divergent;
  if (own_driver && found(Verdict::drift)) return Verdict::drift;
  if (found(Verdict::nondeterministic)) return Verdict::nondeterministic;
  if (result.lab_faults != 0) return Verdict::lab_fault;
  if (found(Verdict::drift)) return Verdict::drift;
  return Verdict::clean;
}

}  // namespace rxcheck
