// SPDX-License-Identifier: Apache-2.0
//
// What strategies are for, on programs without a driver. All counts follow from the seeds.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "harness/explore/fair.h"
#include "harness/explore/litmus.h"
#include "harness/explore/pct.h"
#include "harness/explore/pos.h"
#include "harness/explore/random_walk.h"

namespace rxcheck {

namespace {

constexpr uint64_t kSeeds = 100;
constexpr uint64_t kMostSchedules = 100'000;

// Schedules until the first that fails, the mean over a hundred seeds. `begin` makes a scheduler ready for a schedule.
double mean_to_failure(const Litmus& litmus, const std::function<nt::Scheduler&(uint64_t)>& begin) {
  LitmusRunner runner(litmus);
  uint64_t schedules = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed)
    for (uint64_t k = 0; k < kMostSchedules; ++k) {
      ++schedules;
      if (!runner.run(begin(derive_seed(seed, 1, k)))) break;
    }
  return static_cast<double>(schedules) / kSeeds;
}

// A writer after some steps of its own, and a reader that spins until it has written.
Litmus spinning() {
  using Kind = Instruction::Kind;
  Litmus litmus{"spinning", {}, {0, 0}, 0, 1};
  litmus.actors.push_back({{Kind::spin, 0, 1, 0}, {Kind::load, 1, 0, 0}});
  litmus.actors.push_back({{Kind::add, 1, 1, 0}, {Kind::store, 0, 1, 0}});
  return litmus;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strategies_suite)

BOOST_AUTO_TEST_CASE(every_strategy_finds_a_double_completion_soon_however_much_private_work_there_is) {
  RandomWalk walk;
  Pct pct;
  Pos pos;
  double walk_bare = 0;
  for (const unsigned private_steps : {0, 10, 30}) {
    const Litmus litmus = double_completion(private_steps);
    const double by_walk = mean_to_failure(litmus, [&](uint64_t seed) -> nt::Scheduler& {
      walk.begin(seed, 4);
      return walk;
    });
    const double by_pct = mean_to_failure(litmus, [&](uint64_t seed) -> nt::Scheduler& {
      pct.begin(seed, 2, 4);
      return pct;
    });
    const double by_pos = mean_to_failure(litmus, [&](uint64_t seed) -> nt::Scheduler& {
      pos.begin(seed);
      return pos;
    });
    BOOST_TEST_MESSAGE(private_steps << ": random " << by_walk << ", pct " << by_pct << ", pos " << by_pos);
    BOOST_TEST(by_walk < 200);
    BOOST_TEST(by_pct < 200);
    BOOST_TEST(by_pos < 200);
    if (private_steps == 0) walk_bare = by_walk;
    BOOST_TEST(by_walk == walk_bare);  // switches are where conflicts are: private work is not seen
  }
}

BOOST_AUTO_TEST_CASE(priorities_alone_starve_who_is_waited_for_and_fairness_does_not) {
  const Litmus litmus = spinning();
  LitmusRunner runner(litmus);
  runner.set_most_yields(10'000);
  Pct pct;
  Fair fair;
  unsigned starved = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    pct.begin(seed, 1, 10);
    starved += !runner.run(pct);
    pct.begin(seed, 1, 10);
    fair.begin(pct, 16);
    BOOST_TEST(runner.run(fair), "seed " << seed);
  }
  BOOST_TEST(starved > 20u);
  BOOST_TEST(starved < 80u);
}

BOOST_AUTO_TEST_CASE(partial_order_sampling_is_uniform_enough_over_two_independent_steps) {
  // One step each on different cells, and a third that conflicts with both: its place takes each of its values.
  using Kind = Instruction::Kind;
  Litmus litmus{"places", {}, {0, 0}, 0, 9};
  litmus.actors.push_back({{Kind::store, 0, 1, 0}, {Kind::store, 1, 1, 0}});
  litmus.actors.push_back({{Kind::load, 0, 0, 0}, {Kind::load, 1, 0, 0}});
  LitmusRunner runner(litmus);
  Pos pos;
  unsigned counts[3] = {};
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    pos.begin(seed);
    runner.run(pos);
    unsigned reads_after = 0;
    bool stored[2] = {};
    for (const LitmusStep& step : runner.steps()) {
      const auto cell = static_cast<unsigned>(step.object & 1);
      if (step.actor == 0) stored[cell] = true;
      reads_after += step.actor == 1 && stored[cell];
    }
    ++counts[reads_after];
  }
  for (const unsigned count : counts) BOOST_TEST(count > 300u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
