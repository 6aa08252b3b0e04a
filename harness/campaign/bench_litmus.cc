// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/bench_litmus.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "harness/explore/litmus.h"
#include "harness/explore/random_walk.h"

namespace rxcheck {

namespace {

constexpr unsigned kLitmusRounds = 5;
constexpr uint64_t kSectionOrders = 184'756;  // 20 over 10

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double>& values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// Each actor to its end, in their order.
class StraightThrough : public nt::Scheduler {
 public:
  uint64_t first_question() override { return nt::kNever; }
  unsigned preempt(unsigned current, uint32_t, uint64_t, uint64_t&) override { return current; }
  unsigned pick(uint32_t, unsigned baseline) override { return baseline; }
};

double straight_per_s(const Litmus& litmus, unsigned runs) {
  LitmusRunner runner(litmus);
  StraightThrough straight;
  const auto begin = std::chrono::steady_clock::now();
  for (unsigned i = 0; i < runs; ++i) runner.run(straight);
  return runs / seconds_since(begin);
}

}  // namespace

Result<Measured> measure_litmus_random() {
  constexpr unsigned kRuns = 500'000;
  const Litmus litmus = cancel_versus_complete();
  LitmusRunner runner(litmus);
  RandomWalk walk;
  std::vector<double> random, straight;
  for (unsigned round = 0; round < kLitmusRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (unsigned i = 0; i < kRuns; ++i) {
      walk.begin(i, 2);
      if (!runner.run(walk)) return Error{"the correct cancel fails", litmus.name, ""};
    }
    random.push_back(kRuns / seconds_since(begin));
    straight.push_back(straight_per_s(litmus, kRuns));
  }
  return Measured{median(random), median(straight)};
}

Result<Measured> measure_litmus_exhaustive() {
  const Litmus litmus = mutex_sections(2, 10);
  LitmusRunner runner(litmus);
  Dpor dpor;
  std::vector<double> explored, straight;
  for (unsigned round = 0; round < kLitmusRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    dpor.begin();
    do runner.run(dpor);
    while (dpor.more());
    if (dpor.complete() != kSectionOrders) return Error{"not every order was met once", litmus.name, ""};
    explored.push_back(static_cast<double>(kSectionOrders) / seconds_since(begin));
    straight.push_back(straight_per_s(litmus, kSectionOrders));
  }
  return Measured{median(explored), median(straight)};
}

}  // namespace rxcheck
