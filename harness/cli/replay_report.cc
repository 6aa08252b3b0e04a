// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/replay_report.h"

#include <fmt/format.h>

#include <cstdio>

#include "harness/cli/report.h"
#include "harness/cli/terminal.h"

namespace rxcheck::cli {

namespace {

void print_text(const std::string& file, const Shown& shown, const std::optional<Expectation>& expected) {
  const Tint tint = shown.verdict == Verdict::clean ? Tint::green : Tint::red;
  fmt::print("{}: {}", file, tinted(name_of(shown.verdict), tint));
  if (shown.divergence) fmt::print(" {}  {}", tinted(shown.divergence->clause, Tint::bold), shown.divergence->summary);
  if (!shown.message.empty()) fmt::print("  {}", shown.message);
  fmt::print("\n");
  if (shown.verdict == Verdict::clean && expected && expected->verdict != "clean")
    fmt::print("  the file expects {} {}; it no longer shows it\n", expected->verdict, expected->clause);
}

}  // namespace

void ReplayReport::add(const std::string& file, const Shown& shown, const std::optional<Expectation>& expected,
                       const std::string& target, const std::string& variants) {
  if (!json_) return print_text(file, shown, expected);
  const auto& found = shown.divergence;
  results_.push_back({{"file", file},
                      {"verdict", name_of(shown.verdict)},
                      {"clause", or_null(found ? found->clause : "")},
                      {"fingerprint", or_null(found ? found->fingerprint : "")},
                      {"trace_sha256", or_null(shown.trace_sha256)},
                      {"target", or_null(target)},
                      {"variants", variants}});
  if (!shown.message.empty()) fmt::print(stderr, "{}: {}: {}\n", file, name_of(shown.verdict), shown.message);
}

void ReplayReport::end(const std::vector<std::string>& accepted) const {
  if (json_) std::puts(Json{{"results", results_}, {"accepted", accepted}}.dump(2).c_str());
}

}  // namespace rxcheck::cli
