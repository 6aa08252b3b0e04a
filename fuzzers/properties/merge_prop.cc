// SPDX-License-Identifier: Apache-2.0
//
// A campaign divided in any two ways, each merged in any order, is the same campaign, to the byte.
#include <fmt/format.h>
#include <rapidcheck/boost_test.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/campaign/merge_runs.h"
#include "harness/core/digest.h"
#include "harness/core/random.h"

namespace rxcheck {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBehaviours = 300;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a block might report; a few fingerprints come again and again.
BlockReport some_report(uint64_t block, uint64_t programs, Random& random) {
  BlockReport report;
  report.block = block;
  report.programs = programs;
  report.schedules = programs * 2;
  report.distinct_schedules = programs + random.below(100);
  report.operations = random.below(10'000);
  report.drift = random.below(3);
  report.digest = random.below(10) == 0 ? "" : sha256_hex(std::to_string(random.next()));
  for (uint64_t trial = 0; trial < 5; ++trial) {
    const uint64_t lives[] = {mix64(random.below(kBehaviours)), mix64(random.below(kBehaviours))};
    report.behaviours.add(block * kBlockPrograms + trial, lives);
  }
  report.cells.set(random.below(models::kCells));
  for (uint32_t i = 0; i < random.below(3); ++i) {
    const std::string fingerprint = fmt::format("clause/{}", random.below(6));
    if (std::ranges::find(report.occurrences, fingerprint, &Occurrence::fingerprint) != report.occurrences.end())
      continue;
    const Position first{block * kBlockPrograms + i, random.below(2)};
    report.occurrences.push_back({fingerprint, Verdict::divergent, first, 1 + random.below(9), ""});
  }
  return report;
}

// A shard's folder, written as a campaign writes it. The first fingerprint of all is known to it.
void write_shard(const std::string& folder, const std::vector<BlockReport>& reports, const RunHeader& header) {
  fs::create_directories(folder);
  auto store = RunStore::create(folder, header);
  RC_ASSERT(store.ok());
  RunState state;
  const BlockRange range = blocks_of_shard(header.programs, header.shard, header.shards);
  for (uint64_t block = range.first; block < range.last; ++block) {
    const BlockReport& report = reports[block];
    std::vector<Finding> fresh;
    state.tally.merge(report);
    for (const Occurrence& one : report.occurrences) {
      const bool known = one.fingerprint == "clause/0";
      if (!known && !state.met.contains(one.fingerprint)) {
        Finding finding;
        finding.fingerprint = one.fingerprint;
        finding.clause = "clause";
        finding.summary = fmt::format("program {}, schedule {}", one.first.program, one.first.schedule);
        fresh.push_back(std::move(finding));
      }
      state.meet(one.fingerprint, one.first, one.count);
    }
    store->add(report, state, fresh);
    RC_ASSERT(!store->failed().has_value());
  }
}

// What the campaign comes to if it is divided so.
std::string merged(const fs::path& scratch, const std::vector<BlockReport>& reports, uint64_t programs, unsigned shards,
                   Random& random) {
  fs::remove_all(scratch);
  std::vector<MergeInput> runs;
  for (unsigned shard = 1; shard <= shards; ++shard) {
    const std::string folder = (scratch / std::to_string(shard)).string();
    write_shard(folder, reports, {programs, shard, shards, "it", "so"});
    auto store = RunStore::open(folder);
    RC_ASSERT(store.ok());
    runs.push_back({folder, std::move(*store)});
  }
  for (size_t i = runs.size(); i > 1; --i) std::swap(runs[i - 1], runs[random.below(static_cast<uint32_t>(i))]);
  const std::string out = (scratch / "out").string();
  auto folder = RunFolder::open(out, 1);
  RC_ASSERT(folder.ok());
  auto store = RunStore::create(out, header_of_merged(runs.front().store.header()));
  RC_ASSERT(store.ok());
  const auto whole = merge_runs(runs, *store, *folder, ProgramSource(1), 2);
  RC_ASSERT(whole.ok());
  RC_ASSERT(whole->missing.empty());
  RC_ASSERT(whole->result.programs == programs);
  std::string text = whole->result.digest + std::to_string(whole->result.known);
  for (const Finding& finding : whole->result.findings)
    text += fmt::format("{} {} {}\n", finding.fingerprint, finding.summary, finding.occurrences);
  return text + bytes_of(fs::path(out) / "run.db");
}

BOOST_AUTO_TEST_SUITE(merge_properties)

RC_BOOST_PROP(any_two_ways_to_divide_a_campaign_come_to_the_same, ()) {
  const auto blocks = *rc::gen::inRange<uint64_t>(1, 12);
  const auto last = *rc::gen::inRange<uint64_t>(1, kBlockPrograms + 1);
  Random random(*rc::gen::arbitrary<uint64_t>());
  std::vector<BlockReport> reports;
  for (uint64_t block = 0; block < blocks; ++block)
    reports.push_back(some_report(block, block + 1 == blocks ? last : kBlockPrograms, random));
  const uint64_t programs = (blocks - 1) * kBlockPrograms + last;
  const fs::path scratch = fs::temp_directory_path() / ("rxcheck-merge-" + std::to_string(::getpid()));
  const auto one = merged(scratch, reports, programs, *rc::gen::inRange(1U, 16U), random);
  const auto other = merged(scratch, reports, programs, *rc::gen::inRange(1U, 16U), random);
  fs::remove_all(scratch);
  RC_ASSERT(one == other);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
