// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/fuzz_exhaustive.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "harness/campaign/finding.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/terminal.h"
#include "harness/core/digest.h"
#include "harness/core/program_text.h"

namespace rxcheck::cli {

namespace {

constexpr unsigned kMostDepartures = 1'000;  // ipb: the budget ends before

constexpr uint64_t kLeastSampled = 20'000;
constexpr uint64_t kMostSampled = 100'000;

// What one switch shows, and what chance soon meets, is looked for first: an exploration of all comes to it in its own
// order, which may be late.
Exhaustive explore_few_then_all(Target& target, Judge& judge, const Program& program, uint64_t seed,
                                const ExhaustiveOptions& options) {
  Exhaustive few = explore_bounded(target, judge, program, 1, options);
  if (few.end != Exhaustive::End::conforms) return few;
  ExhaustiveOptions sample = options;
  sample.most_executions =
      std::min(options.most_executions, std::clamp(options.most_executions / 10, kLeastSampled, kMostSampled));
  few = explore_sample(target, judge, program, seed, sample);
  if (few.end != Exhaustive::End::out_of_budget) return few;
  return explore_all(target, judge, program, options);
}

// "at most some 0.3 %", "less than 0.001 %".
std::string at_most(double part) {
  constexpr double kLeast = 0.001;
  return 100 * part < kLeast ? fmt::format("less than {} %", kLeast) : fmt::format("at most some {:.2g} %", 100 * part);
}

std::string sentence_of(const Exhaustive& explored, bool bounded) {
  const std::string complete = with_separators(explored.complete);
  if (bounded && explored.end == Exhaustive::End::out_of_budget)
    return fmt::format("{} schedules conform, among them all with at most {}", complete,
                       plural(explored.bound, "departure"));
  switch (explored.end) {
    case Exhaustive::End::conforms:
      return fmt::format("all {} sequentially consistent interleavings at access granularity conform", complete);
    case Exhaustive::End::divergent:
      return fmt::format("{} {} in execution {}", explored.divergence->clause, explored.divergence->summary, complete);
    case Exhaustive::End::out_of_budget:
      if (explored.in_part)
        return fmt::format(
            "incomplete: all {} interleavings conform, but only {} orders of their events were looked at", complete,
            with_separators(explored.histories));
      return fmt::format("incomplete: the first {} interleavings conform, the budget is used up ({} of all)", complete,
                         at_most(explored.part));
    case Exhaustive::End::interrupted:
      return fmt::format("interrupted: the first {} interleavings conform", complete);
    case Exhaustive::End::lab_fault:
      return "lab fault: " + explored.why;
  }
  return "";
}

Finding write_finding(Target& target, Judge& judge, const Exhaustive& explored, RunFolder& folder,
                      const std::function<void(const std::string&)>& note) {
  Plan plan = Plan::replaying(explored.failing.schedule);
  Investigated found =
      investigate(target, judge, explored.failing.program, plan, explored.divergence->fingerprint, {true, interrupted});
  found.finding.occurrences = 1;
  found.finding.repro = keep(found, folder, note);
  return std::move(found.finding);
}

}  // namespace

void explore_files(Target& target, Judge& judge, const std::vector<std::string>& files, std::string_view strategy,
                   uint64_t most_executions, bool json, RunFolder& folder, CampaignReport& report) {
  const auto begin = std::chrono::steady_clock::now();
  const auto note = [](const std::string& line) { fmt::print(stderr, "rxcheck: {}\n", line); };
  CampaignResult& result = report.result;
  Sha256 digest;
  for (const std::string& file : files) {
    Program program = or_fail(load_program(file)).program;
    for (Operation& op : program.operations) op.expected.reset();
    Progress progress(std::string(strategy), most_executions);
    ExhaustiveOptions options;
    options.most_executions = most_executions;
    options.interrupted = interrupted;
    options.progress = [&](uint64_t executions) { progress.at(executions); };
    const Exhaustive explored = strategy == "ipb" ? explore_bounded(target, judge, program, kMostDepartures, options)
                                                  : explore_few_then_all(target, judge, program, report.seed, options);
    ++result.programs;
    result.schedules += explored.complete + explored.blocked;
    result.distinct_schedules += explored.complete;
    result.operations += program.operations.size() * (explored.complete + explored.blocked);
    const std::string sentence = sentence_of(explored, strategy == "ipb");
    digest.update(fmt::format("{}\n{}\n", print(ProgramFile{program, {}, std::nullopt, std::nullopt}), sentence));
    if (json)
      progress.note(fmt::format("{}: {}", file, sentence));
    else
      fmt::print("{}: {}\n", file, sentence);
    if (explored.end == Exhaustive::End::divergent) {
      result.findings.push_back(write_finding(target, judge, explored, folder, note));
    } else if (explored.end == Exhaustive::End::lab_fault) {
      ++result.lab_faults;
    } else if (explored.end == Exhaustive::End::out_of_budget && strategy != "ipb") {
      report.missing = fmt::format("incomplete: {} is not done, raise --schedules", file);
    } else if (explored.end == Exhaustive::End::interrupted) {
      result.interrupted = true;
      break;
    }
  }
  result.digest = digest.hex();
  result.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace rxcheck::cli
