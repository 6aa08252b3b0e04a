// SPDX-License-Identifier: Apache-2.0
//
// rxcheck replay: runs program files exactly and judges histories as they are.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/campaign/replay.h"
#include "harness/campaign/reproduce.h"
#include "harness/campaign/run_folder.h"
#include "harness/cli/command.h"
#include "harness/cli/input.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/mpr_replay.h"
#include "harness/cli/replay_report.h"
#include "harness/cli/replay_sweep.h"
#include "harness/cli/terminal.h"
#include "harness/core/digest.h"
#include "harness/targets/shadow.h"

namespace rxcheck::cli {

namespace {

struct ReplayOptions {
  TargetOptions target;
  std::vector<std::string> files;
  std::string out;
  unsigned repeat = 1;
  bool each_allocation = false;
  bool cancel_everywhere = false;
  bool races = false;
  bool json = false;
  std::string surface = "kernel";
  std::string router = "wine";
  bool calls = false;
};

// --surface mpr, for which most of the other options mean nothing.
// What drives the kernel surface says nothing about the router's.
constexpr const char* kKernelFlags[] = {"--target",   "--mode", "--driver",          "--yields",
                                        "--vm-image", "-o",     "--each-allocation", "--cancel-everywhere",
                                        "--races"};

ExitCode run_other_surface(const ReplayOptions& options, const CLI::App& command) {
  if (options.surface == "both")
    throw Failure{kExitUsage, {"this version runs one surface at a time", "--surface both", "use kernel or mpr"}};
  for (const char* flag : kKernelFlags)
    if (command.count(flag) != 0)
      throw Failure{
          kExitUsage,
          {"this version does not have it for this surface", fmt::format("--surface mpr {}", flag), "leave it out"}};
  return run_mpr_replay({options.files, options.router, options.repeat, options.json, options.calls}, options.target);
}

Replayed judge_history(Judge& judge, const History& history) {
  Replayed result;
  result.divergence = judge.judge(history);
  if (result.divergence) result.verdict = result.divergence->verdict;
  result.trace_sha256 = sha256_hex(canonical_trace(history));
  result.run.history = history;
  return result;
}

void print_nearby(const std::string& file, const Case& nearby) {
  fmt::print("  but a schedule nearby shows it still, with {}: rxcheck replay {} -o NEW.rxp writes it\n",
             plural(switches_in(nearby.schedule), "switch"), file);
}

// From a history to a program file: -o OUT.rxp. False if no schedule shows what the history shows.
bool write_reproduction(const ReplayOptions& options, const std::string& file, const History& history,
                        const Replayed& judged, Judge& judge) {
  if (!judged.divergence)
    throw Failure{kExitInput,
                  {"this history diverges in nothing that could be looked for", file, "give one that does"}};
  fail_if(why_not_free(options.out));
  if (const auto missing = options.target.missing())
    throw Failure{kExitIncomplete, {"incomplete: " + *missing, file, ""}};
  OpenTarget target = options.target.open();
  if (!follows_schedules(*target))
    throw Failure{kExitUsage, {"this target has no yield points", "--target " + options.target.target, "use inproc"}};
  const Program program = program_of(history);
  target.learn(std::span(&program, 1), 0);
  ReproduceOptions search;
  search.stop = interrupted;
  const auto found = reproduce(*target, judge, program, judged.divergence->fingerprint, search);
  if (!found) {
    fmt::print(stderr, "rxcheck: {}: no schedule of {} showed it in process\n", file, search.runs);
    return false;
  }
  write_new(options.out, print(found->file));
  if (!options.json)
    fmt::print("{}: {} shows it, after {}\n", options.out, plural(found->file.program.operations.size(), "operation"),
               plural(found->runs, "schedule"));
  return true;
}

// What -o writes: the history, or the program with the schedule as it was recorded.
void write_output(const std::string& out, const Input& input, const Replayed& replayed) {
  const auto* file = std::get_if<ProgramFile>(&input);
  if (out.ends_with(".rxh")) return write_new(out, print(replayed.run.history));
  if (!out.ends_with(".rxp"))
    throw Failure{kExitUsage, {"cannot tell what to write", "-o " + out, "end it in .rxh or .rxp"}};
  ProgramFile copy = *file;
  if (replayed.nearby) {
    copy.program = replayed.nearby->program;
    copy.schedule = replayed.nearby->schedule;
  } else {
    copy.schedule = replayed.run.schedule;
    const auto& found = replayed.divergence;
    copy.expectation = Expectation{std::string(name_of(replayed.verdict)), found ? found->clause : "",
                                   found ? found->fingerprint : ""};
  }
  write_new(out, print(copy));
}

ExitCode run_replay(const ReplayOptions& options) {
  if (!options.out.empty() && options.files.size() != 1)
    throw Failure{kExitUsage, {"one output for several files", "-o " + options.out, "replay one file at a time"}};
  if (options.races && options.target.target != "inproc")
    throw Failure{kExitUsage, {"data races are seen in process only", "--races", "leave out --target"}};
  if (options.each_allocation || options.cancel_everywhere)
    return run_sweeps(
        {options.files, options.each_allocation, options.cancel_everywhere, options.races, options.out, options.json},
        options.target);
  Judge judge(options.target.acceptance());
  std::vector<Input> inputs;
  bool any_program = false;
  for (const std::string& file : options.files) {
    inputs.push_back(load(file));
    any_program = any_program || std::holds_alternative<ProgramFile>(inputs.back());
  }
  const auto missing = options.target.missing();
  std::optional<OpenTarget> target;
  if (any_program && !missing) target.emplace(options.target.open());

  ExitCode code = kExitClean;
  ReplayReport report(options.json);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (interrupted()) {
      code = kExitInterrupted;
      break;
    }
    const auto* file = std::get_if<ProgramFile>(&inputs[i]);
    Replayed replayed;
    if (file == nullptr) {
      replayed = judge_history(judge, std::get<History>(inputs[i]));
    } else if (missing) {
      replayed.verdict = Verdict::incomplete;
      replayed.message = *missing;
    } else {
      (*target)->detect_races(options.races);
      replayed = replay(**target, judge, *file, options.repeat);
    }
    report.add(options.files[i], replayed, file == nullptr ? std::nullopt : file->expectation,
               file == nullptr ? "" : options.target.target, names_of(variants_in_force(replayed.run.history)));
    if (!options.json && replayed.nearby) print_nearby(options.files[i], *replayed.nearby);
    if (file == nullptr && options.out.ends_with(".rxp")) {
      if (!write_reproduction(options, options.files[i], std::get<History>(inputs[i]), replayed, judge))
        code = worse_of(code, kExitIncomplete);
    } else if (!options.out.empty()) {
      write_output(options.out, inputs[i], replayed);
    }
    code = worse_of(code, exit_code_of(replayed.verdict, options.target.own_driver()));
  }
  report.end(options.target.accepted);
  return code;
}

}  // namespace

