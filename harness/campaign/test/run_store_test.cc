// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_store.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/campaign/campaign.h"
#include "harness/campaign/merge_runs.h"
#include "harness/campaign/test/scratch.h"
#include "harness/core/random.h"
#include "harness/shrink/test/fake_target.h"

namespace rxcheck {
namespace {

namespace fs = std::filesystem;

using test::Scratch;

constexpr uint64_t kPrograms = 5 * kBlockPrograms - 100;

CampaignEvents quiet() {
  return {[](const std::string&) {}, [](uint64_t) {}, [] { return false; }};
}

CampaignResult run(const std::string& folder_path, unsigned shard, unsigned shards, const CampaignEvents& events) {
  test::FakeTarget target;
  Judge judge;
  const ProgramSource source(7);
  CampaignOptions options;
  options.blocks = {kPrograms, 2, Strategy::mix};
  options.shard = shard;
  options.shards = shards;
  const bool begun = fs::exists(folder_path);
  auto folder = begun ? Result<RunFolder>(RunFolder::reopen(folder_path)) : RunFolder::open(folder_path, 7);
  BOOST_REQUIRE(folder.ok());
  auto store =
      begun ? RunStore::open(folder_path) : RunStore::create(folder_path, {kPrograms, shard, shards, "it", "so"});
  BOOST_REQUIRE(store.ok());
  auto journal = Journal::open(std::move(*store));
  BOOST_REQUIRE(journal.ok());
  return run_campaign(target, judge, source, options, *folder, events, &*journal);
}

Result<MergedRun> merge(const std::vector<std::string>& folders, const std::string& out) {
  std::vector<MergeInput> runs;
  for (const std::string& folder : folders) {
    auto store = RunStore::open(folder);
    BOOST_REQUIRE(store.ok());
    runs.push_back({folder, std::move(*store)});
  }
  auto folder = RunFolder::open(out, 7);
  auto store = RunStore::create(out, header_of_merged(runs.front().store.header()));
  BOOST_REQUIRE(folder.ok());
  BOOST_REQUIRE(store.ok());
  return merge_runs(runs, *store, *folder, ProgramSource(7), 2);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_same(const CampaignResult& one, const CampaignResult& other) {
  BOOST_TEST(one.digest == other.digest);
  BOOST_TEST(to_bytes(static_cast<const Tally&>(one)) == to_bytes(static_cast<const Tally&>(other)));
  BOOST_REQUIRE(one.findings.size() == other.findings.size());
  for (size_t i = 0; i < one.findings.size(); ++i) {
    BOOST_TEST(one.findings[i].fingerprint == other.findings[i].fingerprint);
    BOOST_TEST(one.findings[i].summary == other.findings[i].summary);
    BOOST_TEST(one.findings[i].occurrences == other.findings[i].occurrences);
    BOOST_TEST(bytes_of(one.findings[i].repro) == bytes_of(other.findings[i].repro));
  }
}

// All that a store says; nothing if it is refused.
std::optional<std::string> content_of(const std::string& folder) {
  auto store = RunStore::open(folder);
  if (!store) return std::nullopt;
  auto journal = Journal::open(std::move(*store));
  if (!journal) return std::nullopt;
  std::string text = to_bytes(journal->state.tally) + journal->digest->hex() + std::to_string(journal->blocks.first);
  for (const Finding& finding : journal->state.findings) text += finding.fingerprint + finding.summary + finding.repro;
  return text + journal->store.header().campaign + journal->store.header().options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(run_store_suite)

BOOST_AUTO_TEST_CASE(a_run_that_was_interrupted_and_went_on_ends_as_one_that_was_not) {
  Scratch scratch;
  const auto whole = run(scratch / "whole", 1, 1, quiet());
  BOOST_TEST(!whole.findings.empty());
  // Interrupted after more and more questions: in the first block, between blocks, in the last.
  CampaignResult result;
  unsigned rounds = 0;
  do {
    CampaignEvents events = quiet();
    unsigned asked = 0;
    events.interrupted = [&] { return ++asked > 12 + 2 * rounds; };
    result = run(scratch / "part", 1, 1, events);
  } while (++rounds < 60 && result.interrupted);
  BOOST_TEST(rounds > 1u);
  if (result.interrupted) result = run(scratch / "part", 1, 1, quiet());
  expect_same(result, whole);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_done_says_the_same_again) {
  Scratch scratch;
  const auto first = run(scratch / "run", 1, 1, quiet());
  const auto again = run(scratch / "run", 1, 1, quiet());
  expect_same(again, first);
  BOOST_TEST(again.elapsed_s >= 0);
}

BOOST_AUTO_TEST_CASE(merged_shards_are_the_whole_campaign_whatever_their_order) {
  Scratch scratch;
  const auto whole = run(scratch / "whole", 1, 1, quiet());
  for (unsigned shard = 1; shard <= 3; ++shard) run(scratch / ("s" + std::to_string(shard)), shard, 3, quiet());
  const auto one = merge({scratch / "s2", scratch / "s3", scratch / "s1"}, scratch / "one");
  const auto other = merge({scratch / "s1", scratch / "s2", scratch / "s3"}, scratch / "other");
  BOOST_REQUIRE(one.ok());
  BOOST_REQUIRE(other.ok());
  BOOST_TEST(one->missing.empty());
  expect_same(one->result, whole);
  expect_same(other->result, whole);
  BOOST_TEST(bytes_of(scratch / "one/run.db") == bytes_of(scratch / "other/run.db"));
}

BOOST_AUTO_TEST_CASE(a_merge_names_the_shard_that_is_missing_and_goes_on_once_it_is_there) {
  Scratch scratch;
  const auto whole = run(scratch / "whole", 1, 1, quiet());
  for (unsigned shard = 1; shard <= 3; ++shard) run(scratch / ("s" + std::to_string(shard)), shard, 3, quiet());
  const auto part = merge({scratch / "s1", scratch / "s3"}, scratch / "part");
  BOOST_REQUIRE(part.ok());
  BOOST_REQUIRE(part->missing.size() == 1u);
  BOOST_TEST(part->missing[0] == "shard 2/3 is missing");
  BOOST_TEST(part->result.digest != whole.digest);
  const auto all = merge({scratch / "part", scratch / "s2"}, scratch / "all");
  BOOST_REQUIRE(all.ok());
  BOOST_TEST(all->missing.empty());
  expect_same(all->result, whole);
}

BOOST_AUTO_TEST_CASE(a_merge_names_the_shard_that_has_not_come_to_its_end) {
  Scratch scratch;
  run(scratch / "s1", 1, 2, quiet());
  CampaignEvents events = quiet();
  unsigned asked = 0;
  events.interrupted = [&] { return ++asked > 3; };
  BOOST_TEST(run(scratch / "s2", 2, 2, events).interrupted);
  const auto merged = merge({scratch / "s1", scratch / "s2"}, scratch / "all");
  BOOST_REQUIRE(merged.ok());
  BOOST_REQUIRE(merged->missing.size() == 1u);
  BOOST_TEST(merged->missing[0].starts_with("shard 2/2 has not come to its end: rxcheck fuzz --resume "));
}

BOOST_AUTO_TEST_CASE(runs_that_share_programs_are_not_merged) {
  Scratch scratch;
  run(scratch / "whole", 1, 1, quiet());
  run(scratch / "last", 3, 3, quiet());
  const auto merged = merge({scratch / "last", scratch / "whole"}, scratch / "all");
  BOOST_REQUIRE(!merged.ok());
  BOOST_TEST(merged.error().message.find("is in another of the runs, too") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_store_that_is_open_is_not_opened_again) {
  Scratch scratch;
  fs::create_directories(scratch.path);
  const auto store = RunStore::create(scratch.path, {10, 1, 1, "it", "so"});
  BOOST_REQUIRE(store.ok());
  const auto again = RunStore::open(scratch.path);
  BOOST_REQUIRE(!again.ok());
  BOOST_TEST(again.error().message == "another process has this run open");
}

BOOST_AUTO_TEST_CASE(a_byte_that_has_changed_is_noticed_or_changes_nothing) {
  Scratch scratch;
  run(scratch / "run", 1, 1, quiet());
  const std::string path = scratch / "run/run.db";
  const std::string sound = bytes_of(path);
  const std::string expected = content_of(scratch / "run").value();
  Random random(11);
  unsigned noticed = 0;
  for (int i = 0; i < 300; ++i) {
    std::string damaged = sound;
    char& byte = damaged[random.below(static_cast<uint32_t>(sound.size()))];
    byte = static_cast<char>(byte ^ (1U << random.below(8)));
    std::ofstream(path, std::ios::binary | std::ios::trunc) << damaged;
    const auto met = content_of(scratch / "run");
    noticed += !met;
    BOOST_TEST((!met || *met == expected));
  }
  BOOST_TEST(noticed > 0u);
}

BOOST_AUTO_TEST_CASE(a_store_that_was_cut_off_is_refused_with_a_remedy) {
  Scratch scratch;
  run(scratch / "run", 1, 1, quiet());
  const std::string path = scratch / "run/run.db";
  const std::string sound = bytes_of(path);
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100}, size_t{4096}, size_t{8192}}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << sound.substr(0, size);
    const auto store = RunStore::open(scratch / "run");
    BOOST_REQUIRE(!store.ok());
    BOOST_TEST(!store.error().remedy.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
