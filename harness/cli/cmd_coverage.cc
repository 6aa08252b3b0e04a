// SPDX-License-Identifier: Apache-2.0
//
// rxcheck coverage: which situations deletes have met, of those that can be reached (models/coverage.h).
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "harness/campaign/replay.h"
#include "harness/campaign/run_record.h"
#include "harness/cli/checkout.h"
#include "harness/cli/command.h"
#include "harness/cli/terminal.h"
#include "harness/core/program_text.h"
#include "harness/core/text_file.h"
#include "models/coverage.h"

namespace rxcheck::cli {

namespace {

using models::CellSet;

struct CoverageOptions {
  std::vector<std::string> runs;
  bool corpus = false;
  bool json = false;
};

// The cells that a run's folder tells of.
CellSet cells_of_run(const std::string& run) {
  const std::string path = (std::filesystem::path(run) / "run.json").string();
  return or_fail(cells_of_record(or_fail(read_text_file(path, kMostRecordBytes)), path));
}

// The shipped scenarios and seeds on the shipped drivers, each under its own schedule.
CellSet cells_of_corpus() {
  const auto files = scenario_files();
  if (files.empty())
    throw Failure{kExitInput, {"there are no scenarios above the executable", "corpora/scenarios", "name a run"}};
  OpenTarget target = or_fail(open_target({}));
  Judge judge;
  CellSet cells;
  for (const std::string& path : files) {
    const Replayed replayed = replay(*target, judge, or_fail(load_program(path)));
    if (replayed.verdict == Verdict::clean) cells |= judge.cells();
  }
  return cells;
}

// A table for each level: `+` reached, `-` reachable and not reached, blank where nothing can be.
void print_table(const CellSet& reachable, const CellSet& reached) {
  for (unsigned i = 0; i < models::kCells; ++i) {
    const models::Cell cell = models::cell_at(i);
    if (i % (models::kLifetimes * models::kWindows) == 0) {
      fmt::print("\n{:<20}", fmt::format("level {}", name_of(cell.level)));
      for (unsigned w = 0; w < models::kWindows; ++w) fmt::print("  {}", name_of(static_cast<models::Window>(w)));
      fmt::print("\n");
    }
    if (i % models::kWindows == 0) fmt::print("{:<20}", name_of(cell.lifetime));
    const char* mark = reached[i] ? "+" : reachable[i] ? "-" : "";
    fmt::print("  {:<{}}", mark, name_of(cell.window).size());
    if (i % models::kWindows == models::kWindows - 1) fmt::print("\n");
  }
}

ExitCode run_coverage(const CoverageOptions& options) {
  CellSet reached;
  for (const std::string& run : options.runs) reached |= cells_of_run(run);
  if (options.corpus || options.runs.empty()) reached |= cells_of_corpus();
  const CellSet reachable = models::reachable_cells();
  const CellSet beyond = reached & ~reachable;
  if (beyond.any())
    throw Failure{kExitIncomplete,
                  {"reached but not computed as reachable", models::names_of(beyond).front(),
                   "models/reachable.cc misses a rule"}};
  const auto unreached = models::names_of(reachable & ~reached);
  if (options.json) {
    const Json json = {{"cells_total", models::kCells},
                       {"cells_reachable", reachable.count()},
                       {"cells_reached", reached.count()},
                       {"unreached", unreached}};
    std::puts(json.dump(2).c_str());
    return kExitClean;
  }
  fmt::print("{} of {} reachable cells reached ({} in the matrix)\n", reached.count(), reachable.count(),
             models::kCells);
  print_table(reachable, reached);
  if (!unreached.empty()) fmt::print("\nunreached:\n");
  for (const std::string& name : unreached) fmt::print("  {}\n", name);
  return kExitClean;
}

}  // namespace

void add_coverage(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand(
      "coverage", "Which situations deletes have met: force level, lifetime of the view, state of its requests");
  auto options = std::make_shared<CoverageOptions>();
  command->add_option("runs", options->runs,
                      "Folders of runs, taken together [the shipped scenarios and seeds, run now]");
  command->add_flag("--corpus", options->corpus, "The shipped scenarios and seeds too, run now");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_coverage(*options); });
}

}  // namespace rxcheck::cli
