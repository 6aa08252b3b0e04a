// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/campaign.h"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>

#include "harness/campaign/test/scratch.h"
#include "harness/core/program_text.h"
#include "harness/shrink/test/fake_target.h"
#include "harness/targets/shadow.h"

namespace rxcheck {
namespace {

namespace fs = std::filesystem;

using test::Scratch;

CampaignOptions options_for(uint64_t programs, unsigned jobs) {
  CampaignOptions options;
  options.blocks = {programs, 2, Strategy::mix};
  options.jobs = jobs;
  return options;
}

CampaignEvents quiet() {
  return {[](const std::string&) {}, [](uint64_t) {}, [] { return false; }};
}

CampaignResult campaign(Target& target, const CampaignOptions& options, const std::string& out,
                        const CampaignEvents& events = quiet()) {
  Judge judge;
  const ProgramSource source(7);
  auto folder = RunFolder::open(out, 7);
  BOOST_REQUIRE(folder.ok());
  return run_campaign(target, judge, source, options, *folder, events);
}

// Dies of a signal the `victim`-th time that it runs in one process.
class DyingTarget : public test::FakeTarget {
 public:
  explicit DyingTarget(int victim) : left_(victim) {}
  void run(const Program& program, const Plan& plan, RunResult& result) override {
    if (--left_ == 0) std::raise(SIGKILL);
    FakeTarget::run(program, plan, result);
  }

 private:
  int left_;
};

// Forgets what it did: every fourth run is another.
class MoodyTarget : public test::FakeTarget {
 public:
  void run(const Program& program, const Plan& plan, RunResult& result) override {
    FakeTarget::run(program, plan, result);
    if (++runs_ % 4 != 0) return;
    result.end = RunResult::End::violation;
    result.violation = Violation{"moody", "weather", "", "it rains", 0};
  }

