// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/dpor.h"

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/core/random.h"
#include "harness/explore/exploration.h"
#include "harness/explore/litmus.h"
#include "harness/explore/preemption_bounding.h"
#include "harness/explore/test/every_order.h"

namespace rxcheck {

namespace {

struct Explored {
  uint64_t complete = 0;
  uint64_t blocked = 0;
  uint64_t failed = 0;
  bool nondeterministic = false;
};

Explored explore(const Litmus& litmus) {
  LitmusRunner runner(litmus);
  Dpor dpor;
  dpor.begin();
  Explored explored;
  do {
    explored.failed += !runner.run(dpor);
  } while (dpor.more());
  explored.complete = dpor.complete();
  explored.blocked = dpor.blocked();
  explored.nondeterministic = dpor.nondeterministic();
  return explored;
}

// The same with sections under a lock for one step where that is possible; beginning anew whenever it was not.
Explored explore_sections(const Litmus& litmus) {
  LitmusRunner runner(litmus);
  Dpor dpor;
  Movers movers;
  movers.begin();
  Explored explored;
  dpor.begin();
  do {
    if (dpor.complete() + dpor.blocked() == 0) explored.failed = 0;
    explored.failed += !runner.run(dpor, &movers);
  } while (next_execution(dpor, movers));
  explored.complete = dpor.complete();
  explored.blocked = dpor.blocked();
  explored.nondeterministic = dpor.nondeterministic();
  return explored;
}

// Whether nobody need come between the two: what can wait can only be the first, and a branch leaves no step.
bool may_follow(const Instruction& one, const Instruction& next) {
  using Kind = Instruction::Kind;
  return one.kind != Kind::unless && next.kind != Kind::unless && next.kind != Kind::lock && next.kind != Kind::await;
}

// A random program of two or three actors on two cells and two mutexes, on which they may wait for each other for ever.
Litmus random_litmus(uint64_t seed) {
  using Kind = Instruction::Kind;
  Random random(seed);
  Litmus litmus{"random", {}, {0, 0}, 0, 1'000'000};
  const uint32_t actors = 2 + random.below(2);
  const bool waits = seed % 2 == 0;  // then transitions with several instructions, too
  for (uint32_t i = 0; i < actors; ++i) {
    auto& actor = litmus.actors.emplace_back();
    bool locked[2] = {false, false};
    for (uint32_t left = 2 + random.below(actors == 2 ? 5 : 3); left != 0; --left) {
      const auto cell = static_cast<uint8_t>(random.below(2));
      const size_t first = actor.size();
      switch (random.below(waits ? 7 : 6)) {
        case 0:
        case 1:
          actor.push_back({Kind::load, cell, 0, 0});
          break;
        case 2:
          actor.push_back({Kind::store, cell, static_cast<int>(random.below(3)), 0});
          break;
        case 3:
          actor.push_back({Kind::exchange, cell, static_cast<int>(random.below(3)), 0});
          break;
        case 4:
          actor.push_back({Kind::unless, 0, 1, static_cast<int>(random.below(2))});
          actor.push_back({Kind::add, cell, 1, 0});
          break;
        case 6:
          actor.push_back({Kind::await, cell, static_cast<int>(1 + random.below(2)), 0});
          break;
        default:
          actor.push_back({locked[cell] ? Kind::unlock : Kind::lock, cell, 0, 0});
          locked[cell] = !locked[cell];
          if (waits && first != 0 && actor.size() == first + 1 && may_follow(actor[first - 1], actor[first]) &&
              random.chance(1, 2))
            actor[first - 1].tied = true;
      }
    }
    for (const uint8_t mutex : {0, 1})
      if (locked[mutex]) actor.push_back({Kind::unlock, mutex, 0, 0});
  }
  return litmus;
}

// A random program of two or three actors that touch each of two cells mostly under its own mutex.
Litmus disciplined_litmus(uint64_t seed) {
  using Kind = Instruction::Kind;
  Random random(seed);
  Litmus litmus{"disciplined", {}, {0, 0}, 0, 1'000'000};
  const uint32_t actors = 2 + random.below(2);
  for (uint32_t i = 0; i < actors; ++i) {
    auto& actor = litmus.actors.emplace_back();
    for (uint32_t sections = 1 + random.below(4 - actors); sections != 0; --sections) {
      const auto mutex = static_cast<uint8_t>(random.below(2));
      const bool locked = !random.chance(1, 6);
      if (locked) actor.push_back({Kind::lock, mutex, 0, 0});
      for (uint32_t left = 1 + random.below(2); left != 0; --left) {
        const auto cell = static_cast<uint8_t>(random.chance(1, 8) ? 1 - mutex : mutex);
        if (random.chance(1, 2))
          actor.push_back({Kind::load, cell, 0, 0});
        else
          actor.push_back({Kind::exchange, cell, static_cast<int>(random.below(3)), 0});
        if (random.chance(1, 3)) {
          actor.push_back({Kind::unless, 0, 1, 0});
          actor.push_back({Kind::add, mutex, 1, 0});
        }
      }
      if (random.chance(1, 6)) {  // nested, in any order
        const auto other = static_cast<uint8_t>(1 - mutex);
        actor.push_back({Kind::lock, other, 0, 0});
        actor.push_back({Kind::add, other, 1, 0});
        actor.push_back({Kind::unlock, other, 0, 0});
        if (!locked) continue;
      }
      if (locked) actor.push_back({Kind::unlock, mutex, 0, 0});
    }
  }
  return litmus;
}

std::string order_of(const std::vector<LitmusStep>& steps) {
  std::string text;
  for (const LitmusStep& step : steps) text += std::to_string(step.actor);
  return text;
}

// Which conflicting transitions come in which order: what all interleavings of one Mazurkiewicz trace have in common.
std::string trace_of(const std::vector<LitmusStep>& steps) {
  std::set<std::string> pairs;
  std::vector<unsigned> counts(32, 0);
  const auto name = [](const LitmusStep& step) {
    return std::to_string(step.actor) + "." + std::to_string(step.transition);
  };
  for (size_t last = 0; last < steps.size(); ++last) {
    counts[steps[last].actor] = steps[last].transition + 1;
    for (size_t i = 0; i < last; ++i)
      if (steps[i].actor != steps[last].actor && steps[i].object == steps[last].object &&
          conflict(steps[i].how, steps[last].how))
        pairs.insert(name(steps[i]) + "<" + name(steps[last]));
  }
  std::string text;
  for (const unsigned count : counts) text += std::to_string(count) + ",";
  for (const std::string& pair : pairs) text += pair + " ";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dpor_suite)

BOOST_AUTO_TEST_CASE(what_is_explored_grows_from_nothing_to_nearly_all) {
  const Litmus litmus = mutex_sections(2, 5);
  LitmusRunner runner(litmus);
  Dpor dpor;
  dpor.begin();
  runner.run(dpor);
  BOOST_TEST(dpor.explored_part() == 0.0);
  double part = 0;
  while (dpor.more()) {
    runner.run(dpor);
    part = dpor.explored_part();
  }
  BOOST_TEST(part > 0.99);
  BOOST_TEST(part < 1.0);  // but for the last one
}

BOOST_AUTO_TEST_CASE(every_trace_of_a_random_program_is_met_and_without_waits_once) {
  size_t traces = 0, orders = 0;
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    const Litmus litmus = random_litmus(seed);
    LitmusRunner runner(litmus);
    std::set<std::string> all;
    EveryOrder every;
    do {
      runner.run(every);
      all.insert(trace_of(runner.steps()));
      ++orders;
    } while (every.more());
    std::multiset<std::string> met;
    Dpor dpor;
    dpor.begin();
    do {
      const uint64_t before = dpor.complete();
      runner.run(dpor);
      if (dpor.complete() != before) met.insert(trace_of(runner.steps()));
    } while (dpor.more());
    BOOST_TEST_CONTEXT("seed " << seed) {
      if (seed % 2 != 0) BOOST_TEST(met.size() == all.size());  // who changes who can run conflicts, though it need not
      BOOST_TEST(std::set<std::string>(met.begin(), met.end()) == all);
    }
    traces += all.size();
  }
  BOOST_TEST(traces * 4 < orders);  // there was something to reduce
}

// Each case is one that an exploration may get wrong and once did: a thread that stands before a lock while the others
// sleep, a section that ends in a wait for ever, an order that only the lock of sections with nothing in common makes.
BOOST_AUTO_TEST_CASE(sections_that_go_as_one_step_leave_out_no_order_of_what_is_done_in_them) {
  for (uint64_t seed = 1; seed <= 4000; ++seed) {
    const Litmus litmus = seed % 2 == 0 ? random_litmus(seed / 2) : disciplined_litmus(seed);
    LitmusRunner runner(litmus);
    std::set<std::string> all, met;
    const auto add = [&](std::set<std::string>& to) {
      std::vector<LitmusStep> steps = runner.steps();
      std::erase_if(steps,
                    [](const LitmusStep& s) { return s.how == nt::Touch::acquire || s.how == nt::Touch::release; });
      to.insert(trace_of(steps));
    };
    EveryOrder every;
    do {
      runner.run(every);
      add(all);
    } while (every.more());
    Dpor dpor;
    Movers movers;
    movers.begin();
    dpor.begin();
    do {
      const uint64_t before = dpor.complete();
      runner.run(dpor, &movers);
      if (dpor.complete() != before) add(met);
    } while (next_execution(dpor, movers));
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST(met == all);
      BOOST_TEST(!dpor.nondeterministic());
    }
  }
}

