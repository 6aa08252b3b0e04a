// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include "harness/core/history_text.h"
#include "harness/explore/generator.h"
#include "harness/targets/shadow.h"

namespace rxcheck {

BOOST_AUTO_TEST_SUITE(shadow_target)

BOOST_AUTO_TEST_CASE(the_same_program_and_seed_give_the_same_run_whatever_ran_before) {
  const auto target = make_shadow_target();
  BOOST_TEST(target->name() == "shadow");
  BOOST_TEST(!follows_schedules(*target));
  Program programs[2];
  for (uint64_t i = 0; i < 2; ++i) {
    Random random(i);
    generate(random, GeneratorOptions{}, programs[i]);
  }
  Plan plan;
  plan.kind = Plan::Kind::random;
  plan.seed = 4;
  RunResult first, other, again;
  target->run(programs[0], plan, first);
  target->run(programs[1], plan, other);
  target->run(programs[0], plan, again);
  BOOST_TEST(canonical_trace(first.history) == canonical_trace(again.history));
  BOOST_TEST(first.schedule_hash == again.schedule_hash);
  plan.seed = 5;
  target->run(programs[0], plan, again);
  BOOST_TEST(first.schedule_hash != again.schedule_hash);
}

BOOST_AUTO_TEST_CASE(a_schedule_with_choices_cannot_be_followed) {
  const auto target = make_shadow_target();
  Schedule schedule;
  Plan plan = Plan::replaying(schedule);
  RunResult run;
  target->run(Program{}, plan, run);
  BOOST_TEST((run.end == RunResult::End::finished));
  schedule.choices.resize(1);
  target->run(Program{}, plan, run);
  BOOST_TEST((run.end == RunResult::End::lab_fault));
  BOOST_TEST(run.lab_message == "the shadow target has no yield points");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
