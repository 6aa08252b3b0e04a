// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/bench.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "harness/campaign/bench_litmus.h"
#include "harness/campaign/campaign.h"
#include "harness/campaign/checker_load.h"
#include "harness/campaign/plan.h"
#include "harness/campaign/worker.h"
#include "harness/core/random.h"
#include "harness/explore/generator.h"
#include "harness/judge/judge.h"
#include "harness/targets/guest_rates.h"
#include "harness/targets/inproc.h"

namespace rxcheck {

namespace {

constexpr unsigned kRounds = 9;
constexpr uint64_t kSeed = 1;

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Both in turns, one round of each to warm up; the median of each.
struct Pair {
  double value;
  double baseline;
};
Pair in_turns(const std::function<void()>& work, const std::function<void()>& baseline) {
  std::vector<double> times[2];
  for (unsigned i = 0; i <= kRounds; ++i) {
    const double first = seconds(work), second = seconds(baseline);
    if (i == 0) continue;
    times[0].push_back(first);
    times[1].push_back(second);
  }
  for (auto& each : times) std::ranges::sort(each);
  return {times[0][kRounds / 2], times[1][kRounds / 2]};
}

std::vector<Program> programs_of(unsigned count, unsigned actors, unsigned operations_per_actor) {
  std::vector<Program> programs(count);
  GeneratorOptions options;
  options.actors = actors;
  options.operations_per_actor = operations_per_actor;
  for (unsigned i = 0; i < count; ++i) {
    Random random(derive_seed(kSeed, actors, i));
    generate(random, options, programs[i]);
  }
  return programs;
}

size_t operations_in(const std::vector<Program>& programs) {
  size_t sum = 0;
  for (const Program& program : programs) sum += program.operations.size();
  return sum;
}

// Runs them as a campaign does.
void explore(Target& target, Judge& judge, const std::vector<Program>& programs) {
  static RunResult run;
  for (size_t i = 0; i < programs.size(); ++i) {
    target.run(programs[i], plan_of(kSeed, Strategy::mix, i, 0, 1, run.yields), run);
    (void)judge.judge(run);
  }
}

Result<Measured> measure_programs() {
  auto judged = make_inproc_target({});
  if (!judged) return judged.error();
  auto plain = make_inproc_target({{}, false, false});
  if (!plain) return plain.error();
  (*judged)->learn(ProgramSource(kSeed).for_learning(), kSeed);
  const auto programs = programs_of(2000, 3, 10);
  Judge judge;
  RunResult run;
  const auto [value, baseline] = in_turns([&] { explore(**judged, judge, programs); },
                                          [&] {
                                            for (const Program& each : programs) (*plain)->run(each, Plan{}, run);
                                          });
  const auto count = static_cast<double>(programs.size());
  return Measured{count / value, count / baseline};
}

Result<Measured> measure_length() {
  auto target = make_inproc_target({});
  if (!target) return target.error();
  (*target)->learn(ProgramSource(kSeed).for_learning(), kSeed);
  const auto longer = programs_of(10, 2, 500);
  const auto shorter = programs_of(1000, 2, 5);
  Judge judge;
  const auto [value, baseline] =
      in_turns([&] { explore(**target, judge, longer); }, [&] { explore(**target, judge, shorter); });
  return Measured{value / static_cast<double>(operations_in(longer)) * 1e9,
                  baseline / static_cast<double>(operations_in(shorter)) * 1e9};
}

Result<Measured> measure_generator() {
  constexpr unsigned kCount = 20'000;
  Program program;
  const auto generate_all = [&] {
    for (unsigned i = 0; i < kCount; ++i) {
      Random random(derive_seed(kSeed, 0, i));
      generate(random, GeneratorOptions{}, program);
    }
  };
  const auto [value, again] = in_turns(generate_all, generate_all);
  return Measured{kCount / std::min(value, again), std::nullopt};
}

Result<Measured> measure_judges() {
  auto target = make_inproc_target({});
  if (!target) return target.error();
  const auto programs = programs_of(500, 3, 10);
  std::vector<History> histories;
  RunResult run;
  for (const Program& program : programs) {
    (*target)->run(program, Plan{}, run);
    histories.push_back(run.history);
  }
  Judge judge;
  const auto judge_all = [&] {
    for (const History& history : histories) (void)judge.judge(history);
  };
  const auto run_all = [&] {
    for (const Program& program : programs) (*target)->run(program, Plan{}, run);
  };
  const auto [value, baseline] = in_turns(judge_all, run_all);
  const auto count = static_cast<double>(histories.size());
  return Measured{count / value, count / baseline};
}

Result<Measured> measure_checker() {
  const CheckerLoad load(kSeed);
  const uint64_t steps = load.search_all();
  const auto [value, baseline] = in_turns([&] { load.search_all(); }, [&] { load.follow_orders(steps); });
  const auto count = static_cast<double>(steps);
  return Measured{count / value, count / baseline};
}

// A whole campaign on the shipped drivers, in this process and its jobs; or nothing if the drivers do not load.
bool campaign(Target& target, uint64_t programs, unsigned jobs, unsigned shard, unsigned shards) {
  Judge judge;
  CampaignOptions options;
  options.blocks.programs = programs;
  options.jobs = jobs;
  options.shard = shard;
  options.shards = shards;
  auto folder = RunFolder::open("", kSeed);
  const CampaignEvents events{[](const std::string&) {}, [](uint64_t) {}, [] { return false; }};
  if (!folder) return false;
  run_campaign(target, judge, ProgramSource(kSeed), options, *folder, events);
  return true;
}

Result<Measured> measure_jobs() {
  constexpr uint64_t kPrograms = 8 * kBlockPrograms;
  auto target = make_inproc_target({});
  if (!target) return target.error();
  (*target)->learn(ProgramSource(kSeed).for_learning(), kSeed);
  const auto two_jobs = [&] { campaign(**target, kPrograms, 2, 1, 1); };
  const auto two_processes = [&] {
    std::vector<std::unique_ptr<Worker>> workers;
    for (unsigned shard : {1u, 2u})
      workers.push_back(
          std::make_unique<Worker>([&](const Worker::Send&) { campaign(**target, kPrograms, 1, shard, 2); }));
    for (auto& worker : workers) worker->end();
  };
  const auto [value, baseline] = in_turns(two_jobs, two_processes);
  return Measured{kPrograms / value, kPrograms / baseline};
}

Result<Measured> measure_reset() {
  constexpr unsigned kTimes = 2'000, kLoads = 20;
  auto target = make_inproc_target({});
  if (!target) return target.error();
  RunResult run;
  const auto [value, baseline] = in_turns(
      [&] {
        for (unsigned i = 0; i < kTimes; ++i) (*target)->run(Program{}, Plan{}, run);
      },
      [&] {
        for (unsigned i = 0; i < kLoads; ++i) (void)make_inproc_target({});
      });
  return Measured{value / kTimes * 1e6, baseline / kLoads * 1e6};
}

// All of the guest's figures come from one boot.
Result<GuestRates> guest_rates() {
  static std::optional<GuestRates> known;
  if (known) return *known;
  const auto image = guest_image(beside_executable("driver/rxagent.exe"), beside_executable("driver/guest-build.sh"));
  if (!image) return image.error();
  auto rates =
      measure_guest({beside_executable("driver/rxrdbss.sys"), beside_executable("driver/rxprobe.sys")}, *image);
  if (rates) known = *rates;
  return rates;
}

template <double GuestRates::*value>
Result<Measured> measure_vm_time() {
  const auto rates = guest_rates();
  if (!rates) return rates.error();
  return Measured{(*rates).*value, std::nullopt};
}

template <double GuestRates::*value>
Result<Measured> measure_vm_rate() {
  const auto rates = guest_rates();
  if (!rates) return rates.error();
  return Measured{(*rates).*value, rates->bare_per_s};
}

constexpr Benchmark kBenchmarks[] = {
    {"programs", "programs/s",
     "3 actors x 10 operations, switches and all judges, against the same without any of them", measure_programs},
    {"length", "ns/operation", "an operation in a program of 1,000, against one in a program of 10", measure_length},
    {"jobs", "programs/s", "a campaign with two jobs, against two processes with half of it each", measure_jobs},
    {"reset", "us/program", "the drivers put back, started and stopped, against loading their files anew",
     measure_reset},
    {"generator", "programs/s", "programs generated, 3 actors x 10 operations", measure_generator},
    {"judges", "histories/s", "histories judged by both models, against the runs that made them", measure_judges},
    {"litmus-random", "schedules/s", "a cancel against a completion, 3 actors, no driver, against it straight through",
     measure_litmus_random},
    {"litmus-exhaustive", "executions/s",
     "all 184,756 orders of 2 x 10 sections under a mutex, against as many runs straight through",
     measure_litmus_exhaustive},
    {"checker", "steps/s", "histories of 5,000 events searched for an order, against following the order alone",
     measure_checker},
    {"vm-start", "ms", "from the start of the virtual machine to its first IOCTL",
     measure_vm_time<&GuestRates::start_ms>, true},
    {"vm-restore", "ms", "the virtual machine put back, until its agent answers",
     measure_vm_time<&GuestRates::restore_ms>, true},
    {"vm-single", "operations/s", "one frame and one IOCTL each, against a bare IOCTL inside the guest",
     measure_vm_rate<&GuestRates::single_per_s>, true},
    {"vm-batch", "operations/s", "a hundred IOCTLs a frame, against the same",
     measure_vm_rate<&GuestRates::batched_per_s>, true},
    {"vm-frames", "IOCTLs/s", "the bare IOCTL, one frame each, against the same",
     measure_vm_rate<&GuestRates::bare_frames_per_s>, true},
};

}  // namespace

std::span<const Benchmark> benchmarks() { return kBenchmarks; }

}  // namespace rxcheck
