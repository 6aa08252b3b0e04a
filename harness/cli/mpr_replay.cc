// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/mpr_replay.h"

#include <fmt/format.h>

#include "harness/campaign/replay.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/replay_report.h"
#include "harness/core/digest.h"
#include "harness/core/mpr_program_text.h"
#include "harness/core/win32_error.h"
#include "harness/judge/mpr_judge.h"
#include "harness/targets/inproc.h"
#include "harness/targets/mpr_wine.h"

namespace rxcheck::cli {

namespace {

struct MprReplayed : Shown {
  mpr::History history;
};

MprReplayed replay_once(mpr::WineRouter& router, const mpr::Program& program, const Acceptance& accepted) {
  MprReplayed result;
  auto history = router.run(program);
  if (!history) {
    result.verdict = Verdict::lab_fault;
    result.message = history.error().text();
    return result;
  }
  result.history = std::move(*history);
  result.trace_sha256 = sha256_hex(mpr::trace_of(result.history));
  result.divergence = mpr::find_divergence(result.history, accepted.clauses);
  if (result.divergence) result.verdict = result.divergence->verdict;
  return result;
}

MprReplayed replay_often(mpr::WineRouter& router, const mpr::Program& program, const Acceptance& accepted,
                         unsigned repeat) {
  MprReplayed first = replay_once(router, program, accepted);
  for (unsigned i = 1; i < repeat && first.verdict != Verdict::lab_fault && !interrupted(); ++i) {
    MprReplayed again = replay_once(router, program, accepted);
    if (again.verdict == Verdict::lab_fault) return again;
    if (again.trace_sha256 == first.trace_sha256) continue;
    again.verdict = Verdict::nondeterministic;
    again.message = fmt::format("run {} was another than the first", i + 1);
    return again;
  }
  return first;
}

void print_calls(const mpr::History& history) {
  for (const mpr::Step& step : history.steps) {
    fmt::print("  {:<44} {}\n", mpr::operation_text(history.program, step.operation), win32::name_of(step.result));
    for (const mpr::Callout& callout : step.callouts) fmt::print("    {}\n", mpr::text_of(callout));
  }
}

}  // namespace

ExitCode run_mpr_replay(const MprReplayOptions& options, const TargetOptions& target) {
  const Acceptance accepted = target.acceptance();
  std::vector<mpr::ProgramFile> files;
  for (const std::string& file : options.files) {
    if (!file.ends_with(".rxp"))
      throw Failure{kExitInput, {"this surface has program files only", file, "give a file that ends in .rxp"}};
    files.push_back(or_fail(mpr::load_program(file)));
  }
  std::optional<mpr::WineRouter> router;
  std::string missing;
  if (options.router != "wine") {
    missing = "this version has no router of its own; use --router wine";
  } else {
    auto made = mpr::WineRouter::make(beside_executable("driver/rxmpr.exe"), beside_executable("driver/rxnp.dll"));
    if (made)
      router.emplace(std::move(*made));
    else
      missing = made.error().text();
  }
  ExitCode code = kExitClean;
  ReplayReport report(options.json);
  for (size_t i = 0; i < files.size(); ++i) {
    if (interrupted()) {
      code = kExitInterrupted;
      break;
    }
    MprReplayed replayed;
    if (router) {
      replayed = replay_often(*router, files[i].program, accepted, options.repeat);
    } else {
      replayed.verdict = Verdict::incomplete;
      replayed.message = missing;
    }
    report.add(options.files[i], replayed, files[i].expectation, "wine", "");
    if (!options.json && options.show_calls) print_calls(replayed.history);
    code = worse_of(code, exit_code_of(replayed.verdict, true));
  }
  report.end(target.accepted);
  return code;
}

}  // namespace rxcheck::cli