 private:
  int runs_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(campaign_suite)

BOOST_AUTO_TEST_CASE(the_digest_and_the_findings_do_not_depend_on_the_number_of_jobs) {
  std::string digests[3], repros[3];
  for (unsigned jobs = 1; jobs <= 3; ++jobs) {
    Scratch scratch;
    test::FakeTarget target;
    const auto result = campaign(target, options_for(5000, jobs), scratch.path);
    BOOST_TEST(result.programs == 5000u);
    BOOST_TEST(result.schedules == 10000u);
    BOOST_TEST(result.lab_faults == 0u);
    BOOST_TEST((verdict_of(result, true) == Verdict::divergent));
    BOOST_REQUIRE(result.findings.size() == 1u);
    const Finding& finding = result.findings[0];
    BOOST_TEST(finding.fingerprint == "planted/view/finalize");
    BOOST_TEST(finding.clause == "planted");
    // The smallest has 3 and 1; how near shrinking comes depends on the program that shows it first.
    BOOST_TEST(finding.operations <= 4u);
    BOOST_TEST(finding.actors == 2u);
    BOOST_TEST(finding.switches <= 2u);
    BOOST_TEST(finding.occurrences > 1u);
    auto file = load_program(finding.repro);
    BOOST_REQUIRE(file.ok());
    BOOST_REQUIRE(file->expectation.has_value());
    BOOST_TEST(file->expectation->fingerprint == finding.fingerprint);
    BOOST_TEST(file->provenance->seed == 7u);
    digests[jobs - 1] = result.digest;
    repros[jobs - 1] = print(*file);
  }
  BOOST_TEST(digests[0].size() == 64u);
  BOOST_TEST(digests[1] == digests[0]);
  BOOST_TEST(digests[2] == digests[0]);
  BOOST_TEST(repros[1] == repros[0]);
  BOOST_TEST(repros[2] == repros[0]);
}

BOOST_AUTO_TEST_CASE(the_cells_that_deletes_reach_are_those_of_all_workers_and_can_be_reached) {
  models::CellSet cells[3];
  for (unsigned jobs = 1; jobs <= 3; ++jobs) {
    Scratch scratch;
    const auto target = make_shadow_target();
    cells[jobs - 1] = campaign(*target, options_for(3000, jobs), scratch.path).cells;
  }
  BOOST_TEST(cells[0].count() > 50u);
  BOOST_TEST((cells[0] & ~models::reachable_cells()).none());
  BOOST_TEST((cells[1] == cells[0]));
  BOOST_TEST((cells[2] == cells[0]));
}

BOOST_AUTO_TEST_CASE(what_it_may_have_missed_does_not_depend_on_the_number_of_jobs) {
  std::vector<CampaignResult> results;
  for (unsigned jobs = 1; jobs <= 3; ++jobs) {
    Scratch scratch;
    test::FakeTarget target;
    results.push_back(campaign(target, options_for(5000, jobs), scratch.path));
  }
  BOOST_TEST(results[0].pct.schedules != 0U);
  BOOST_TEST(results[0].pct.in_every_program(2) > 0.0);
  BOOST_TEST(results[0].behaviours.trials() == 5000U);
  for (const CampaignResult& result : results) {
    BOOST_TEST((result.pct == results[0].pct));
    BOOST_TEST((result.behaviours.entries() == results[0].behaviours.entries()));
  }
}

BOOST_AUTO_TEST_CASE(one_program_over_and_over_shows_nothing_new_in_the_end_and_ten_programs_much) {
  const auto target = make_shadow_target();
  Judge judge;
  Program program;
  ProgramSource(7).at(3, program);
  CampaignOptions options = options_for(1, 1);
  options.blocks.schedules = 10'000;
  Scratch one, ten;
  auto folder = RunFolder::open(one.path, 7);
  const Discovery often =
      run_campaign(*target, judge, ProgramSource(7, {program}), options, *folder, quiet()).behaviours.discovery();
  BOOST_TEST(often.trials == 10'000U);
  BOOST_TEST(probability_of_new(often) < 0.01);
  const Discovery few = campaign(*target, options_for(10, 1), ten.path).behaviours.discovery();
  BOOST_TEST(few.trials == 10U);
  BOOST_TEST(probability_of_new(few) > 0.8);
}

BOOST_AUTO_TEST_CASE(another_seed_or_budget_gives_another_digest) {
  Scratch first, second;
  test::FakeTarget target;
  BOOST_TEST(campaign(target, options_for(100, 1), first.path).digest !=
             campaign(target, options_for(101, 1), second.path).digest);
}

BOOST_AUTO_TEST_CASE(known_fingerprints_are_counted_and_not_reported) {
  Scratch scratch;
  test::FakeTarget target;
  auto options = options_for(2000, 2);
  options.known = {"planted/view/finalize"};
  const auto result = campaign(target, options, scratch.path);
  BOOST_TEST(result.findings.empty());
  BOOST_TEST(result.known > 1u);
  BOOST_TEST((verdict_of(result, true) == Verdict::clean));
}

BOOST_AUTO_TEST_CASE(shards_cover_every_program_once) {
  uint64_t programs = 0;
  for (unsigned shard = 1; shard <= 3; ++shard) {
    Scratch scratch;
    test::FakeTarget target;
    auto options = options_for(5000, 2);
    options.shard = shard;
    options.shards = 3;
    programs += campaign(target, options, scratch.path).programs;
  }
  BOOST_TEST(programs == 5000u);
}

BOOST_AUTO_TEST_CASE(a_worker_that_dies_is_a_lab_fault_that_names_its_block_and_the_others_go_on) {
  Scratch scratch;
  DyingTarget target(1500);  // in its first block: a block is 2,048 runs
  std::vector<std::string> notes;
  CampaignEvents events = quiet();
  events.note = [&](const std::string& line) { notes.push_back(line); };
  auto options = options_for(3 * kBlockPrograms, 3);
  options.known = {"planted/view/finalize"};
  const auto result = campaign(target, options, scratch.path, events);
  BOOST_TEST(result.lab_faults == 3u);
  BOOST_TEST((verdict_of(result, true) == Verdict::lab_fault));
  BOOST_REQUIRE(!notes.empty());
  BOOST_TEST(notes[0].find("block 0 was lost: worker 0 was ended by signal 9") != std::string::npos);
  BOOST_TEST(notes[0].find("program 749, schedule 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_does_not_repeat_is_nondeterministic) {
  Scratch scratch;
  MoodyTarget target;
  auto options = options_for(10, 1);
  options.known = {"planted/view/finalize"};
  const auto result = campaign(target, options, scratch.path);
  BOOST_REQUIRE(!result.findings.empty());
  BOOST_TEST((result.findings[0].verdict == Verdict::nondeterministic));
  BOOST_TEST((verdict_of(result, true) == Verdict::nondeterministic));
}

BOOST_AUTO_TEST_CASE(an_interrupted_campaign_keeps_what_it_has) {
  Scratch scratch;
  test::FakeTarget target;
  CampaignEvents events = quiet();
  int asked = 0;
  events.interrupted = [&] { return ++asked > 1; };
  const auto result = campaign(target, options_for(100'000'000, 2), scratch.path, events);
  BOOST_TEST(result.interrupted);
  BOOST_TEST(result.programs < 100'000'000u);
  BOOST_TEST(result.programs > 0u);
}

BOOST_AUTO_TEST_CASE(a_run_folder_that_is_in_use_is_refused) {
  Scratch scratch;
  fs::create_directories(scratch.path / "something");
  const auto folder = RunFolder::open(scratch.path, 1);
  BOOST_REQUIRE(!folder.ok());
  BOOST_TEST(folder.error().text().find("there is something here already") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(block_report_suite)

BOOST_AUTO_TEST_CASE(a_report_survives_the_pipe_and_a_damaged_one_is_refused) {
  BlockReport report;
  report.block = 3;
  report.digest = std::string(64, 'a');
  report.occurrences = {{"C46/x/set", Verdict::drift, {3073, 1}, 9}};
  ProgramGuarantee guarantee;
  guarantee.add(3, 20, 2);
  report.pct.add_schedule(21, 20);
  report.pct.add_program(guarantee);
  report.behaviours.add(3072, std::vector<uint64_t>{1, 2});
  report.behaviours.add(3073, std::vector<uint64_t>{2});
  const std::string bytes = to_bytes(report);
  const auto back = from_bytes(bytes);
  BOOST_REQUIRE(back.ok());
  BOOST_TEST(to_bytes(*back) == bytes);
  BOOST_TEST((back->pct == report.pct));
  BOOST_TEST(back->behaviours.discovery().twice == 1U);
  for (size_t size = 0; size < bytes.size(); ++size) BOOST_TEST(!from_bytes(bytes.substr(0, size)).ok());
  BOOST_TEST(!from_bytes(bytes + "x").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
