// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/campaign_text.h"

#include <fmt/format.h>

#include "harness/cli/assurance.h"
#include "harness/cli/terminal.h"

namespace rxcheck::cli {

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
  fmt::print("target {} ({}), seed {}", report.target, report.executive, report.seed);
  if (report.timed)
    fmt::print(", {:.1f} s, {} programs/s", result.elapsed_s, with_separators(static_cast<uint64_t>(rate_of(result))));
  fmt::print("\n");
  for (const std::string& line : assurance_lines(report)) fmt::print("{}\n", line);
  if (!report.accepted.empty()) fmt::print("accepted {}\n", fmt::join(report.accepted, " "));
  for (const DriverFile& driver : report.drivers) fmt::print("{}  {}\n", driver.sha256, driver.path);
  if (!result.digest.empty()) fmt::print("digest {}\n", result.digest);
}

}  // namespace rxcheck::cli
