// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/exhaustive.h"

#include <algorithm>
#include <bit>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "harness/campaign/plan.h"
#include "harness/core/random.h"
#include "harness/explore/dpor.h"
#include "harness/explore/event_order.h"
#include "harness/explore/exploration.h"
#include "harness/explore/linear_extensions.h"
#include "harness/explore/movers.h"
#include "harness/explore/random_walk.h"
#include "harness/judge/exact_replay.h"
#include "harness/targets/test/small_races.h"

namespace rxcheck {

namespace {

constexpr const char* kCancelledConnect = R"(rxp 1
connection X: \\server\share
1 connect X: -> r1
2 cancel r1
end
)";

constexpr const char* kOrphanedNotify = R"(rxp 1
connection X: \\quiz\jazz
1 open X: \file1 -> f1
1 disconnect X: TRUE
2 notify f1 -> r1
end
)";

// The close marks both requests as cancelled, in the order in which they came.
constexpr const char* kTwoNotifies = R"(rxp 1
connection X: \\quiz\jazz
1 open X: \file1 -> f1
1 notify f1 -> r1
2 notify f1 -> r2
1 close f1
end
)";

// The canceller looks for its request when that is gone, and memory is short.
constexpr const char* kLateCanceller = R"(rxp 1
connection X: \\server\share
lowmemory 1000
1 open X: \file1 -> f1
1 notify f1 -> r1
1 cancel r1
2 complete r1
2 notify f1 -> r2
2 notify f1 -> r3
switch a1.3 RxCancelRoutine call KeAcquireSpinLockRaiseToDpc #1 -> a2
pick a0 - block wait #3 -> a2
end
)";

// A history up to the order among calls that follow each other, and among returns: no judge looks at it.
std::string essence_of(const RunResult& run) {
  std::vector<std::string> events;
  std::vector<EventKind> kinds;
  for (const Event& event : run.history.events) {
    events.push_back(std::to_string(static_cast<int>(event.kind)) + "." + std::to_string(event.operation) + "." +
                     std::to_string(event.target) + "." + std::to_string(event.status) + "." +
                     std::to_string(event.value));
    kinds.push_back(event.kind);
  }
  for (size_t first = 0, last = 0; first < events.size(); first = last) {
    for (last = first + 1; last < events.size() && kinds[last] == kinds[first]; ++last) {
    }
    if (kinds[first] == EventKind::call || kinds[first] == EventKind::ret)
      std::sort(events.begin() + static_cast<ptrdiff_t>(first), events.begin() + static_cast<ptrdiff_t>(last));
  }
  std::string text = run.violation ? run.violation->rule + " " : "";
  for (const std::string& event : events) text += event + " ";
  return text;
}

// Switches now and then, to anybody. It is asked at each yield point, or a thread could come to a held lock and wait
// for it: that an exploration leaves out.
class Wanderer : public nt::Scheduler {
 public:
  explicit Wanderer(uint64_t seed) : random_(seed), period_(2u << random_.below(6)) {}
  uint64_t first_question() override { return 1; }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override {
    next_question = yields + 1;
    return (runnable >> current & 1) != 0 && !random_.chance(1, period_) ? current : pick(runnable, current);
  }
  unsigned pick(uint32_t runnable, unsigned) override {
    return nth_bit(runnable, random_.below(static_cast<uint32_t>(std::popcount(runnable))));
  }

 private:
  Random random_;
  uint32_t period_;
};

// The same without calls and returns.
std::string effects_of(const RunResult& run) {
  RunResult effects;
  effects.violation = run.violation;
  std::ranges::copy_if(run.history.events, std::back_inserter(effects.history.events), [](const Event& event) {
    return event.kind != EventKind::call && event.kind != EventKind::ret;
  });
  return essence_of(effects);
}

// What all interleavings show, as the exploration sees it: with each yield point a choice, or without those at which
// nobody need come between.
struct Explored {
  std::set<std::string> essences;
  std::set<std::string> effects;
  uint64_t complete = 0;
};

Explored explored(Target& target, const Program& program, bool sections_apart) {
  Explored all;
  Dpor dpor;
  RunResult run;
  Plan plan;
  plan.kind = Plan::Kind::dpor;
  Movers movers;
  movers.begin();
  plan.dpor = &dpor;
  if (!sections_apart) plan.movers = &movers;
  dpor.begin();
  do {
    target.run(program, plan, run);
    if (!run.explored_before) all.essences.insert(essence_of(run));
    if (!run.explored_before) all.effects.insert(effects_of(run));
  } while (next_execution(dpor, movers));
  BOOST_TEST(!dpor.nondeterministic());
  all.complete = dpor.complete();
  return all;
}

