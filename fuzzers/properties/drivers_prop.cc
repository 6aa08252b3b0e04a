// SPDX-License-Identifier: Apache-2.0
//
// What holds for drivers and models: commands of parallel actors conform under any schedule (RapidCheck's own state
// tests run commands one after the other only), the shadow keeps the reference's clauses, shrinking keeps what a case
// shows.
#include "fuzzers/properties/drivers_prop.h"

#include <rapidcheck/boost_test.h>

#include <boost/test/unit_test.hpp>
#include <functional>

#include "fuzzers/properties/program_gen.h"
#include "harness/judge/exact_replay.h"
#include "harness/shrink/shrink.h"
#include "harness/targets/shadow.h"

namespace rxcheck {

std::unique_ptr<InprocTarget> learned_drivers(const std::string& folder) {
  const std::string path = beside_executable("driver/" + folder);
  auto target = make_inproc_target({{path + "rxrdbss.sys", path + "rxprobe.sys"}, true, true});
  if (!target) return nullptr;
  const ProgramSource source(1, {});
  (*target)->learn(source.for_learning(), 1);
  return std::move(*target);
}

std::optional<FirstShown> first_shown(Target& target, const Program& program, uint64_t seed) {
  constexpr uint32_t kSchedules = 4;
  Judge judge;
  RunResult run;
  uint32_t yields = 0;
  for (uint32_t k = 0; k < kSchedules; ++k) {
    Plan plan = plan_of(seed, Strategy::mix, 0, k, kSchedules, yields);
    target.run(program, plan, run);
    if (k == 0) yields = run.yields;
    auto found = judge.judge(run);
    if (!found) continue;
    plan.record = true;
    target.run(program, plan, run);
    return FirstShown{std::move(*found), {program, run.schedule}};
  }
  return std::nullopt;
}

std::string report_of(const FirstShown& shown, uint64_t seed) {
  const Divergence& found = shown.divergence;
  const ProgramFile file{shown.failing.program, shown.failing.schedule, std::nullopt,
                         Expectation{std::string(name_of(found.verdict)), found.clause, found.fingerprint}};
  return fmt::format("with schedule seed {}: {}\n{}", seed, found.fingerprint, print(file));
}

namespace {

// RapidCheck shrinks the program, never the seed: another seed is another schedule.
uint64_t draw_seed() { return *rc::gen::noShrink(rc::gen::arbitrary<uint64_t>()); }

void require_conforms(Target& target) {
  const Program program = *program_gen();
  const uint64_t seed = draw_seed();
  if (const auto shown = first_shown(target, program, seed)) RC_FAIL(report_of(*shown, seed));
}

// A case that the drivers show is made smaller, and the search is cut short anywhere.
void require_shrinking_keeps(Target& target) {
  std::optional<FirstShown> shown;
  uint64_t seed = 0;
  const uint64_t first = draw_seed();
  for (uint64_t i = 0; i < 3000 && !shown; ++i) {
    seed = derive_seed(first, 1, i);
    Random random(seed);
    Program program;
    generate(random, {}, program);
    shown = first_shown(target, program, seed);
  }
  RC_ASSERT(shown.has_value());
  Judge judge;
  ShrinkOptions options;
  options.budget = *rc::gen::inRange<uint64_t>(1, 400);  // cut short anywhere
  const auto shrunk = shrink(target, judge, shown->failing, shown->divergence.fingerprint, options);
  if (!shrunk) RC_FAIL(report_of(*shown, seed));
  const auto again = shown_exactly(target, judge, shrunk->smallest.program, shrunk->smallest.schedule);
  if (!again || again->fingerprint != shown->divergence.fingerprint) RC_FAIL(report_of(*shown, seed));
  RC_ASSERT(shrunk->smallest.program.operations.size() <= shown->failing.program.operations.size());
}

// What so many cases of a property come to: nothing, or the failure's text.

std::string failure_of(int cases, const std::function<void()>& property) {
  rc::detail::TestParams params;
  params.seed = 1;
  params.maxSuccess = cases;
  const auto result = rc::detail::checkTestable(property, rc::detail::TestMetadata(), params);
  rc::detail::FailureResult failure;
  if (result.match(failure)) return failure.description;
  rc::detail::SuccessResult success;
  return result.match(success) ? "" : "gave up";
}

// The file in a failure's text.
std::string file_in(const std::string& text) {
  const size_t begin = text.rfind("rxp 1\n"), end = text.find("\nend\n", begin);
  if (begin == std::string::npos || end == std::string::npos) return "";
  return text.substr(begin, end + 5 - begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(drivers_properties)

RC_BOOST_PROP(commands_of_parallel_actors_conform_under_any_schedule, ()) {
  static const auto target = learned_drivers("");
  RC_ASSERT(target != nullptr);
  require_conforms(*target);
}

// The drill: it objects to a seeded defect, and what it prints replays.
BOOST_AUTO_TEST_CASE(a_defect_that_needs_a_race_fails_it_with_a_seed_and_a_file_that_replays) {
  const auto target = learned_drivers("mutants/D12/");
  BOOST_REQUIRE(target != nullptr);
  rc::detail::TestParams params;
  params.seed = 1;
  params.maxSuccess = 3000;
  const auto result = rc::detail::checkTestable([&] { require_conforms(*target); }, rc::detail::TestMetadata(), params);
  rc::detail::FailureResult failure;
  BOOST_REQUIRE(result.match(failure));
  BOOST_TEST(failure.description.find("with schedule seed ") != std::string::npos);
  const auto file = parse_program(file_in(failure.description), "failure.rxp");
  BOOST_REQUIRE(file.ok());
  Judge judge;
  const auto again = shown_exactly(*target, judge, file->program, file->schedule);
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->fingerprint == file->expectation->fingerprint);
}

RC_BOOST_PROP(the_shadow_keeps_the_clauses_of_the_reference, ()) {
  const auto shadow = make_shadow_target();
  const Program program = *program_gen();
  Plan plan;
  plan.seed = draw_seed();
  RunResult run;
  shadow->run(program, plan, run);
  if (const auto found = Judge().judge(run)) RC_FAIL(report_of({*found, {program, {}}}, plan.seed));
}

BOOST_AUTO_TEST_CASE(shrinking_keeps_what_a_case_shows) {
  const auto target = learned_drivers("mutants/M07/");
  BOOST_REQUIRE(target != nullptr);
  BOOST_TEST(failure_of(6, [&] { require_shrinking_keeps(*target); }) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
