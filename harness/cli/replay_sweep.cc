// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/replay_sweep.h"

#include <fmt/format.h>

#include <cstdio>

#include "harness/campaign/sweep.h"
#include "harness/cli/input.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/report.h"
#include "harness/cli/terminal.h"

namespace rxcheck::cli {

ExitCode run_sweeps(const SweepOptions& options, const TargetOptions& on) {
  if (const auto missing = on.missing()) throw Failure{kExitUsage, {*missing, on.target, "use --target inproc"}};
  if (on.target != "inproc")
    throw Failure{kExitUsage, {"only the inproc target can be swept", on.target, "use --target inproc"}};
  Judge judge(on.acceptance());
  OpenTarget target = on.open();
  target->detect_races(options.races);
  ExitCode code = kExitClean;
  uint64_t runs = 0;
  Json results = Json::array();
  for (const std::string& name : options.files) {
    if (interrupted()) return kExitInterrupted;
    const ProgramFile file = load_program_only(name, "replay");
    for (const bool allocations : {true, false}) {
      if (!(allocations ? options.each_allocation : options.cancel_everywhere)) continue;
      const std::string_view sweep = allocations ? "each-allocation" : "cancel-everywhere";
      const Swept swept = allocations ? refuse_each_allocation(*target, judge, file.program)
                                      : cancel_everywhere(*target, judge, file.program);
      runs += swept.runs;
      const auto& found = swept.divergence;
      results.push_back({{"file", name},
                         {"sweep", sweep},
                         {"runs", swept.runs},
                         {"verdict", name_of(swept.verdict)},
                         {"clause", or_null(found ? found->clause : "")},
                         {"fingerprint", or_null(found ? found->fingerprint : "")}});
      if (!options.json)
        fmt::print("{}: {}, {}{}{}\n", name, sweep, plural(swept.runs, "run"),
                   swept.verdict == Verdict::clean ? ", clean" : ", then " + std::string(name_of(swept.verdict)),
                   found ? " " + found->clause + "  " + found->summary : "");
      if (swept.verdict != Verdict::clean && !options.out.empty()) write_new(options.out, print(swept.file));
      code = worse_of(code, exit_code_of(swept.verdict, on.own_driver()));
    }
  }
  if (options.json)
    std::puts(Json{{"results", results}, {"runs", runs}}.dump(2).c_str());
  else
    fmt::print("{}\n", plural(runs, "run"));
  return code;
}

}  // namespace rxcheck::cli
