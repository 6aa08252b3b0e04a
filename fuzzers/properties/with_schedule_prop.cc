// SPDX-License-Identifier: Apache-2.0
//
// A schedule that was written down is exported as an input that runs alike, and what is imported of that runs alike.
#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>

#include "fuzzers/program/from_program.h"
#include "fuzzers/program/with_schedule.h"
#include "fuzzers/properties/drivers_prop.h"
#include "harness/core/history_text.h"
#include "harness/core/random.h"

namespace rxcheck {
namespace {

std::string trace_under(Target& target, const Program& program, Plan plan, Schedule* made = nullptr) {
  RunResult run;
  plan.record = made != nullptr;
  target.run(program, plan, run);
  if (made != nullptr) *made = run.schedule;
  return canonical_trace(run.history);
}

BOOST_AUTO_TEST_SUITE(with_schedule_properties)

BOOST_AUTO_TEST_CASE(an_exported_schedule_and_its_import_run_as_the_schedule_did) {
  const auto target = learned_drivers("");
  BOOST_REQUIRE(target != nullptr);
  const ProgramSource source(5);
  Program program;
  unsigned exported = 0, with_picks = 0, with_switches = 0;
  for (uint64_t index = 0; index < 60; ++index) {
    source.at(index, program);
    const auto inputs = fuzz::inputs_like(program);
    if (inputs.empty()) continue;
    const fuzz::Input& like = inputs.front();
    Plan plan;
    plan.kind = index % 2 != 0 ? Plan::Kind::pct : Plan::Kind::random;
    plan.seed = index;
    plan.period = 64;
    Schedule schedule, again;
    const std::string trace = trace_under(*target, like.program, plan, &schedule);
    const auto input = fuzz::with_schedule(*target, like, schedule);
    if (!input) continue;
    ++exported;
    with_picks += !input->picks.empty();
    with_switches += !input->switches.empty();
    const fuzz::Input read = fuzz::decode(fuzz::encode(*input));
    BOOST_REQUIRE((read == *input));
    fuzz::Switches departures;
    BOOST_TEST(trace_under(*target, read.program, read.plan(departures), &again) == trace, "program " << index);
    BOOST_TEST((again == schedule), "the schedule of program " << index);
  }
  BOOST_TEST(exported > 20U);
  BOOST_TEST(with_picks > 3U);
  BOOST_TEST(with_switches > 3U);
}

BOOST_AUTO_TEST_CASE(a_schedule_that_is_not_met_or_too_long_is_no_input) {
  const auto target = learned_drivers("");
  BOOST_REQUIRE(target != nullptr);
  fuzz::Input input = fuzz::decode({});
  Schedule schedule;
  BOOST_TEST(fuzz::with_schedule(*target, input, schedule).has_value());
  schedule.choices.push_back(
      {Choice::Kind::switch_, {{1, 0, 1}, "RxNowhere", Access::call, "KeSetEvent", 1}, {2, 0, 0}});
  BOOST_TEST(!fuzz::with_schedule(*target, input, schedule).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck
