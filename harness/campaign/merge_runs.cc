// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/merge_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "harness/campaign/journal.h"
#include "harness/core/text_file.h"

namespace rxcheck {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMostReproBytes = 64 << 20;

// The campaign's blocks that are in no run.
std::vector<BlockRange> gaps_between(const std::vector<BlockRange>& held, uint64_t blocks) {
  std::vector<BlockRange> gaps;
  uint64_t next = 0;
  for (const BlockRange& range : held) {
    if (range.first > next) gaps.push_back({next, range.first});
    next = range.last;
  }
  if (next < blocks) gaps.push_back({next, blocks});
  return gaps;
}

bool meet(const BlockRange& one, const BlockRange& other) {
  return std::max(one.first, other.first) < std::min(one.last, other.last);
}

// The gaps by the shards that fill them, if the runs are shards of one plan.
std::vector<std::string> words_for(const std::vector<BlockRange>& gaps, const std::vector<MergeInput>& runs) {
  std::vector<std::string> words;
  const RunHeader& any = runs.front().store.header();
  std::set<unsigned> plans;
  std::map<unsigned, std::string> given;  // shards, with their folder
  for (const MergeInput& run : runs) {
    plans.insert(run.store.header().shards);
    given[run.store.header().shard] = run.folder;
  }
  const unsigned shards = *plans.begin();
  if (plans.size() > 1 || shards == 0) {
    for (const BlockRange& gap : gaps)
      words.push_back(fmt::format("programs {} to {} are missing", gap.first * kBlockPrograms,
                                  std::min(gap.last * kBlockPrograms, any.programs) - 1));
    return words;
  }
  for (unsigned shard = 1; shard <= shards; ++shard) {
    const BlockRange range = blocks_of_shard(any.programs, shard, shards);
    if (std::ranges::none_of(gaps, [&](const BlockRange& gap) { return meet(gap, range); })) continue;
    const auto run = given.find(shard);
    words.push_back(run == given.end() ? fmt::format("shard {}/{} is missing", shard, shards)
                                       : fmt::format("shard {}/{} has not come to its end: rxcheck fuzz --resume {}",
                                                     shard, shards, run->second));
  }
  return words;
}

class Merge {
 public:
  Merge(RunStore& out, RunFolder& folder) : out_(out), folder_(folder) {}

  std::optional<Error> take(MergeInput& run);
  Result<MergedRun> finish(const std::vector<MergeInput>& runs, const ProgramSource& source, uint32_t schedules);

 private:
  std::optional<Error> take_blocks(MergeInput& run);
  std::optional<Error> copy(const std::string& name, const std::string& from);

  RunStore& out_;
  RunFolder& folder_;
  RunState all_;
  std::map<std::string, std::string> from_;  // the folder of each fingerprint's finding
};

std::optional<Error> Merge::take_blocks(MergeInput& run) {
  std::optional<Error> failed;
  const auto damaged = run.store.each_block([&](uint64_t block, const std::string& digest) {
    if (failed) return;
    if (out_.holds(block))
      failed = Error{fmt::format("program {} is in another of the runs, too", block * kBlockPrograms), run.folder,
                     "leave one of them out"};
    else
      failed = out_.put_block(block, digest);
  });
  return damaged ? damaged : failed;
}

std::optional<Error> Merge::take(MergeInput& run) {
  auto state = run.store.load();
  if (!state) return state.error();
  if (auto failed = take_blocks(run)) return failed;
  for (Finding& finding : state->findings) {
    const Position here = state->met[finding.fingerprint].first;
    const auto before = all_.met.find(finding.fingerprint);
    if (before != all_.met.end() && !earlier(here, before->second.first)) continue;
    std::erase_if(all_.findings, [&](const Finding& other) { return other.fingerprint == finding.fingerprint; });
    from_[finding.fingerprint] = run.folder;
    all_.findings.push_back(std::move(finding));
  }
  all_.tally.merge(state->tally);
  for (const auto& [fingerprint, met] : state->met) all_.meet(fingerprint, met.first, met.count);
  return std::nullopt;
}

// A finding's file, under the same name.
std::optional<Error> Merge::copy(const std::string& name, const std::string& from) {
  const auto text = read_text_file((fs::path(from) / name).string(), kMostReproBytes);
  if (!text) return text.error();
  const auto written = folder_.write(name, *text);
  if (!written) return written.error();
  return std::nullopt;
}

Result<MergedRun> Merge::finish(const std::vector<MergeInput>& runs, const ProgramSource& source, uint32_t schedules) {
  MergedRun merged;
  all_.sort_findings();
  for (const Finding& finding : all_.findings) {
    if (finding.repro.empty()) continue;
    const std::string& from = from_[finding.fingerprint];
    if (auto failed = copy(finding.repro, from)) return *failed;
    const std::string guest = fs::path(finding.repro).stem().string() + ".guest.txt";
    std::error_code ignored;
    if (fs::exists(fs::path(from) / guest, ignored))
      if (auto failed = copy(guest, from)) return *failed;
  }
  Sha256 digest;
  std::vector<BlockRange> held;
  const auto damaged = out_.each_block([&](uint64_t block, const std::string& of_block) {
    digest.update(line_of_digest(of_block));
    if (!held.empty() && held.back().last == block)
      ++held.back().last;
    else
      held.push_back({block, block + 1});
  });
  if (damaged) return *damaged;
  const BlockRange whole = blocks_of_shard(out_.header().programs, 1, 1);
  merged.missing = words_for(gaps_between(held, whole.last), runs);
  if (auto failed = out_.commit(all_)) return *failed;

  CampaignResult& result = merged.result;
  result.findings = all_.findings;
  std::set<std::string> found;
  for (Finding& finding : result.findings) {
    found.insert(finding.fingerprint);
    finding.occurrences = all_.met[finding.fingerprint].count;
    if (!finding.repro.empty()) finding.repro = folder_.path_of(finding.repro);
  }
  // A fingerprint that has led to no finding was known.
  for (const auto& [fingerprint, met] : all_.met)
    if (!found.contains(fingerprint)) result.known += met.count;
  result.digest = digest.hex();
  if (!held.empty()) result.first_trial = source.trial_of(held.front().first * kBlockPrograms, 0, schedules);
  static_cast<Tally&>(result) = std::move(all_.tally);
  return merged;
}

}  // namespace

RunHeader header_of_merged(const RunHeader& header) {
  RunHeader merged = header;
  merged.shard = merged.shards = 0;
  return merged;
}

Result<MergedRun> merge_runs(std::vector<MergeInput>& runs, RunStore& out, RunFolder& folder,
                             const ProgramSource& source, uint32_t schedules) {
  // A file's bytes follow from the order in which it is written.
  std::map<uint64_t, MergeInput*> in_order;
  uint64_t without_blocks = std::numeric_limits<uint64_t>::max();
  for (MergeInput& run : runs) {
    std::optional<uint64_t> first;
    const auto damaged =
        run.store.each_block([&](uint64_t block, const std::string&) { first = first.value_or(block); });
    if (damaged) return *damaged;
    const auto [place, fresh] = in_order.emplace(first ? *first : without_blocks--, &run);
    if (!fresh)
      return Error{"it has the same programs as " + place->second->folder, run.folder, "leave one of them out"};
  }
  if (auto failed = out.begin()) return *failed;
  Merge merge(out, folder);
  for (const auto& [first, run] : in_order)
    if (auto failed = merge.take(*run)) return *failed;
  return merge.finish(runs, source, schedules);
}

}  // namespace rxcheck
