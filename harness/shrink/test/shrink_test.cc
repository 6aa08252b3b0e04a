// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/shrink.h"

#include <boost/test/unit_test.hpp>

#include "harness/core/program_text.h"
#include "harness/shrink/nearby.h"
#include "harness/shrink/test/fake_target.h"

namespace rxcheck {
namespace {

Operation op(OpKind kind, uint8_t actor, int32_t slot = kNoSlot) {
  Operation result;
  result.kind = kind;
  result.actor = actor;
  result.slot = slot;
  return result;
}

Program program_of(std::vector<Operation> operations) {
  Program program;
  program.connections = {{'X', "\\\\server\\share"}, {0, "\\\\server\\other"}};
  program.paths = {"\\a", "\\b"};
  program.operations = std::move(operations);
  return program;
}

// Much that has nothing to do with the defect, on four actors.
Program noisy() {
  Program program =
      program_of({op(OpKind::connect, 3), op(OpKind::tree, 1), op(OpKind::list, 2), op(OpKind::open, 4),
                  op(OpKind::list, 1), op(OpKind::open, 2), op(OpKind::close, 2, 5), op(OpKind::finalize, 1, 1),
                  op(OpKind::list, 3), op(OpKind::close, 4, 3), op(OpKind::close, 1, 1)});
  program.operations[5].connection = 1;
  program.operations[5].path = 1;
  program.operations[7].level = Level::forced;
  return program;
}

// The first seeded run that fails.
Case failing_case(Target& target, Judge& judge, const Program& program, std::string& fingerprint) {
  for (uint64_t seed = 1; seed < 10'000; ++seed) {
    Plan plan{.kind = Plan::Kind::random, .seed = seed, .period = 3, .record = true};
    RunResult result;
    target.run(program, plan, result);
    if (!result.violation) continue;
    fingerprint = judge.judge(result)->fingerprint;
    return {program, result.schedule};
  }
  BOOST_FAIL("the planted defect was never met");
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shrink_suite)

BOOST_AUTO_TEST_CASE(a_noisy_case_shrinks_to_the_race_itself) {
  test::FakeTarget target;
  Judge judge;
  std::string fingerprint;
  const Case start = failing_case(target, judge, noisy(), fingerprint);
  BOOST_TEST(fingerprint == "planted/view/finalize");
  const auto shrunk = shrink(target, judge, start, fingerprint);
  BOOST_REQUIRE(shrunk);
  BOOST_TEST(shrunk->minimal);
  BOOST_TEST(shrunk->operations == 3u);  // tree, finalize, open
  BOOST_TEST(shrunk->actors == 2u);
  BOOST_TEST(shrunk->switches == 1u);
  BOOST_TEST(shrunk->candidates_tried > 10u);
  BOOST_TEST(shrunk->divergence.fingerprint == fingerprint);
  const Program& program = shrunk->smallest.program;
  BOOST_TEST(program.connections.size() == 1u);
  BOOST_TEST(program.paths.size() == 1u);
  BOOST_TEST(!why_invalid(program).has_value());
  for (const Operation& each : program.operations) BOOST_TEST(each.actor <= 2u);
}

BOOST_AUTO_TEST_CASE(shrinking_twice_gives_the_same_bytes) {
  test::FakeTarget target;
  Judge judge;
  std::string fingerprint;
  const Case start = failing_case(target, judge, noisy(), fingerprint);
  const auto first = shrink(target, judge, start, fingerprint);
  const auto second = shrink(target, judge, start, fingerprint);
  BOOST_REQUIRE((first && second));
  BOOST_TEST(print(ProgramFile{first->smallest.program, first->smallest.schedule}) ==
             print(ProgramFile{second->smallest.program, second->smallest.schedule}));
  BOOST_TEST(first->candidates_tried == second->candidates_tried);
  const auto again = shrink(target, judge, first->smallest, fingerprint);
  BOOST_REQUIRE(again);
  BOOST_TEST(
      (again->smallest.program == first->smallest.program && again->smallest.schedule == first->smallest.schedule));
}

BOOST_AUTO_TEST_CASE(what_does_not_fail_is_not_shrunk) {
  test::FakeTarget target;
  Judge judge;
  BOOST_TEST(!shrink(target, judge, {noisy(), {}}, "planted/view/finalize").has_value());
}

BOOST_AUTO_TEST_CASE(a_budget_that_runs_out_is_reported) {
  test::FakeTarget target;
  Judge judge;
  std::string fingerprint;
  const Case start = failing_case(target, judge, noisy(), fingerprint);
  const auto shrunk = shrink(target, judge, start, fingerprint, {.budget = 5, .stop = {}});
  BOOST_REQUIRE(shrunk);
  BOOST_TEST(!shrunk->minimal);
  BOOST_TEST(shrunk->candidates_tried == 5u);
  BOOST_TEST(shrunk->divergence.fingerprint == fingerprint);
}

BOOST_AUTO_TEST_CASE(a_schedule_that_is_not_met_is_found_again_nearby) {
  test::FakeTarget target;
  Judge judge;
  std::string fingerprint;
  Case start = failing_case(target, judge, noisy(), fingerprint);
  start.schedule.choices.back().at.occurrence = 3;  // as after a rebuild
  Plan plan = Plan::replaying(start.schedule);
  RunResult run;
  target.run(start.program, plan, run);
  BOOST_TEST((run.end == RunResult::End::left_schedule));
  const auto nearby = find_nearby(target, judge, start, fingerprint);
  BOOST_REQUIRE(nearby);
  plan.schedule = &nearby->schedule;
  target.run(nearby->program, plan, run);
  BOOST_REQUIRE(run.violation.has_value());
  BOOST_TEST(judge.judge(run)->fingerprint == fingerprint);
  BOOST_TEST(!find_nearby(target, judge, start, "no/such/fingerprint").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(edit_suite)

// a1: tree, list, finalize; a2: open. One switch at a1.3, to a2, and one by the worker of a1.3.
struct Fixture {
  Case start{program_of({op(OpKind::tree, 1), op(OpKind::list, 1), op(OpKind::open, 2), op(OpKind::finalize, 1, 0)}),
             {}};
  Fixture() {
    Choice own;
    own.at.line = {1, false, 3};
    own.to = {2, false, 0};
    Choice worker;
    worker.at.line = {2, false, 1};
    worker.to = {1, true, 3};
    start.schedule.choices = {own, worker};
  }
};

BOOST_FIXTURE_TEST_CASE(removing_an_operation_renumbers_the_lines_behind_it, Fixture) {
  std::vector<bool> remove = {false, true, false, false};
  const Case after = without_operations(start, remove);
  BOOST_REQUIRE(after.schedule.choices.size() == 2u);
  BOOST_TEST((after.schedule.choices[0].at.line == Line{1, false, 2}));
  BOOST_TEST((after.schedule.choices[1].to == Line{1, true, 2}));
}

BOOST_FIXTURE_TEST_CASE(choices_of_a_removed_operation_go_with_it, Fixture) {
  std::vector<bool> remove = {true, false, false, false};  // the tree handle, and with it the finalize
  const Case after = without_operations(start, remove);
  BOOST_TEST(remove[3]);
  BOOST_TEST(after.schedule.choices.empty());
}

BOOST_FIXTURE_TEST_CASE(a_switch_to_a_line_that_is_gone_goes_where_that_one_went, Fixture) {
  start.program.operations.push_back(op(OpKind::list, 3));
  Choice on;
  on.at.line = {2, false, 1};
  on.to = {3, false, 0};
  start.schedule.choices[1] = on;  // a1.3 -> a2, then a2.1 -> a3
  std::vector<bool> remove = {false, false, true, false, false};
  const Case after = without_operations(start, remove);
  BOOST_REQUIRE(after.schedule.choices.size() == 1u);
  BOOST_TEST((after.schedule.choices[0].at.line == Line{1, false, 3}));
  BOOST_TEST((after.schedule.choices[0].to == Line{3, false, 0}));
}

BOOST_FIXTURE_TEST_CASE(a_switch_within_a_merged_actor_is_none, Fixture) {
  const std::vector<uint8_t> actors = {1, 1, 1, 1};
  const Case after = with_actors(start, actors);
  BOOST_REQUIRE(after.schedule.choices.size() == 1u);
  BOOST_TEST((after.schedule.choices[0].at.line == Line{1, false, 3}));  // the open is a1.3 now
  BOOST_TEST((after.schedule.choices[0].to == Line{1, true, 4}));
}

BOOST_FIXTURE_TEST_CASE(actors_are_renumbered_without_gaps, Fixture) {
  const std::vector<uint8_t> actors = {2, 2, 5, 2};
  const Case after = with_dense_actors(with_actors(start, actors));
  BOOST_TEST((after.program == start.program));
  BOOST_TEST((after.schedule == start.schedule));
}

BOOST_FIXTURE_TEST_CASE(an_order_that_uses_before_producing_is_refused, Fixture) {
  const size_t backwards[] = {3, 2, 1, 0};
  BOOST_TEST(!in_order(start, backwards).has_value());
  const size_t open_first[] = {2, 0, 1, 3};
  const auto after = in_order(start, open_first);
  BOOST_REQUIRE(after);
  BOOST_TEST(after->program.operations[3].slot == 1);
  BOOST_TEST((after->schedule == start.schedule));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
