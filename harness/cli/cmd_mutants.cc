// SPDX-License-Identifier: Apache-2.0
//
// rxcheck mutants: how many of the seeded defects does the harness find, and how fast?
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "harness/campaign/half_life.h"
#include "harness/campaign/mutants.h"
#include "harness/campaign/run_folder.h"
#include "harness/campaign/target_choice.h"
#include "harness/cli/command.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/report.h"
#include "harness/cli/terminal.h"

namespace rxcheck::cli {

namespace {

struct MutantsCommand {
  MutantOptions hunt;
  std::string yields = "access";
  std::string out;
  bool json = false;
};

// "  half-life 7 (5-12)"
std::string half_life_text(const MutantResult& mutant) {
  const HalfLife life = half_life_of(mutant.schedules_run, mutant.seeds_killed);
  const auto whole = [](double schedules) { return with_separators(static_cast<uint64_t>(std::lround(schedules))); };
  return fmt::format("  half-life {} ({}-{})", whole(life.likeliest), whole(life.low), whole(life.high));
}

std::string line_for(const MutantResult& mutant, uint64_t seeds) {
  if (!mutant.problem.empty())
    return fmt::format("{:<6} {}  {}", mutant.id, tinted("lab fault", Tint::red), mutant.problem);
  if (mutant.seeds_killed == 0 && mutant.note.kind == MutantNote::Kind::equivalent)
    return fmt::format("{:<6} equivalent, not counted: {}", mutant.id, mutant.note.reason);
  if (mutant.seeds_killed == 0)
    return fmt::format("{:<6} {}{}", mutant.id, tinted("survived", Tint::red),
                       mutant.note.reason.empty() ? "" : "  known: " + mutant.note.reason);
  return fmt::format(
      "{:<6} {} {:<24} after {:>9}  {:>7.2f} s  {:>2} operations {:>2} switches{}", mutant.id,
      tinted(mutant.killed ? "killed  " : "survived", mutant.killed ? Tint::green : Tint::red),
      mutant.drift ? mutant.clause + " drift" : mutant.clause, with_separators(mutant.schedules_to_kill),
      mutant.elapsed_s, mutant.operations, mutant.switches,
      seeds == 1 ? ""
                 : fmt::format("  {} of {} seeds, at most {} and {:.2f} s{}", mutant.seeds_killed, seeds,
                               with_separators(mutant.worst_schedules), mutant.worst_s, half_life_text(mutant)));
}

// One that changes nothing cannot be killed.
bool counts(const MutantResult& mutant) {
  return mutant.note.kind != MutantNote::Kind::equivalent || mutant.seeds_killed != 0;
}

size_t counted(const std::vector<MutantResult>& results) {
  return static_cast<size_t>(std::ranges::count_if(results, counts));
}

// Over every mutant under every seed that killed it.
struct Overall {
  uint64_t median = 0;  // schedules
  uint64_t worst = 0;
  double worst_s = 0;
};

Overall over_all(const std::vector<MutantResult>& results) {
  std::vector<uint64_t> hunts;
  Overall overall;
  for (const MutantResult& mutant : results) {
    hunts.insert(hunts.end(), mutant.hunts.begin(), mutant.hunts.end());
    overall.worst = std::max(overall.worst, mutant.worst_schedules);
    overall.worst_s = std::max(overall.worst_s, mutant.worst_s);
  }
  std::ranges::sort(hunts);
  if (!hunts.empty()) overall.median = hunts[hunts.size() / 2];
  return overall;
}

Json to_json(const std::vector<MutantResult>& results, size_t killed) {
  Json mutants = Json::array();
  for (const MutantResult& mutant : results) {
    const bool found = mutant.seeds_killed != 0;
    const HalfLife life = half_life_of(mutant.schedules_run, mutant.seeds_killed);
    mutants.push_back({{"id", mutant.id},
                       {"killed", mutant.killed},
                       {"clause", or_null(mutant.clause)},
                       {"schedules_to_kill", found ? Json(mutant.schedules_to_kill) : Json(nullptr)},
                       {"elapsed_s", to_digits(mutant.elapsed_s, 3)},
                       {"operations", found ? Json(mutant.operations) : Json(nullptr)},
                       {"switches", found ? Json(mutant.switches) : Json(nullptr)},
                       {"verdict", found ? Json(mutant.drift ? "drift" : "divergent") : Json(nullptr)},
                       {"note", or_null(mutant.note.reason)},
                       {"seeds_killed", mutant.seeds_killed},
                       {"worst_schedules", found ? Json(mutant.worst_schedules) : Json(nullptr)},
                       {"worst_s", found ? Json(to_digits(mutant.worst_s, 3)) : Json(nullptr)},
                       {"schedules_run", mutant.schedules_run},
                       {"half_life", or_null(to_significant(life.likeliest))},
                       {"half_life_low", or_null(to_significant(life.low))},
                       {"half_life_high", or_null(to_significant(life.high))},
                       {"counts", counts(mutant)}});
  }
  const Overall overall = over_all(results);
  return {{"killed", killed},
          {"total", counted(results)},
          {"mutants", mutants},
          {"equivalent", results.size() - counted(results)},
          {"median_schedules", overall.median},
          {"worst_schedules", overall.worst},
          {"worst_s", to_digits(overall.worst_s, 3)}};
}

void write_repros(RunFolder& folder, const std::vector<MutantResult>& results) {
  for (const MutantResult& mutant : results)
    if (!mutant.repro.empty()) or_fail(folder.write(fmt::format("{}-{}.rxp", mutant.id, mutant.clause), mutant.repro));
}

ExitCode run_mutants_command(const MutantsCommand& options) {
  MutantOptions hunt = options.hunt;
  hunt.access_yields = options.yields == "access";
  TargetChoice choice;
  choice.name = hunt.target;
  if (const auto missing = missing_for(choice))
    throw Failure{kExitIncomplete, {"incomplete: " + *missing, "--target " + hunt.target, "use inproc"}};
  std::optional<RunFolder> folder;  // before anything is hunted
  if (!options.out.empty()) folder = or_fail(RunFolder::open(options.out, 0));
  // As they end: the results for people, or progress beside the JSON.
  const auto done = [&](const MutantResult& mutant) {
    std::FILE* where = options.json ? stderr : stdout;
    fmt::print(where, "{}\n", line_for(mutant, hunt.seeds));
    std::fflush(where);
  };
  const auto results = or_fail(run_mutants(hunt, done, interrupted), hunt.only.empty() ? kExitInput : kExitUsage);

  const auto killed = static_cast<size_t>(std::ranges::count_if(results, &MutantResult::killed));
  if (folder) write_repros(*folder, results);
  if (options.json) {
    std::puts(to_json(results, killed).dump(2).c_str());
  } else {
    const Overall overall = over_all(results);
    fmt::print("{} of {} killed, after {} schedules in the median and at most {} in {:.1f} s\n", killed,
               counted(results), with_separators(overall.median), with_separators(overall.worst), overall.worst_s);
  }
  if (interrupted()) return kExitInterrupted;
  const bool problems =
      std::ranges::any_of(results, [](const MutantResult& mutant) { return !mutant.problem.empty(); });
  const bool survivors = std::ranges::any_of(results, [](const MutantResult& mutant) {
    return !mutant.killed && mutant.problem.empty() && mutant.note.kind == MutantNote::Kind::none;
  });
  return survivors ? kExitDivergent : problems ? kExitIncomplete : kExitClean;
}

}  // namespace

void add_mutants(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("mutants", "Hunt the drivers with seeded defects; every one must be found");
  auto options = std::make_shared<MutantsCommand>();
  options->hunt.jobs = std::max(1u, std::thread::hardware_concurrency());
  command->add_option("--only", options->hunt.only, "Only these ids, as D14")->delimiter(',');
  command->add_option("--seeds", options->hunt.seeds, "One campaign for each of the seeds 1 to N")
      ->check(CLI::Range(1u, 1000u))
      ->capture_default_str();
  command->add_option("--programs", options->hunt.programs, "At most so many programs per seed")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--target", options->hunt.target, "Where each must show what it was found with in process")
      ->check(CLI::IsMember({"inproc", "wine", "vm"}))
      ->capture_default_str();
  command->add_option("--yields", options->yields, "Where a switch may happen")
      ->check(CLI::IsMember({"access", "imports"}))
      ->capture_default_str();
  command->add_option("--jobs", options->hunt.jobs, "Mutants hunted at a time")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--out", options->out, "A new folder for the repros");
  command->add_flag("--races", options->hunt.races,
                    "Look for data races in every mutant, not only in those made of one");
  command->add_flag("--directed", options->hunt.directed, "By directed generation (docs/directed.md)");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_mutants_command(*options); });
}

}  // namespace rxcheck::cli
