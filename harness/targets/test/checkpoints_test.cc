// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/checkpoints.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "harness/explore/dpor.h"
#include "harness/explore/event_order.h"
#include "harness/explore/exploration.h"
#include "harness/explore/movers.h"
#include "harness/targets/test/small_races.h"

namespace rxcheck {

namespace {

// One exploration of a program, an execution at a time.
class Exploration {
 public:
  Exploration(Target& target, const Program& program, bool goes_on) : target_(target), program_(program) {
    movers_.begin();
    dpor_.begin();
    plan_.kind = Plan::Kind::dpor;
    plan_.dpor = &dpor_;
    plan_.movers = &movers_;
    plan_.order = &order_;
    if (goes_on) plan_.checkpoints = &checkpoints;
  }
  void execute() { target_.run(program_, plan_, run); }
  void execute(const Program& other) { target_.run(other, plan_, run); }
  void execute_until_it_goes_on() {
    do {
      execute();
      BOOST_REQUIRE(more());
    } while (dpor_.known() == 0);
  }
  bool more() { return next_execution(dpor_, movers_); }
  const Dpor& dpor() const { return dpor_; }
  const EventOrder& order() const { return order_; }

  RunResult run;
  Checkpoints checkpoints;

 private:
  Target& target_;
  const Program& program_;
  Dpor dpor_;
  Movers movers_;
  EventOrder order_;
  Plan plan_;
};

// All that is known of how the steps of an execution are ordered.
std::string told(const EventOrder& order) {
  std::string text;
  const auto& steps = order.steps();
  for (const EventOrder::Step& step : steps) {
    text += std::to_string(step.thread) + ":" + std::to_string(step.begin) + ":" + std::to_string(step.first_event) +
            "+" + std::to_string(step.events);
    for (const EventOrder::LockUse& use : order.locks(step))
      text += (use.taken ? " takes " : " gives ") + std::to_string(use.lock);
    for (const EventOrder::Step& earlier : steps)
      text += earlier.thread != step.thread && order.knows(step, earlier) ? "1" : "0";
    text += "\n";
  }
  for (const EventOrder::Section& section : order.sections())
    text += std::to_string(section.lock) + " from " + std::to_string(section.first) + " to " +
            std::to_string(section.last) + "\n";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoints_suite)

// Turn by turn on one target, so that neither may keep anything there.
BOOST_AUTO_TEST_CASE(
    an_execution_that_goes_on_from_where_it_branches_off_is_the_one_that_is_worked_out_from_its_beginning) {
  unsigned known = 0, anew = 0;
  for (const char* text : {kCancelRace, kConnectAndList, kWaitingDelete}) {
    const Program program = program_of(text);
    const auto target = drivers("");
    target->learn(std::vector<Program>{program}, 1);
    Exploration from_nothing(*target, program, false), goes_on(*target, program, true);
    for (bool more = true; more;) {
      ++(goes_on.dpor().known() != 0 ? known : anew);
      from_nothing.execute();
      goes_on.execute();
      BOOST_REQUIRE((goes_on.run.history.events == from_nothing.run.history.events));
      BOOST_REQUIRE((goes_on.run.threads == from_nothing.run.threads));
      BOOST_REQUIRE(goes_on.run.schedule_hash == from_nothing.run.schedule_hash);
      BOOST_REQUIRE(goes_on.run.explored_before == from_nothing.run.explored_before);
      BOOST_REQUIRE(told(goes_on.order()) == told(from_nothing.order()));
      more = goes_on.more();
      BOOST_REQUIRE(from_nothing.more() == more);
    }
    BOOST_TEST(goes_on.dpor().complete() == from_nothing.dpor().complete());
    BOOST_TEST(goes_on.dpor().blocked() == from_nothing.dpor().blocked());
    BOOST_TEST(!goes_on.dpor().nondeterministic());
  }
  BOOST_TEST(known > 100u);
  BOOST_TEST(anew > 3u);  // what is learned about movers begins an exploration anew
}

BOOST_AUTO_TEST_CASE(an_execution_that_does_not_begin_as_the_one_before_is_noticed) {
  const Program program = program_of(kCancelRace);
  const auto target = drivers("");
  target->learn(std::vector<Program>{program}, 1);
  for (const char* text : {kConnectAndList, kWaitingDelete}) {
    Exploration exploration(*target, program, true);
    exploration.execute_until_it_goes_on();
    BOOST_TEST(!exploration.dpor().nondeterministic());
    exploration.execute(program_of(text));
    BOOST_TEST(exploration.dpor().nondeterministic());
  }
}

// A mark that says something else stands for an execution that does something else.
BOOST_AUTO_TEST_CASE(an_execution_in_which_others_can_run_than_in_the_one_before_is_noticed) {
  const Program program = program_of(kCancelRace);
  const auto target = drivers("");
  target->learn(std::vector<Program>{program}, 1);
  Exploration exploration(*target, program, true);
  exploration.execute_until_it_goes_on();
  for (Checkpoints::Mark& mark : exploration.checkpoints.marks) mark.passed ^= 1;
  exploration.execute();
  BOOST_TEST(exploration.dpor().nondeterministic());
}

BOOST_AUTO_TEST_CASE(an_execution_that_touches_something_else_than_the_one_before_is_noticed_where_that_is_compared) {
  const Program program = program_of(kCancelRace);
  for (const uint32_t executions : {0u, Checkpoints::kComparedEvery - 1}) {
    const auto target = drivers("");
    target->learn(std::vector<Program>{program}, 1);
    Exploration exploration(*target, program, true);
    exploration.execute_until_it_goes_on();
    for (Checkpoints::Mark& mark : exploration.checkpoints.marks) mark.touched ^= 1;
    exploration.checkpoints.executions = executions;
    exploration.execute();
    BOOST_TEST(exploration.dpor().nondeterministic() == (executions != 0));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