BOOST_AUTO_TEST_CASE(sections_with_nothing_in_common_need_one_execution) {
  using Kind = Instruction::Kind;
  Litmus litmus{"apart", {}, {0, 0, 0}, 0, 100};
  for (const uint8_t cell : {0, 1, 2})
    for (auto& actor = litmus.actors.emplace_back(); actor.size() < 8;) {
      actor.push_back({Kind::lock, 0, 0, 0});
      actor.push_back({Kind::add, cell, 1, 0});
      actor.push_back({Kind::add, cell, 1, 0});
      actor.push_back({Kind::unlock, 0, 0, 0});
    }
  BOOST_TEST(explore(litmus).complete == 90u);  // 6! / (2!)^3
  BOOST_TEST(explore_sections(litmus).complete == 1u);
}

BOOST_AUTO_TEST_CASE(sections_that_write_one_cell_come_in_each_order) {
  const Explored explored = explore_sections(mutex_sections(2, 5));
  BOOST_TEST(explored.complete == 252u);
  BOOST_TEST(explored.blocked == 0u);
}

BOOST_AUTO_TEST_CASE(bounding_departures_takes_each_schedule_once_the_baseline_first) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Litmus litmus = random_litmus(seed);
    LitmusRunner runner(litmus);
    PreemptionBounding bounding;
    bounding.begin();
    std::set<std::string> met;
    std::vector<size_t> by_bound;
    for (unsigned bound = 0; bound <= 2; ++bound) {
      while (bounding.bound() <= bound) {
        runner.run(bounding);
        met.insert(order_of(runner.steps()));
        if (!bounding.more(3)) break;
      }
      by_bound.push_back(met.size());
    }
    std::set<std::string> all;
    EveryOrder every;
    do {
      runner.run(every);
      all.insert(order_of(runner.steps()));
    } while (every.more());
    BOOST_TEST(by_bound[0] == 1u);
    BOOST_TEST(by_bound[1] >= by_bound[0]);
    for (const std::string& order : met) BOOST_TEST(all.contains(order));
    if (by_bound[2] == by_bound[1]) BOOST_TEST(all.size() == by_bound[2]);  // nothing new: there is nothing more
  }
}

