// SPDX-License-Identifier: Apache-2.0
//
// rxcheck shrink: makes a failing program file as small as it gets.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/campaign/replay.h"
#include "harness/campaign/run_folder.h"
#include "harness/cli/command.h"
#include "harness/cli/input.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/terminal.h"
#include "harness/shrink/shrink.h"
#include "harness/targets/shadow.h"

namespace rxcheck::cli {

namespace {

struct ShrinkCommand {
  TargetOptions target;
  std::string file;
  std::string out;
  uint64_t budget = ShrinkOptions{}.budget;
  bool json = false;
};

ExitCode run_shrink(const ShrinkCommand& options) {
  const ProgramFile file = load_program_only(options.file, "shrink");
  fail_if(why_not_free(options.out));
  Judge judge(options.target.acceptance());
  const auto missing = options.target.missing();
  if (missing) throw Failure{kExitIncomplete, {"incomplete: " + *missing, options.file, ""}};
  OpenTarget target = options.target.open();
  if (!follows_schedules(*target))
    throw Failure{kExitIncomplete,
                  {"incomplete: this target has no yield points", "--target " + options.target.target, "use inproc"}};
  target.learn(std::span(&file.program, 1), 0);

  const Replayed start = replay(*target, judge, file);
  if (!start.divergence) {
    const std::string what = fmt::format("there is nothing to shrink, the file is {}", name_of(start.verdict));
    const ExitCode code = start.verdict == Verdict::clean ? kExitInput : kExitIncomplete;
    throw Failure{
        code, {start.message.empty() ? what : what + ": " + start.message, options.file, "give a file that diverges"}};
  }
  const auto shrunk = shrink(*target, judge, {file.program, start.run.schedule}, start.divergence->fingerprint,
                             {options.budget, interrupted});
  if (!shrunk)
    throw Failure{kExitIncomplete,
                  {"nondeterministic: run again, it did not diverge", options.file, "see replay --repeat"}};

  ProgramFile smallest{shrunk->smallest.program, shrunk->smallest.schedule, file.provenance,
                       Expectation{std::string(name_of(shrunk->divergence.verdict)), shrunk->divergence.clause,
                                   shrunk->divergence.fingerprint}};
  write_new(options.out, print(smallest));
  if (options.json) {
    std::puts(Json{{"operations", shrunk->operations},
                   {"actors", shrunk->actors},
                   {"switches", shrunk->switches},
                   {"candidates_tried", shrunk->candidates_tried},
                   {"minimal", shrunk->minimal}}
                  .dump(2)
                  .c_str());
  } else {
    fmt::print("{} {}  {}\n", name_of(shrunk->divergence.verdict), tinted(shrunk->divergence.clause, Tint::bold),
               shrunk->divergence.summary);
    fmt::print("{}: {}, {}, {}, from {} and {}\n", options.out, plural(shrunk->operations, "operation"),
               plural(shrunk->actors, "actor"), plural(shrunk->switches, "switch"),
               plural(file.program.operations.size(), "operation"), plural(switches_in(file.schedule), "switch"));
    fmt::print("{} tried; {}\n", plural(shrunk->candidates_tried, "candidate"),
               shrunk->minimal ? "no operation, choice or actor can be spared"
                               : "stopped before it was minimal: raise --budget");
  }
  return interrupted() ? kExitInterrupted : kExitClean;
}

}  // namespace

void add_shrink(CLI::App& app, ExitCode& code) {
  CLI::App* command =
      app.add_subcommand("shrink", "Make a failing program file small, operations, actors and switches");
  auto options = std::make_shared<ShrinkCommand>();
  command->add_option("file", options->file, "A .rxp file that diverges")->required();
  command->add_option("-o", options->out, "The new file")->required();
  options->target.add_to(*command);
  command->add_option("--budget", options->budget, "At most so many runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_shrink(*options); });
}

}  // namespace rxcheck::cli
