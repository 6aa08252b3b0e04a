// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/finding.h"

#include <boost/test/unit_test.hpp>

#include "harness/core/program_text.h"
#include "harness/shrink/test/fake_target.h"

namespace rxcheck {
namespace {

constexpr const char* kFingerprint = "planted/view/finalize";

// Two operations race; the others have nothing to do with it.
Program noisy() {
  auto file = parse_program(R"(rxp 1
connection X: \\server\share
1 tree X: -> t1
1 finalize t1 FALSE
2 list X:
2 open X: \file1 -> f1
3 list X:
end
)",
                            "test.rxp");
  BOOST_REQUIRE(file.ok());
  return file->program;
}

// A plan under which the defect shows.
Plan failing_plan(Target& target, Judge& judge, const Program& program) {
  Plan plan;
  plan.kind = Plan::Kind::random;
  plan.period = 2;
  RunResult run;
  for (plan.seed = 1; plan.seed < 1'000; ++plan.seed) {
    target.run(program, plan, run);
    const auto found = judge.judge(run);
    if (found && found->fingerprint == kFingerprint) return plan;
  }
  BOOST_FAIL("the planted defect does not show");
  return plan;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(finding)

BOOST_AUTO_TEST_CASE(what_repeats_is_made_small_and_its_file_expects_what_it_shows) {
  test::FakeTarget target;
  Judge judge;
  const Program program = noisy();
  const auto found = investigate(target, judge, program, failing_plan(target, judge, program), kFingerprint);
  BOOST_TEST(found.repeats());
  BOOST_TEST((found.finding.verdict == Verdict::divergent));
  BOOST_TEST(found.finding.clause == "planted");
  BOOST_TEST(found.finding.operations < program.operations.size());
  BOOST_TEST(found.file.program.operations.size() == found.finding.operations);
  BOOST_REQUIRE(found.file.expectation.has_value());
  BOOST_TEST(found.file.expectation->verdict == "divergent");
  BOOST_TEST(found.file.expectation->fingerprint == kFingerprint);
}

BOOST_AUTO_TEST_CASE(nothing_is_removed_if_it_is_not_to_be_shrunk) {
  test::FakeTarget target;
  Judge judge;
  const Program program = noisy();
  const auto found =
      investigate(target, judge, program, failing_plan(target, judge, program), kFingerprint, {false, {}});
  BOOST_TEST(found.repeats());
  BOOST_TEST((found.file.program == program));
}

BOOST_AUTO_TEST_CASE(what_does_not_repeat_says_why) {
  test::FakeTarget target;
  Judge judge;
  Plan plan;
  plan.kind = Plan::Kind::baseline;  // under which the defect does not show
  const auto found = investigate(target, judge, noisy(), plan, kFingerprint);
  BOOST_TEST(!found.repeats());
  BOOST_TEST(found.finding.clause == "planted");
  BOOST_TEST(found.finding.summary == "run again, it gave a clean run");
  BOOST_REQUIRE(found.file.expectation.has_value());
  BOOST_TEST(found.file.expectation->verdict == "nondeterministic");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