BOOST_AUTO_TEST_CASE(sections_under_one_mutex_have_an_execution_for_each_order) {
  BOOST_TEST(explore(mutex_sections(2, 1)).complete == 2u);
  BOOST_TEST(explore(mutex_sections(2, 2)).complete == 6u);    // 4 over 2
  BOOST_TEST(explore(mutex_sections(2, 5)).complete == 252u);  // 10 over 5
  BOOST_TEST(explore(mutex_sections(3, 2)).complete == 90u);   // 6! / (2!)^3
}

BOOST_AUTO_TEST_CASE(two_mutexes_taken_crosswise_reach_the_deadlock) {
  using Kind = Instruction::Kind;
  Litmus litmus{"crosswise", {}, {0}, 0, 0};
  for (const uint8_t first : {0, 1}) {
    const auto second = static_cast<uint8_t>(1 - first);
    litmus.actors.push_back({{Kind::lock, first, 0, 0},
                             {Kind::lock, second, 0, 0},
                             {Kind::unlock, second, 0, 0},
                             {Kind::unlock, first, 0, 0}});
  }
  BOOST_TEST(explore_sections(litmus).complete == 3u);
  BOOST_TEST(explore(litmus).complete == 3u);  // one after the other, the other way round, and each with one mutex
}

BOOST_AUTO_TEST_CASE(a_cancel_race_is_small) {
  const Explored explored = explore(cancel_versus_complete());
  BOOST_TEST(explored.complete > 1u);
  BOOST_TEST(explored.complete <= 50u);
  BOOST_TEST(explored.failed == 0u);
  BOOST_TEST(!explored.nondeterministic);
}

BOOST_AUTO_TEST_CASE(a_double_completion_is_found_and_private_steps_cost_nothing) {
  const Explored bare = explore(double_completion(0));
  const Explored padded = explore(double_completion(30));
  BOOST_TEST(bare.failed > 0u);
  BOOST_TEST(padded.failed == bare.failed);
  BOOST_TEST(padded.complete == bare.complete);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
