// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <utility>

#include "harness/campaign/crew.h"
#include "harness/campaign/findings.h"
#include "harness/core/digest.h"

namespace rxcheck {

namespace {

// Whether the block was run to its end, or is lost for good.
bool is_whole(const BlockReport& report, uint64_t programs) {
  const uint64_t first = report.block * kBlockPrograms;
  return report.digest.empty() || report.programs == std::min(kBlockPrograms, programs - first);
}

// What there is of a campaign as its blocks come in.
class Ledger {
 public:
  Ledger(Findings& findings, const CampaignOptions& options, const CampaignEvents& events, Journal* journal)
      : findings_(findings), options_(options), events_(events), journal_(journal) {
    if (journal == nullptr) return;
    state_ = std::move(journal->state);
    before_ms_ = state_.elapsed_ms;
    digest_ = std::move(journal->digest);
    findings_.take_over(std::move(state_.findings));
  }

  void take(const BlockReport& report);
  CampaignResult result() &&;

 private:
  uint64_t elapsed_ms() const {
    const auto now = std::chrono::steady_clock::now() - begin_;
    return before_ms_ + static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  }
  void write(const BlockReport& report, size_t known_findings);

  Findings& findings_;
  const CampaignOptions& options_;
  const CampaignEvents& events_;
  Journal* journal_;
  RunState state_;
  std::unique_ptr<Sha256> digest_ = std::make_unique<Sha256>();
  uint64_t before_ms_ = 0;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

void Ledger::take(const BlockReport& report) {
  state_.tally.merge(report);
  if (report.lab_faults != 0) events_.note(fmt::format("lab fault: {}", report.lab_message));
  digest_->update(line_of_digest(report.digest));
  const size_t known_findings = findings_.all().size();
  for (const Occurrence& occurrence : report.occurrences) {
    state_.meet(occurrence.fingerprint, occurrence.first, occurrence.count);
    if (!options_.known.contains(occurrence.fingerprint)) findings_.take(occurrence);
  }
  if (journal_ != nullptr) write(report, known_findings);
}

void Ledger::write(const BlockReport& report, size_t known_findings) {
  // What an interruption has cut short is done again: the store has whole blocks, without a gap, with findings that are
  // as small as they get.
  RunStore& store = journal_->store;
  if (report.block != journal_->blocks.first || !is_whole(report, options_.blocks.programs) || events_.interrupted() ||
      store.failed())
    return;
  ++journal_->blocks.first;
  state_.elapsed_ms = elapsed_ms();
  store.add(report, state_, std::span(findings_.all()).subspan(known_findings));
  if (store.failed()) events_.note(store.failed()->text());
}

CampaignResult Ledger::result() && {
  if (journal_ != nullptr && journal_->blocks.first == journal_->blocks.last) journal_->store.finish(state_);
  CampaignResult result;
  result.findings = findings_.all();
  for (Finding& finding : result.findings) finding.occurrences = state_.met[finding.fingerprint].count;
  for (const auto& [fingerprint, met] : state_.met)
    if (options_.known.contains(fingerprint)) result.known += met.count;
  result.interrupted = events_.interrupted();
  result.digest = digest_->hex();
  result.elapsed_s = static_cast<double>(elapsed_ms()) / 1000;
  static_cast<Tally&>(result) = std::move(state_.tally);
  return result;
}

}  // namespace

CampaignResult run_campaign(Target& target, Judge& judge, const ProgramSource& source, const CampaignOptions& options,
                            RunFolder& folder, const CampaignEvents& events, Journal* journal) {
  BlockRunner runner(target, judge, source, options.blocks);
  Findings findings(target, judge, source, options, folder, events);
  Ledger ledger(findings, options, events, journal);
  const BlockRange range = blocks_of_shard(options.blocks.programs, options.shard, options.shards);

  CrewTask task;
  task.first_block = journal != nullptr ? journal->blocks.first : range.first;
  task.last_block = range.last;
  task.jobs = static_cast<unsigned>(
      std::clamp<uint64_t>(options.jobs, 1, std::max<uint64_t>(range.last - task.first_block, 1)));
  task.forks = target.survives_fork();
  task.work = [&](uint64_t block, const auto& watch, const auto& stop) { return runner.run(block, watch, stop); };
  task.take = [&](const BlockReport& report) { ledger.take(report); };
  const uint64_t done = (task.first_block - range.first) * kBlockPrograms;
  task.tick = [&](uint64_t programs) { events.progress(done + programs); };
  task.interrupted = events.interrupted;
  run_crew(task);

  CampaignResult result = std::move(ledger).result();
  result.first_trial = source.trial_of(range.first * kBlockPrograms, 0, options.blocks.schedules);
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
