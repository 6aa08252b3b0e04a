// SPDX-License-Identifier: Apache-2.0
//
// rxcheck fuzz: a campaign.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <thread>

#include "harness/campaign/campaign.h"
#include "harness/campaign/free_campaign.h"
#include "harness/cli/assurance.h"
#include "harness/cli/command.h"
#include "harness/cli/fuzz_exhaustive.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/report.h"
#include "harness/cli/terminal.h"
#include "harness/core/program_text.h"

namespace rxcheck::cli {

namespace {

constexpr uint64_t kDefaultPrograms = 100'000;
constexpr uint64_t kMostExecutions = 1'000'000;  // dpor, by default
constexpr uint32_t kSchedulesOfAFile = 10'000;   // by default, where programs are given

struct FuzzOptions {
  TargetOptions target;
  std::vector<std::string> files;
  uint64_t seed = 1;
  uint64_t programs = 0;   // 0: by default
  uint32_t schedules = 0;  // 0: by default
  std::string strategy = "mix";
  unsigned jobs = 1;
  std::string shard = "1/1";
  std::string out;
  std::string known;
  std::string half_lives;
  bool json = false;
  bool races = false;
  bool directed = false;
  bool watch = false;  // pairs
};

// Schedules follow from each other, not from their number.
bool explores(const FuzzOptions& fuzz) { return fuzz.strategy == "dpor" || fuzz.strategy == "ipb"; }

// "2/8": part 2 of 8.
void parse_shard(const std::string& text, CampaignOptions& options) {
  unsigned shard = 0, shards = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%u/%u%c", &shard, &shards, &rest) != 2 || shard < 1 || shard > shards)
    throw Failure{kExitUsage,
                  {"this is no part of a campaign", "--shard " + text, "write I/N with I from 1 to N, as 1/4"}};
  options.shard = shard;
  options.shards = shards;
}

CampaignOptions campaign_options(const FuzzOptions& fuzz) {
  CampaignOptions options;
  const bool given = !fuzz.files.empty();
  options.blocks.programs = fuzz.programs != 0 ? fuzz.programs : given ? fuzz.files.size() : kDefaultPrograms;
  const bool free = fuzz.target.mode == "free";
  const uint32_t usual = free ? 1 : given ? kSchedulesOfAFile : kDefaultSchedules;
  options.blocks.schedules = fuzz.schedules != 0 ? fuzz.schedules : usual;
  if (const auto strategy = parse_strategy(fuzz.strategy)) options.blocks.strategy = *strategy;
  if (fuzz.watch) options.blocks.directing = Directing::watch;
  if (fuzz.directed) options.blocks.directing = Directing::on;
  options.jobs = fuzz.jobs;
  parse_shard(fuzz.shard, options);
  if (!fuzz.known.empty()) options.known = or_fail(load_known(fuzz.known));
  return options;
}

// What was measured with the programs and schedules of `mutants` says nothing about others.
std::optional<HalfLives> load_measured(const FuzzOptions& fuzz) {
  if (fuzz.half_lives.empty()) return std::nullopt;
  if (!fuzz.files.empty() || fuzz.strategy != "mix" || fuzz.target.mode == "free" || fuzz.directed)
    throw Failure{kExitUsage,
                  {"half-lives are measured with generated programs under schedules of every kind", "--half-lives",
                   "leave it out, or files, --strategy, --directed and --mode free"}};
  return or_fail(load_half_lives(fuzz.half_lives));
}

std::vector<Program> load_programs(const std::vector<std::string>& files) {
  std::vector<Program> programs;
  programs.reserve(files.size());
  for (const std::string& path : files) programs.push_back(or_fail(load_program(path)).program);
  return programs;
}

void print_text(const CampaignReport& report) {
  const CampaignResult& result = report.result;
  for (const Finding& finding : result.findings) {
    fmt::print("{} {}  {}\n", tinted(name_of(finding.verdict), Tint::red), tinted(finding.clause, Tint::bold),
               finding.summary);
    fmt::print("  {}, {}, {}; met {}\n", plural(finding.operations, "operation"), plural(finding.actors, "actor"),
               plural(finding.switches, "switch"), plural(finding.occurrences, "time"));
    fmt::print("  {}\n\n", finding.repro.empty() ? "its file was not written" : "rxcheck explain " + finding.repro);
  }
  if (!report.missing.empty()) fmt::print("{}\n", report.missing);
  fmt::print("{}: {} found in {}, {} ({} distinct), {}\n",
             tinted(name_of(report.verdict), report.verdict == Verdict::clean ? Tint::green : Tint::red),
             plural(result.findings.size(), "finding"), plural(result.programs, "program"),
             plural(result.schedules, "schedule"), with_separators(result.distinct_schedules),
             plural(result.operations, "operation"));
  if (result.known != 0) fmt::print("known findings were met {}\n", plural(result.known, "time"));
  if (result.drift != 0) fmt::print("{} drifted from the shadow model\n", plural(result.drift, "run"));
  if (result.lab_faults != 0) fmt::print("{}\n", plural(result.lab_faults, "lab fault"));
  fmt::print("target {} ({}), seed {}, {:.1f} s, {} programs/s\n", report.target, report.executive, report.seed,
             result.elapsed_s, with_separators(static_cast<uint64_t>(rate_of(result))));
  for (const std::string& line : assurance_lines(report)) fmt::print("{}\n", line);
  if (!report.accepted.empty()) fmt::print("accepted {}\n", fmt::join(report.accepted, " "));
  for (const DriverFile& driver : report.drivers) fmt::print("{}  {}\n", driver.sha256, driver.path);
  if (!result.digest.empty()) fmt::print("digest {}\n", result.digest);
}

ExitCode finish(const FuzzOptions& fuzz, const CampaignReport& report, RunFolder* folder) {
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
  return report.result.interrupted ? kExitInterrupted : exit_code_of(report.verdict, fuzz.target.own_driver());
}

ExitCode run_fuzz(const FuzzOptions& fuzz) {
  if (explores(fuzz) && (fuzz.files.empty() || fuzz.target.target != "inproc"))
    throw Failure{kExitUsage,
                  {"it explores given programs, in process", "--strategy " + fuzz.strategy,
                   "name .rxp files and leave out --target"}};
  if (fuzz.races && fuzz.target.target != "inproc")
    throw Failure{kExitUsage, {"data races are seen in process only", "--races", "leave out --target"}};
  if ((fuzz.directed || fuzz.watch) && (fuzz.target.target != "inproc" || explores(fuzz)))
    throw Failure{kExitUsage,
                  {"what threads touch is seen in process, and an exploration of all leaves nothing to direct",
                   fuzz.directed ? "--directed" : "--pairs", "leave out --target and --strategy dpor or ipb"}};
  CampaignReport report;
  report.directing = fuzz.directed ? Directing::on : fuzz.watch ? Directing::watch : Directing::off;
  report.target = fuzz.target.target;
  report.seed = fuzz.seed;
  report.accepted = fuzz.target.accepted;
  report.measured = load_measured(fuzz);
  report.draws_programs = fuzz.files.empty();
  const CampaignOptions options = campaign_options(fuzz);
  Judge judge(fuzz.target.acceptance());
  const ProgramSource source(fuzz.seed, load_programs(fuzz.files), fuzz.target.acceptance().variants);
  if (const auto missing = fuzz.target.missing()) {
    report.verdict = Verdict::incomplete;
    report.missing = *missing;
    fmt::print(stderr, "rxcheck: incomplete: {}\n", *missing);
    return finish(fuzz, report, nullptr);
  }
  OpenTarget target = fuzz.target.open();
  target->detect_races(fuzz.races);
  RunFolder folder = or_fail(RunFolder::open(fuzz.out, fuzz.seed));
  report.executive = target->executive();
  report.drivers = target->drivers();

  Progress progress("fuzz", options.blocks.programs / options.shards);
  CampaignEvents events;
  events.note = [&](const std::string& line) { progress.note(line); };
  events.progress = [&](uint64_t programs) { progress.at(programs); };
  events.interrupted = interrupted;
  if (explores(fuzz)) {
    target.learn(source.for_learning(), fuzz.seed);
    explore_files(*target, judge, fuzz.files, fuzz.strategy, fuzz.schedules != 0 ? fuzz.schedules : kMostExecutions,
                  fuzz.json, folder, report);
  } else if (fuzz.target.mode == "free") {
    report.result = run_free_campaign(*target, judge, source, options, folder, events);
  } else {
    target.learn(source.for_learning(), fuzz.seed);
    report.result = run_campaign(*target, judge, source, options, folder, events);
  }
  report.verdict = verdict_of(report.result, fuzz.target.own_driver());
  if (report.verdict == Verdict::clean && !report.missing.empty()) report.verdict = Verdict::incomplete;
  return finish(fuzz, report, &folder);
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
  command->add_option("--shard", options->shard, "Run part I of N of the campaign, as 1/4")->capture_default_str();
  command->add_option("--out", options->out,
                      "A new folder for repros and run.json [rxcheck-run-SEED, made when something is found]");
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
  refuse_flags(*command, {"--resume", "--surface", "--router"});
  command->callback([options, &code] { code = run_fuzz(*options); });
}

}  // namespace rxcheck::cli