// Where the orders of events are not run, but follow from executions. Each of them can be run.
Explored explored_by_order(Target& target, const Program& program) {
  Explored all;
  Dpor dpor;
  Movers movers;
  EventOrder order;
  LinearExtensions extensions;
  RunResult run, other, again;
  Plan plan, follow;
  std::vector<uint8_t> threads;
  movers.begin();
  plan.kind = Plan::Kind::dpor;
  plan.dpor = &dpor;
  plan.movers = &movers;
  plan.order = &order;
  follow.kind = Plan::Kind::follow;
  follow.threads = &threads;
  dpor.begin();
  const auto visit = [&](const Digest&, std::span<const uint32_t> steps) {
    extensions.history_of(steps, other.history.events);
    const bool is_new = all.essences.insert(essence_of(other)).second;
    all.effects.insert(effects_of(other));
    if (!is_new) return true;
    threads = extensions.threads_of(steps);
    target.run(program, follow, again);
    BOOST_TEST((again.history.events == other.history.events));
    return true;
  };
  do {
    target.run(program, plan, run);
    BOOST_TEST((!run.violation || run.explored_before));
    if (!run.explored_before) {
      extensions.begin(order, run.history.events);
      BOOST_TEST(extensions.visit(visit, 1'000'000));
    }
  } while (next_execution(dpor, movers));
  BOOST_TEST(!dpor.nondeterministic());
  all.complete = dpor.complete();
  return all;
}

