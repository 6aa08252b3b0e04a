// SPDX-License-Identifier: Apache-2.0
//
// Against brute force: all interleavings of small random programs, and the histories that they make.
#include "harness/explore/linear_extensions.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/core/random.h"
#include "harness/explore/exploration.h"
#include "harness/explore/litmus.h"
#include "harness/explore/test/every_order.h"

namespace rxcheck {

namespace {

using Kind = Instruction::Kind;
constexpr auto kEffect = static_cast<uint8_t>(EventKind::open);

// Two or three actors, each with operations that touch cells, mostly under mutexes, and make events: effects, and with
// `calls` their calls and returns.
Litmus random_history(uint64_t seed, bool calls) {
  Random random(seed);
  Litmus litmus{"history", {}, {0, 0}, 0, 1'000'000};
  const uint32_t actors = 2 + random.below(2);
  int operation = 0;
  for (uint32_t i = 0; i < actors; ++i) {
    auto& actor = litmus.actors.emplace_back();
    for (uint32_t operations = actors == 2 && calls ? 1 + random.below(2) : 1; operations != 0; --operations) {
      ++operation;
      if (calls) actor.push_back({Kind::event, static_cast<uint8_t>(EventKind::call), operation, 0});
      bool locked[2] = {false, false};
      for (uint32_t left = 1 + random.below(actors == 2 && !calls ? 4 : 2); left != 0; --left) {
        const auto cell = static_cast<uint8_t>(random.below(2));
        switch (random.below(6)) {
          case 0:
            actor.push_back({Kind::load, cell, 0, 0});
            break;
          case 1:
            actor.push_back({Kind::exchange, cell, 1, 0});
            break;
          case 2:
            actor.push_back({locked[cell] ? Kind::unlock : Kind::lock, cell, 0, 0});
            locked[cell] = !locked[cell];
            break;
          default:
            actor.push_back({Kind::event, kEffect, operation, 0, random.chance(1, 4)});
            if (actor.back().tied) actor.push_back({Kind::load, cell, 0, 0});
            if (random.chance(1, 4)) {
              actor.push_back({Kind::unless, 0, 1, 0});
              actor.push_back({Kind::add, cell, 1, 0});
            }
        }
      }
      for (const uint8_t mutex : {0, 1})
        if (locked[mutex]) actor.push_back({Kind::unlock, mutex, 0, 0});
      if (calls) actor.push_back({Kind::event, static_cast<uint8_t>(EventKind::ret), operation, 0});
    }
  }
  return litmus;
}

using Made = std::vector<std::pair<EventKind, int>>;  // a history

Made made_of(const std::vector<Event>& events) {
  Made made;
  for (const Event& event : events) made.emplace_back(event.kind, event.operation);
  return made;
}

std::set<Made> by_brute_force(const Litmus& litmus) {
  LitmusRunner runner(litmus);
  EveryOrder every;
  std::set<Made> all;
  do {
    runner.run(every);
    all.insert(made_of(runner.events()));
  } while (every.more());
  return all;
}

struct Extended {
  std::set<Made> histories;
  uint64_t executions = 0;
  uint64_t twice = 0;  // one execution has shown a history twice
};

Extended by_extension(const Litmus& litmus) {
  LitmusRunner runner(litmus);
  Dpor dpor;
  Movers movers;
  EventOrder order;
  LinearExtensions extensions;
  Extended all;
  movers.begin();
  dpor.begin();
  do {
    const uint64_t before = dpor.complete();
    runner.run(dpor, &movers, &order);
    if (dpor.complete() != before) {
      ++all.executions;
      std::set<Made> here;
      extensions.begin(order, runner.events());
      extensions.visit(
          [&](const Digest&, std::span<const uint32_t> steps) {
            std::vector<Event> events;
            extensions.history_of(steps, events);
            all.twice += !here.insert(made_of(events)).second;
            return true;
          },
          1'000'000);
      all.histories.merge(here);
    }
  } while (next_execution(dpor, movers));
  return all;
}

size_t place(const Made& made, EventKind kind, int operation) {
  return static_cast<size_t>(std::ranges::find(made, std::pair(kind, operation)) - made.begin());
}

// Whether the same effects come in the same order, and of two things that the one history orders, a return or an effect
// before a call, and a return before an effect, the other does so, too.
bool as_strict(const Made& strict, const Made& other) {
  const auto effects = [](const Made& made) {
    Made only;
    for (const auto& event : made)
      if (event.first != EventKind::call && event.first != EventKind::ret) only.push_back(event);
    return only;
  };
  if (effects(strict) != effects(other)) return false;
  const auto count = [](const Made& made, size_t until, bool returns) {
    return std::count_if(made.begin(), made.begin() + static_cast<ptrdiff_t>(until), [&](const auto& event) {
      return (event.first == EventKind::ret) == returns && event.first != EventKind::call;
    });
  };
  for (const auto& [kind, operation] : other) {
    const size_t there = place(other, kind, operation), here = place(strict, kind, operation);
    if (here == strict.size()) return false;
    if (kind == EventKind::call) {
      if (count(strict, here, false) < count(other, there, false)) return false;
      for (size_t i = 0; i < there; ++i)
        if (other[i].first == EventKind::ret && place(strict, EventKind::ret, other[i].second) > here) return false;
    } else if (kind == EventKind::ret && count(strict, here, false) > count(other, there, false)) {
      return false;
    }
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(linear_extensions_suite)

BOOST_AUTO_TEST_CASE(the_orders_of_effects_are_those_of_all_interleavings) {
  uint64_t executions = 0, histories = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    const Litmus litmus = random_history(seed, false);
    const Extended met = by_extension(litmus);
    BOOST_TEST_CONTEXT("seed " << seed) {
      BOOST_TEST((met.histories == by_brute_force(litmus)));
      BOOST_TEST(met.twice == 0u);
    }
    executions += met.executions;
    histories += met.histories.size();
  }
  BOOST_TEST(histories > executions);
}

BOOST_AUTO_TEST_CASE(of_calls_and_returns_the_strictest_histories_are_made_and_no_others) {
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    const Litmus litmus = random_history(seed, true);
    const std::set<Made> all = by_brute_force(litmus), met = by_extension(litmus).histories;
    BOOST_TEST_CONTEXT("seed " << seed) {
      for (const Made& made : met) BOOST_TEST(all.contains(made));
      for (const Made& made : all)
        BOOST_TEST(std::ranges::any_of(met, [&](const Made& strict) { return as_strict(strict, made); }));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
