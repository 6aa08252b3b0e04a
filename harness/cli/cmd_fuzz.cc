// SPDX-License-Identifier: Apache-2.0
//
// rxcheck fuzz: a campaign.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/campaign/campaign.h"
#include "harness/campaign/free_campaign.h"
#include "harness/campaign/journal.h"
#include "harness/cli/campaign_text.h"
#include "harness/cli/command.h"
#include "harness/cli/fuzz_exhaustive.h"
#include "harness/cli/fuzz_options.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/report.h"
#include "harness/cli/terminal.h"
#include "harness/core/program_text.h"

namespace rxcheck::cli {

namespace {

constexpr uint64_t kMostExecutions = 1'000'000;  // dpor, by default

std::vector<Program> load_programs(const std::vector<std::string>& files) {
  std::vector<Program> programs;
  programs.reserve(files.size());
  for (const std::string& path : files) programs.push_back(or_fail(load_program(path)).program);
  return programs;
}

ExitCode finish(const FuzzOptions& fuzz, const CampaignReport& report, RunFolder* folder, const Journal* journal) {
  const auto note = [](const std::string& line) { fmt::print(stderr, "rxcheck: {}\n", line); };
  if (folder != nullptr && !folder->path().empty()) folder->keep("run.json", to_run_json(report).dump(2) + "\n", note);
  if (fuzz.json)
    std::puts(to_json(report).dump(2).c_str());
  else
    print_text(report);
  if (folder != nullptr && folder->unwritten()) {
    note(folder->unwritten()->text());
    return kExitIncomplete;
  }
  if (journal != nullptr && journal->store.failed()) {
    note(journal->store.failed()->text());
    return kExitIncomplete;
  }
  if (report.result.interrupted && journal != nullptr) note("to go on: rxcheck fuzz --resume " + folder->path());
  return report.result.interrupted ? kExitInterrupted : exit_code_of(report.verdict, fuzz.target.own_driver());
}

// As the run was begun. What the user says again must be the same.
FuzzOptions begun_with(const RunStore& store, const FuzzOptions& asked, const CLI::App& command) {
  FuzzOptions fuzz = fuzz_options_from(store.header().options, store.path());
  const Json now = to_json(asked);
  const Json then = to_json(fuzz);
  for (const auto& [name, value] : then.items()) {
    const std::string flag = name == "files" ? name : "--" + name;
    if (command.count(flag) != 0 && now[name] != value)
      throw Failure{kExitUsage,
                    {fmt::format("this run was begun with {} {}, not {}", flag, value.dump(), now[name].dump()),
                     asked.resume, "leave it out, or begin another run"}};
  }
  fuzz.resume = asked.resume;
  fuzz.jobs = asked.jobs;
  fuzz.json = asked.json;
  return fuzz;
}

// The new store, or what is in the one that goes on.
Result<Journal> open_journal(const FuzzOptions& fuzz, const CampaignOptions& options, const Json& identity,
                             const std::vector<DriverFile>& drivers, std::optional<RunStore> begun) {
  if (begun) {
    const Json then = Json::parse(begun->header().campaign, nullptr, false);
    const std::string other = difference(then, identity);
    if (!other.empty())
      return Error{"this run was begun with another " + other, begun->path(), "put it back, or begin another run"};
    return Journal::open(std::move(*begun));
  }
  FuzzOptions said = fuzz;
  said.programs = options.blocks.programs;
  said.schedules = options.blocks.schedules;
  Json written = to_json(said);
  written["drivers"] = Json::array();
  for (const DriverFile& driver : drivers)
    written["drivers"].push_back({{"path", driver.path}, {"sha256", driver.sha256}});
  auto store = RunStore::create(
      fuzz.out, {options.blocks.programs, options.shard, options.shards, identity.dump(), written.dump()});
  if (!store) return store.error();
  return Journal::open(std::move(*store));
}

ExitCode run_fuzz(const FuzzOptions& asked, const CLI::App& command) {
  std::optional<RunStore> begun;
  if (!asked.resume.empty()) begun = or_fail(RunStore::open(asked.resume));
  const FuzzOptions fuzz = begun ? begun_with(*begun, asked, command) : asked;
  if (fuzz.explores() && (fuzz.files.empty() || fuzz.target.target != "inproc"))
    throw Failure{kExitUsage,
                  {"it explores given programs, in process", "--strategy " + fuzz.strategy,
                   "name .rxp files and leave out --target"}};
  if (fuzz.races && fuzz.target.target != "inproc")
    throw Failure{kExitUsage, {"data races are seen in process only", "--races", "leave out --target"}};
  if ((fuzz.directed || fuzz.watch) && (fuzz.target.target != "inproc" || fuzz.explores()))
    throw Failure{kExitUsage,
                  {"what threads touch is seen in process, and an exploration of all leaves nothing to direct",
                   fuzz.directed ? "--directed" : "--pairs", "leave out --target and --strategy dpor or ipb"}};
  CampaignReport report;
  report.directing = fuzz.directing();
  report.target = fuzz.target.target;
  report.seed = fuzz.seed;
  report.accepted = fuzz.target.accepted;
  report.measured = load_measured(fuzz);
  report.draws_programs = fuzz.files.empty();
  const CampaignOptions options = campaign_options(fuzz);
  Judge judge(fuzz.target.acceptance());
  const std::vector<Program> programs = load_programs(fuzz.files);
  const ProgramSource source(fuzz.seed, programs, fuzz.target.acceptance().variants);
  if (const auto missing = fuzz.target.missing()) {
    report.verdict = Verdict::incomplete;
    report.missing = *missing;
    fmt::print(stderr, "rxcheck: incomplete: {}\n", *missing);
    return finish(fuzz, report, nullptr, nullptr);
  }
  OpenTarget target = fuzz.target.open();
  target->detect_races(fuzz.races);
  report.executive = target->executive();
  report.drivers = target->drivers();
  RunFolder folder = begun ? RunFolder::reopen(fuzz.resume) : or_fail(RunFolder::open(fuzz.out, fuzz.seed));
  std::optional<Journal> journal;
  if (begun || (!fuzz.out.empty() && fuzz.has_blocks())) {
    const bool goes_on = begun.has_value();
    auto opened =
        open_journal(fuzz, options, identity_of(fuzz, options, report, programs), report.drivers, std::move(begun));
    if (opened)
      journal = std::move(*opened);
    else if (goes_on)
      throw Failure{kExitInput, opened.error()};
    else
      folder.lacks(opened.error());  // it does its work all the same
  }

  Progress progress("fuzz", options.blocks.programs / options.shards);
  CampaignEvents events;
  events.note = [&](const std::string& line) { progress.note(line); };
  events.progress = [&](uint64_t programs) { progress.at(programs); };
  events.interrupted = interrupted;
  if (fuzz.explores()) {
    target.learn(source.for_learning(), fuzz.seed);
    explore_files(*target, judge, fuzz.files, fuzz.strategy, fuzz.schedules != 0 ? fuzz.schedules : kMostExecutions,
                  fuzz.json, folder, report);
  } else if (fuzz.target.mode == "free") {
    report.result = run_free_campaign(*target, judge, source, options, folder, events);
  } else {
    target.learn(source.for_learning(), fuzz.seed);
    report.result = run_campaign(*target, judge, source, options, folder, events, journal ? &*journal : nullptr);
  }
  report.verdict = verdict_of(report.result, fuzz.target.own_driver());
  if (report.verdict == Verdict::clean && !report.missing.empty()) report.verdict = Verdict::incomplete;
  return finish(fuzz, report, &folder, journal ? &*journal : nullptr);
}

}  // namespace

void add_fuzz(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("fuzz", "Run many programs under many schedules and judge every run");
  auto options = std::make_shared<FuzzOptions>();
  options->jobs = std::max(1u, std::thread::hardware_concurrency());
  command->add_option("files", options->files,
                      "Programs (.rxp) to run under many schedules, instead of generated ones");
  options->target.add_to(*command);
  command->add_option("--seed", options->seed, "Everything random follows from it")->capture_default_str();
  command->add_option("--programs", options->programs, "How many programs [100000, or as many as files]")
      ->check(CLI::PositiveNumber);
  command->add_option("--schedules", options->schedules, "How many schedules per program [4, or 10000 with files]")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--strategy", options->strategy,
                   "How schedules are chosen: random, pct, mix; of given files all (dpor), or those "
                   "with few departures first (ipb)")
      ->check(CLI::IsMember({"random", "pct", "pos", "mix", "fair", "portfolio", "dpor", "ipb"}))
      ->capture_default_str();
  command->add_option("--jobs", options->jobs, "Processes; the result does not depend on it")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--shard", options->shard, "Run part I of N of the campaign, as 1/4; see rxcheck merge")
      ->capture_default_str();
  CLI::Option* out = command->add_option(
      "--out", options->out, "A new folder for repros and run.json [rxcheck-run-SEED, made when something is found]");
  command
      ->add_option("--resume", options->resume,
                   "A run's folder: go on with the run that was ended early, as it was begun (docs/format-store.md)")
      ->excludes(out);
  command->add_option("--known", options->known, "A folder of repros whose fingerprints are only counted");
  command->add_option("--half-lives", options->half_lives,
                      "What `rxcheck mutants --json` printed: says which of its defects this run would have missed");
  command->add_flag("--races", options->races, "Data races are divergences, too (docs/data-races.md)");
  CLI::Option* directed = command->add_flag(
      "--directed", options->directed,
      "Aim at what each 1,024 programs have not seen: cells of `coverage`, pairs of accesses in the other order "
      "(docs/directed.md)");
  command
      ->add_flag("--pairs", options->watch,
                 "Count which pairs of conflicting accesses are seen in which order, and direct nothing (slower)")
      ->excludes(directed);
  command->add_flag("--json", options->json, "Print one JSON object");
  refuse_flags(*command, {"--surface", "--router"});
  command->callback([options, command, &code] { code = run_fuzz(*options, *command); });
}

}  // namespace rxcheck::cli