// Whether random orders of the program show that a set of the drivers has an order.
bool shows_an_ordered_set(const char* text) {
  const Program program = program_of(text);
  const auto target = drivers("");
  target->learn(std::vector<Program>{program}, 1);
  Dpor dpor;
  Movers movers;
  movers.begin();
  Plan plan;
  plan.kind = Plan::Kind::dpor;
  plan.dpor = &dpor;
  plan.movers = &movers;
  RunResult run;
  for (plan.seed = 1; plan.seed <= 300; ++plan.seed) {
    dpor.begin();
    target->run(program, plan, run);
    if (movers.sets().learned()) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exhaustive_suite)

BOOST_AUTO_TEST_CASE(the_drivers_sets_have_an_order_only_where_they_say_so) {
  BOOST_TEST(shows_an_ordered_set(kTwoNotifies));
  for (const char* text : {kCancelRace, kConnectAndList, kOrphanedNotify, kWaitingDelete})
    BOOST_TEST(!shows_an_ordered_set(text), text);
}

BOOST_AUTO_TEST_CASE(no_random_schedule_shows_what_the_exploration_has_not) {
  constexpr uint64_t kSchedules = 4000;
  for (const char* text : {kCancelRace, kCancelledConnect}) {
    const Program program = program_of(text);
    const auto target = drivers("");
    target->learn(std::vector<Program>{program}, 1);
    const Explored apart = explored(*target, program, true), together = explored(*target, program, false);
    const Explored by_order = explored_by_order(*target, program);
    const std::set<std::string>& all = apart.essences;
    BOOST_TEST((together.essences == all));
    BOOST_TEST(together.complete < apart.complete);
    BOOST_TEST((by_order.effects == apart.effects));
    BOOST_TEST(std::ranges::includes(all, by_order.essences));
    BOOST_TEST(by_order.complete * 10 < together.complete);
    std::set<std::string> met;
    RunResult run;
    for (uint64_t i = 0; i < kSchedules; ++i) {
      Wanderer wanderer(i);
      Plan plan;
      plan.kind = Plan::Kind::scheduled;
      plan.scheduler = &wanderer;
      plan.lazy_locks = true;
      target->run(program, plan, run);
      met.insert(essence_of(run));
    }
    BOOST_TEST(met.size() > 20u);
    for (const std::string& each : met) BOOST_TEST(all.contains(each), each);
  }
}

// An exploration lets nobody come to a held lock or an owned resource. Who does, and waits, sees no other effects.
BOOST_AUTO_TEST_CASE(no_random_schedule_in_which_lines_wait_for_locks_has_effects_that_the_exploration_has_not) {
  for (const char* text : {kCancelRace, kCancelledConnect, kConnectAndList, kWaitingDelete}) {
    const Program program = program_of(text);
    const auto target = drivers("");
    target->learn(std::vector<Program>{program}, 1);
    const Explored by_order = explored_by_order(*target, program);
    std::set<std::string> met;
    RunResult run;
    for (uint64_t i = 0; i < 1500; ++i) {
      Wanderer wanderer(i);
      Plan plan;
      plan.kind = Plan::Kind::scheduled;
      plan.scheduler = &wanderer;
      target->run(program, plan, run);
      met.insert(effects_of(run));
    }
    BOOST_TEST(met.size() > 5u);
    for (const std::string& each : met) BOOST_TEST(by_order.effects.contains(each), each);
  }
}

BOOST_AUTO_TEST_CASE(the_shipped_drivers_conform_in_all_interleavings_of_a_cancel_race) {
  const auto target = drivers("");
  const Program program = program_of(kCancelRace);
  target->learn(std::vector<Program>{program}, 1);
  Judge judge;
  const Exhaustive result = explore_all(*target, judge, program, {});
  BOOST_TEST((result.end == Exhaustive::End::conforms));
  BOOST_TEST(result.complete > 100u);
}

// That of M11 is met in an order that was worked out, with lines before a resource that another owns: a replay offers
// those, too.
BOOST_AUTO_TEST_CASE(an_exploration_that_looks_for_races_runs_the_same_interleavings) {
  const auto target = drivers("");
  Judge judge;
  for (const char* text : {kCancelRace, kCancelledConnect, kConnectAndList}) {
    const Program program = program_of(text);
    target->learn(std::vector<Program>{program}, 1);
    const Exhaustive without = explore_all(*target, judge, program, {});
    BOOST_TEST(target->detect_races(true));
    const Exhaustive with = explore_all(*target, judge, program, {});
    target->detect_races(false);
    BOOST_TEST((with.end == without.end));
    BOOST_TEST(with.complete == without.complete);
    BOOST_TEST(with.blocked == without.blocked);
    BOOST_TEST(with.histories == without.histories);
  }
}

BOOST_AUTO_TEST_CASE(a_lost_cancel_and_an_orphan_that_is_let_through_are_found_and_their_schedules_replay) {
  for (const auto& [folder, text] :
       {std::pair{"mutants/D15/", kCancelRace}, std::pair{"mutants/M11/", kOrphanedNotify}}) {
    const auto target = drivers(folder);
    const Program program = program_of(text);
    target->learn(std::vector<Program>{program}, 1);
    Judge judge;
    const Exhaustive result = explore_all(*target, judge, program, {});
    BOOST_REQUIRE((result.end == Exhaustive::End::divergent));
    const auto again = shown_exactly(*target, judge, program, result.failing.schedule);
    BOOST_REQUIRE(again);
    BOOST_TEST(again->fingerprint == result.divergence->fingerprint);
  }
}

BOOST_AUTO_TEST_CASE(a_request_in_the_memory_of_one_that_is_gone_is_cancelled_for_it_by_who_comes_too_late) {
  auto file = parse_program(kLateCanceller, "test.rxp");
  BOOST_REQUIRE(file.ok());
  Judge judge;
  const auto target = drivers("mutants/M01/");
  target->learn(std::vector<Program>{file->program}, 1);
  const auto shown = shown_exactly(*target, judge, file->program, file->schedule);
  BOOST_REQUIRE(shown);
  BOOST_TEST(shown->clause == "C53");
  file->program.low_memory = 0;  // each request has memory of its own
  BOOST_TEST(!shown_exactly(*target, judge, file->program, file->schedule));
}

// A schedule is written down in a second run, which takes other paths through the executive.
BOOST_AUTO_TEST_CASE(a_run_that_is_recorded_is_the_same_run_under_every_strategy) {
  const auto target = drivers("");
  const Program program = program_of(kCancelRace);
  target->learn(std::vector<Program>{program}, 1);
  for (const Strategy strategy : kStrategies)
    for (uint32_t k = 0; k < 40; ++k) {
      Plan plan = plan_of(3, strategy, 0, k, 40, 30);
      RunResult plain, recorded;
      target->run(program, plan, plain);
      plan.record = true;
      target->run(program, plan, recorded);
      BOOST_TEST(plain.schedule_hash == recorded.schedule_hash, name_of(strategy) << " " << k);
      BOOST_TEST((plain.history.events == recorded.history.events));
    }
}

BOOST_AUTO_TEST_CASE(a_budget_that_is_used_up_is_no_verdict) {
  const auto target = drivers("");
  const Program program = program_of(kCancelRace);
  target->learn(std::vector<Program>{program}, 1);
  Judge judge;
  ExhaustiveOptions options;
  options.most_executions = 20;
  const Exhaustive result = explore_all(*target, judge, program, options);
  BOOST_TEST((result.end == Exhaustive::End::out_of_budget));
  BOOST_TEST(result.complete + result.blocked <= 20u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
