// SPDX-License-Identifier: Apache-2.0
//
// rxcheck bench: measures the harness on this machine.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "harness/campaign/bench.h"
#include "harness/cli/command.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/terminal.h"

namespace rxcheck::cli {

namespace {

struct BenchCommand {
  bool list = false;
  std::string name;
  bool json = false;
};

ExitCode run_bench(const BenchCommand& options) {
  const auto all = benchmarks();
  const auto is_meant = [&options](const Benchmark& benchmark) {
    if (options.name.empty()) return options.list || !benchmark.only_by_name;
    return benchmark.name == options.name || benchmark.name.starts_with(options.name + "-");
  };
  if (std::ranges::none_of(all, is_meant))
    throw Failure{kExitUsage, {"there is no such benchmark", options.name, "see rxcheck bench --list"}};
  Json results = Json::array();
  for (const Benchmark& benchmark : all) {
    if (interrupted()) return kExitInterrupted;
    if (!is_meant(benchmark)) continue;
    if (options.list) {
      results.push_back({{"name", benchmark.name},
                         {"value", nullptr},
                         {"unit", benchmark.unit},
                         {"baseline", nullptr},
                         {"ratio", nullptr}});
      if (!options.json) fmt::print("{:<10} {:<14} {}\n", benchmark.name, benchmark.unit, benchmark.what);
      continue;
    }
    const Measured measured = or_fail(benchmark.run());
    const bool has_ratio = measured.baseline && *measured.baseline > 0;
    const double ratio = has_ratio ? measured.value / *measured.baseline : 0;
    results.push_back({{"name", benchmark.name},
                       {"value", to_digits(measured.value, 1)},
                       {"unit", benchmark.unit},
                       {"baseline", measured.baseline ? Json(to_digits(*measured.baseline, 1)) : Json(nullptr)},
                       {"ratio", has_ratio ? Json(to_digits(ratio, 4)) : Json(nullptr)}});
    if (options.json) continue;
    fmt::print("{:<10} {:>12} {}", benchmark.name, with_separators(static_cast<uint64_t>(measured.value)),
               benchmark.unit);
    if (has_ratio)
      fmt::print("  baseline {}  ratio {:.3f}", with_separators(static_cast<uint64_t>(*measured.baseline)), ratio);
    fmt::print("\n           {}\n", benchmark.what);
    std::fflush(stdout);
  }
  if (options.json) std::puts(Json{{"benchmarks", results}}.dump(2).c_str());
  return kExitClean;
}

}  // namespace

void add_bench(CLI::App& app, ExitCode& code) {
  CLI::App* command =
      app.add_subcommand("bench", "Measure the harness on this machine, each figure against a baseline");
  auto options = std::make_shared<BenchCommand>();
  command->add_option("name", options->name, "Only this one, or those whose name begins so: vm");
  command->add_flag("--list", options->list, "Name the benchmarks and run none");
  command->add_flag("--json", options->json, "Print one JSON object");
  command->callback([options, &code] { code = run_bench(*options); });
}

}  // namespace rxcheck::cli
