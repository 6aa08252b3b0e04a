// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/direction.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>

#include "harness/campaign/block.h"
#include "harness/campaign/campaign.h"
#include "harness/core/program_text.h"
#include "harness/judge/exact_replay.h"
#include "harness/targets/inproc.h"

namespace rxcheck {
namespace {

std::unique_ptr<InprocTarget> drivers_in(const std::string& folder) {
  const std::string path = std::string(RXCHECK_BINARY_DIR "/driver/") + folder;
  auto target = make_inproc_target({{path + "rxrdbss.sys", path + "rxprobe.sys"}, true, true});
  BOOST_REQUIRE_MESSAGE(target.ok(), (target.ok() ? "" : target.error().text()));
  return std::move(*target);
}

Program program_from(const std::string& operations) {
  auto file = parse_program("rxp 1\nconnection X: \\\\server\\share\n" + operations + "end\n", "test.rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), (file.ok() ? "" : file.error().text()));
  return file->program;
}

BlockOptions options_for(uint64_t programs, Directing directing, uint32_t schedules = 2) {
  return {programs, schedules, Strategy::mix, directing};
}

BlockReport run_block(uint64_t block, BlockRunner& runner) {
  return runner.run(
      block, [](Position) {}, [] { return false; });
}

BlockReport run_block(uint64_t block, const BlockOptions& options, const std::string& folder = "") {
  const auto target = drivers_in(folder);
  const ProgramSource source(1);
  target->learn(source.for_learning(), 1);
  Judge judge;
  BlockRunner runner(*target, judge, source, options);
  return run_block(block, runner);
}

// The letter that a connect puts into the table is looked for by another actor, which comes second in the baseline.
struct LetterRace {
  LetterRace() : target(drivers_in("")), program(program_from("1 connect X:\n2 letters X:\n")) {
    target->learn(std::vector<Program>{program}, 1);
    plan.pairs = &watch;
    run(plan);
    seen = watch.seen();
  }
  void run(const Plan& how) { target->run(program, how, result); }
  bool shows(const SitePair& sites) const {
    return std::ranges::find(watch.seen(), sites, &SeenPair::sites) != watch.seen().end();
  }
  // Of the baseline: of the accesses of these functions.
  std::vector<SeenPair> between(const std::string& first, const std::string& second) const {
    std::vector<SeenPair> found;
    for (const SeenPair& pair : seen)
      if (watch.name_of(pair.sites.first).starts_with(first + "+") &&
          watch.name_of(pair.sites.second).starts_with(second + "+"))
        found.push_back(pair);
    return found;
  }
  // Whether the second came first.
  bool turn(const SeenPair& pair) {
    TurnRound turn_round;
    turn_round.aim(pair, watch);
    Plan turning = plan;
    turning.holding = &turn_round;
    run(turning);
    BOOST_TEST((result.end == RunResult::End::finished));
    return turn_round.came_first();
  }

  std::unique_ptr<InprocTarget> target;
  Program program;
  PairWatch watch;
  Plan plan;
  RunResult result;
  std::vector<SeenPair> seen;
};

size_t index_of_event(const History& history, EventKind kind, uint16_t operation) {
  for (size_t i = 0; i < history.events.size(); ++i)
    if (history.events[i].kind == kind && history.events[i].operation == operation) return i;
  return history.events.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(direction_suite)

BOOST_AUTO_TEST_CASE(a_cell_that_undirected_programs_do_not_reach_is_reached) {
  const auto cell = models::parse_cell("FALSE deleted cancelled-called");
  BOOST_REQUIRE(cell);
  const unsigned aim = models::index_of(*cell);
  const BlockReport usual = run_block(0, options_for(512, Directing::off));
  const BlockReport directed = run_block(0, options_for(512, Directing::on));
  BOOST_TEST(!usual.cells[aim]);
  BOOST_TEST(directed.cells[aim]);
  BOOST_TEST(directed.direction.cells[aim]);
  BOOST_TEST(directed.direction.hits > directed.direction.sketches / 2);
  BOOST_TEST(directed.schedules == usual.schedules);
}

BOOST_AUTO_TEST_CASE(a_pair_seen_in_one_order_is_turned_round) {
  LetterRace race;
  const auto pairs = race.between("ProbeAddLetter", "ProbeFindLetter");
  BOOST_REQUIRE(!pairs.empty());
  bool reversed = false;
  for (const SeenPair& pair : pairs) {
    BOOST_TEST(!pair.ordered);
    race.run(race.plan);
    BOOST_TEST(!race.shows(pair.sites.reversed()));
    BOOST_TEST(race.turn(pair));
    reversed = reversed || race.shows(pair.sites.reversed());
  }
  BOOST_TEST(reversed);
}

BOOST_AUTO_TEST_CASE(what_a_request_is_made_of_before_it_is_handed_over_is_not_tried) {
  LetterRace race;
  const auto pairs = race.between("RxCreateRxContext", "RxpStartRequest");
  BOOST_REQUIRE(!pairs.empty());
  PairBook book;
  unsigned stuck = 0;
  for (SeenPair pair : pairs) {
    if (!pair.ordered) continue;
    BOOST_TEST(!book.wants(pair));
    pair.ordered = false;
    stuck += !race.turn(pair) && !race.shows(pair.sites.reversed());
  }
  BOOST_TEST(stuck > 0U);
}

BOOST_AUTO_TEST_CASE(a_pair_that_does_not_turn_is_left_alone_after_a_few_tries) {
  const SeenPair pair{{7, 5}, false, 1, 10, 99};
  PairBook book;
  BOOST_TEST(book.see(pair));
  BOOST_TEST(!book.see(pair));
  for (unsigned i = 0; i < PairBook::kMostTries; ++i) {
    BOOST_TEST(book.wants(pair));
    book.tried(pair.sites, false);
  }
  BOOST_TEST(!book.wants(pair));
  BOOST_TEST(book.sums().abandoned == 1U);
  book.see({pair.sites.reversed(), false, 2, 3, 99});
  BOOST_TEST(book.sums().abandoned == 0U);
  BOOST_TEST(book.sums().turned == 1U);
}

BOOST_AUTO_TEST_CASE(a_pair_whose_second_came_first_is_not_tried_again) {
  const SeenPair pair{{5, 7}, false, 1, 10, 99};
  PairBook book;
  book.see(pair);
  book.tried(pair.sites, true);
  BOOST_TEST(!book.wants(pair));
  BOOST_TEST(book.sums().forced == 1U);
  BOOST_TEST(book.sums().both == 0U);
}

BOOST_AUTO_TEST_CASE(books_put_together_do_not_depend_on_the_order) {
  PairBook one, other;
  one.see({{5, 7}, false, 1, 10, 99});
  one.tried({5, 7}, false);
  other.see({{7, 5}, true, 1, 10, 99});
  other.see({{8, 9}, true, 1, 10, 99});
  PairBook forth = one, back = other;
  forth.merge(other);
  back.merge(one);
  BOOST_TEST((forth == back));
  BOOST_TEST(forth.sums().both == 1U);
  BOOST_TEST(forth.sums().fixed == 1U);
}

BOOST_AUTO_TEST_CASE(who_makes_an_event_is_held_until_another_event) {
  const auto target = drivers_in("");
  const Program program = program_from("1 connect X:\n2 list X:\n");
  RunResult result;
  target->run(program, {}, result);
  BOOST_TEST(index_of_event(result.history, EventKind::ret, 0) < index_of_event(result.history, EventKind::list, 1));
  Staging staging;
  staging.set({{{EventKind::call, 0}, {EventKind::ret, 1}}});
  Plan plan;
  plan.holding = &staging;
  target->run(program, plan, result);
  BOOST_TEST((result.end == RunResult::End::finished));
  BOOST_TEST(index_of_event(result.history, EventKind::ret, 1) < index_of_event(result.history, EventKind::connect, 0));
}

BOOST_AUTO_TEST_CASE(a_stage_that_waits_for_what_it_holds_gives_way) {
  const auto target = drivers_in("");
  Staging staging;
  staging.set({{{EventKind::call, 0}, {EventKind::ret, 0}}});
  Plan plan;
  plan.holding = &staging;
  RunResult result;
  target->run(program_from("1 connect X:\n2 list X:\n"), plan, result);
  BOOST_TEST((result.end == RunResult::End::finished));
  BOOST_TEST(index_of_event(result.history, EventKind::ret, 0) < result.history.events.size());
}

BOOST_AUTO_TEST_CASE(a_directed_block_does_not_depend_on_the_blocks_before_it) {
  const auto target = drivers_in("");
  const ProgramSource source(1);
  target->learn(source.for_learning(), 1);
  Judge judge;
  const BlockOptions options = options_for(kBlockPrograms + 300, Directing::on);
  BlockRunner alone(*target, judge, source, options), after(*target, judge, source, options);
  const std::string expected = to_bytes(run_block(1, alone));
  const BlockReport first = run_block(0, after);
  const BlockReport second = run_block(1, after);
  BOOST_TEST(second.direction.sketches > 0U);
  BOOST_TEST(second.direction.turns > 0U);
  BOOST_TEST(to_bytes(second) == expected);

  // Nor on who runs it.
  CampaignOptions campaign;
  campaign.blocks = options;
  campaign.jobs = 2;
  auto folder = RunFolder::open("", 1);
  BOOST_REQUIRE(folder.ok());
  const CampaignEvents events{[](const std::string&) {}, [](uint64_t) {}, [] { return false; }};
  const CampaignResult whole = run_campaign(*target, judge, source, campaign, *folder, events);
  campaign.shard = campaign.shards = 2;
  const CampaignResult part = run_campaign(*target, judge, source, campaign, *folder, events);
  DirectionReport sum = first.direction;
  sum.merge(second.direction);
  BOOST_TEST((whole.direction.pairs == sum.pairs));
  BOOST_TEST((whole.direction.cells == sum.cells));
  BOOST_TEST((part.direction.pairs == second.direction.pairs));
  campaign.jobs = campaign.shard = campaign.shards = 1;
  BOOST_TEST(run_campaign(*target, judge, source, campaign, *folder, events).digest == whole.digest);
}

BOOST_AUTO_TEST_CASE(looking_at_pairs_changes_nothing_about_a_block) {
  BlockReport usual = run_block(0, options_for(64, Directing::off));
  const BlockReport watched = run_block(0, options_for(64, Directing::watch));
  BOOST_TEST(usual.digest == watched.digest);
  BOOST_TEST(usual.direction.pairs.size() == 0U);
  BOOST_TEST(watched.direction.pairs.sums().both > 0U);
}

BOOST_AUTO_TEST_CASE(a_report_with_directions_survives_the_pipe) {
  const BlockReport report = run_block(0, options_for(300, Directing::on));
  const auto back = from_bytes(to_bytes(report));
  BOOST_REQUIRE(back.ok());
  BOOST_TEST(to_bytes(*back) == to_bytes(report));
  BOOST_TEST((back->direction.pairs == report.direction.pairs));
  BOOST_TEST((back->direction.names == report.direction.names));
}

BOOST_AUTO_TEST_CASE(what_a_directed_run_found_replays_from_what_was_written_down) {
  const BlockReport report = run_block(0, options_for(kBlockPrograms, Directing::on, 4), "mutants/D16/");
  const auto target = drivers_in("mutants/D16/");
  const ProgramSource source(1);
  target->learn(source.for_learning(), 1);
  Judge judge;
  unsigned replayed = 0;
  for (const Occurrence& occurrence : report.occurrences) {
    if (occurrence.directed.empty()) continue;
    const auto file = parse_program(occurrence.directed, "directed");
    BOOST_REQUIRE(file.ok());
    const auto found = shown_exactly(*target, judge, file->program, file->schedule);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->fingerprint == occurrence.fingerprint);
    ++replayed;
  }
  BOOST_TEST(replayed > 0U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