void add_replay(CLI::App& app, ExitCode& code) {
  CLI::App* command = app.add_subcommand("replay", "Run program files (.rxp) exactly, or judge histories (.rxh)");
  auto options = std::make_shared<ReplayOptions>();
  command->add_option("files", options->files, "Files that end in .rxp or .rxh")->required();
  options->target.add_to(*command);
  command->add_option(
      "-o", options->out,
      "A new file: the history (.rxh), or the program with the schedule as it was met (.rxp); for a history, "
      "a program with a schedule that shows the same");
  command->add_option("--repeat", options->repeat, "Run so often; all runs must be the same")
      ->check(CLI::Range(1u, 1'000'000u))
      ->capture_default_str();
  command->add_flag("--each-allocation", options->each_allocation,
                    "Run each program once for every allocation that drivers make, which is refused");
  command->add_flag("--cancel-everywhere", options->cancel_everywhere,
                    "Cancel each asynchronous request of each program at every point of its life");
  command->add_flag("--races", options->races,
                    "Data races are divergences, too; as they are for a file that expects one");
  command
      ->add_option("--surface", options->surface,
                   "What programs use: the drivers (kernel), or the router of network connections (mpr)")
      ->check(CLI::IsMember({"kernel", "mpr", "both"}))
      ->capture_default_str();
  command->add_option("--router", options->router, "For --surface mpr: whose router")
      ->check(CLI::IsMember({"ours", "wine"}))
      ->capture_default_str();
  command->add_flag("--calls", options->calls, "For --surface mpr: print what each operation had called");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, command, &code] {
    code = options->surface == "kernel" ? run_replay(*options) : run_other_surface(*options, *command);
  });
}

}  // namespace rxcheck::cli
