// SPDX-License-Identifier: Apache-2.0
//
// rxcheck merge: shards of one campaign as one run.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/campaign/merge_runs.h"
#include "harness/cli/campaign_text.h"
#include "harness/cli/command.h"
#include "harness/cli/fuzz_options.h"
#include "harness/cli/report.h"
#include "harness/judge/model_version.h"

namespace rxcheck::cli {

namespace {

struct MergeOptions {
  std::vector<std::string> runs;
  std::string out;
  std::string half_lives;
  bool json = false;
};

// Whether it is what fuzz has written about its campaign.
bool says(const Json& identity) {
  return identity.is_object() && identity.contains("model_version") && identity.contains("executive") &&
         identity["executive"].is_string() && identity.contains("schedules") &&
         identity["schedules"].is_number_unsigned();
}

// Whether they are of one campaign, judged by this version's clauses.
void fail_if_strangers(const std::vector<MergeInput>& runs) {
  const MergeInput& first = runs.front();
  const Json identity = Json::parse(first.store.header().campaign, nullptr, false);
  for (const MergeInput& run : runs) {
    const Json other = Json::parse(run.store.header().campaign, nullptr, false);
    const std::string what = difference(identity, other);
    if (!what.empty())
      throw Failure{
          kExitInput,
          {"it is of another campaign than " + first.folder + ": " + what, run.folder, "merge shards of one campaign"}};
  }
  if (!says(identity))
    throw Failure{kExitInput,
                  {"this run store does not say of which campaign it is", first.store.path(),
                   "use the version of rxcheck that made it, or begin the run anew"}};
  if (identity["model_version"] != model_version())
    throw Failure{kExitInput,
                  {"other clauses have judged this run", first.folder, "merge it with the version that ran it"}};
}

// Of the whole. Where the runs name different paths, always the same are taken.
RunHeader header_for(const std::vector<MergeInput>& runs) {
  RunHeader header = header_of_merged(runs.front().store.header());
  header.options.clear();
  for (const MergeInput& run : runs) {
    Json options = Json::parse(run.store.header().options, nullptr, false);
    if (options.is_object()) options["shard"] = "1/1";
    if (header.options.empty() || options.dump() < header.options) header.options = options.dump();
  }
  return header;
}

// Objects with path and digest.
Json drivers_in(const RunHeader& header, const std::string& place) {
  const Json options = Json::parse(header.options, nullptr, false);
  const auto list = options.find("drivers");
  if (list == options.end()) return Json::array();
  const auto names_one = [](const Json& driver) {
    return driver.is_object() && driver.contains("path") && driver["path"].is_string() && driver.contains("sha256") &&
           driver["sha256"].is_string();
  };
  if (list->is_array() && std::ranges::all_of(*list, names_one)) return *list;
  throw Failure{kExitInput, {"this run store does not name its drivers", place, "begin the run anew"}};
}

// What was begun in the folder, which was empty or not there.
void clear(const std::string& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    std::filesystem::remove_all(entry.path(), ignored);
}

ExitCode run_merge(const MergeOptions& asked) {
  std::vector<MergeInput> runs;
  std::set<std::filesystem::path> seen;
  for (const std::string& folder : asked.runs) {
    std::error_code ignored;
    if (!seen.insert(std::filesystem::weakly_canonical(folder, ignored)).second)
      throw Failure{kExitUsage, {"this run is named twice", folder, "name it once"}};
    runs.push_back({folder, or_fail(RunStore::open(folder))});
  }
  fail_if_strangers(runs);
  const RunHeader header = header_for(runs);
  FuzzOptions fuzz = fuzz_options_from(header.options, runs.front().store.path());
  fuzz.half_lives = asked.half_lives;

  CampaignReport report;
  report.timed = false;
  report.target = fuzz.target.target;
  report.seed = fuzz.seed;
  report.accepted = fuzz.target.accepted;
  report.directing = fuzz.directing();
  report.draws_programs = fuzz.files.empty();
  report.measured = load_measured(fuzz);
  const Json identity = Json::parse(header.campaign);
  report.executive = identity["executive"].get<std::string>();
  for (const Json& driver : drivers_in(header, runs.front().store.path()))
    report.drivers.push_back({driver["path"].get<std::string>(), driver["sha256"].get<std::string>()});

  RunFolder folder = or_fail(RunFolder::open(asked.out, fuzz.seed));
  RunStore store = or_fail(RunStore::create(asked.out, header));
  const uint32_t schedules = identity["schedules"].get<uint32_t>();
  const ProgramSource source(fuzz.seed, std::vector<Program>(fuzz.files.size()));
  auto result = merge_runs(runs, store, folder, source, schedules);
  if (!result) {
    clear(asked.out);
    throw Failure{kExitInput, result.error()};
  }
  MergedRun merged = std::move(*result);
  report.result = std::move(merged.result);
  report.verdict = verdict_of(report.result, fuzz.target.own_driver());
  report.missing = fmt::format("{}", fmt::join(merged.missing, "\n"));
  if (report.verdict == Verdict::clean && !merged.missing.empty()) report.verdict = Verdict::incomplete;

  const auto with_missing = [&](Json json) {
    if (!merged.missing.empty()) json["missing"] = merged.missing;
    return json;
  };
  or_fail(folder.write("run.json", with_missing(to_run_json(report)).dump(2) + "\n"));
  if (asked.json)
    std::puts(with_missing(to_json(report)).dump(2).c_str());
  else
    print_text(report);
  for (const std::string& missing : merged.missing) fmt::print(stderr, "rxcheck: incomplete: {}\n", missing);
  return exit_code_of(report.verdict, fuzz.target.own_driver());
}

}  // namespace

void add_merge(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("merge", "Put the shards of a campaign together, in any order, as one run");
  auto options = std::make_shared<MergeOptions>();
  command->add_option("runs", options->runs, "Folders of runs: fuzz --shard I/N --out RUN, or what merge has made")
      ->required();
  command->add_option("--out", options->out, "A new folder for the whole: run.json, repros, and its store")->required();
  command->add_option("--half-lives", options->half_lives,
                      "What `rxcheck mutants --json` printed: says which of its defects the whole would have missed");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_merge(*options); });
}

}  // namespace rxcheck::cli
