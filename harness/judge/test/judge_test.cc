// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/judge.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "harness/core/status.h"
#include "harness/explore/generator.h"
#include "harness/judge/rules.h"

namespace rxcheck {
namespace {

Operation op(OpKind kind, uint8_t actor, int32_t slot = kNoSlot) {
  Operation result;
  result.kind = kind;
  result.actor = actor;
  result.slot = slot;
  return result;
}

// What a right driver does with the program; with a fault, a wrong one.
RunResult run_of(const Program& program, models::Fault fault = {}, uint64_t seed = 1) {
  RunResult run;
  models::Shadow shadow(fault);
  Random random(seed);
  shadow.run(program, random, run.history);
  return run;
}

Program connect_and_delete() {
  Program program;
  program.connections = {{'X', "\\\\server\\share"}};
  program.operations = {op(OpKind::connect, 1), op(OpKind::disconnect, 1)};
  return program;
}

Program generated(uint64_t seed) {
  Program program;
  Random random(seed);
  generate(random, GeneratorOptions{}, program);
  return program;
}

// Every string that stands directly after `before` in the sources of the simulated executive and of who drives it.
std::set<std::string> names_in_executive(const std::string& before) {
  std::set<std::string> names;
  for (const char* folder : {RXCHECK_SOURCE_DIR "/harness/nt", RXCHECK_SOURCE_DIR "/harness/targets"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".cc") continue;
      std::ifstream file(entry.path());
      const std::string text((std::istreambuf_iterator<char>(file)), {});
      for (size_t at = 0; (at = text.find(before + '"', at)) != std::string::npos;) {
        at += before.size() + 1;
        names.insert(text.substr(at, text.find('"', at) - at));
      }
    }
  }
  return names;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(judge_suite)

BOOST_AUTO_TEST_CASE(what_a_right_driver_does_is_clean) {
  Judge judge;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const RunResult run = run_of(generated(seed), {}, seed);
    const auto found = judge.judge(run);
    BOOST_TEST(!found.has_value(), (found ? found->clause + ": " + found->summary : ""));
    BOOST_TEST((verdict_of(run, found) == Verdict::clean));
  }
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_clause_state_and_kind_of_operation) {
  Judge judge;
  unsigned found_in = 0;
  for (const uint8_t clause : models::faults()) {
    for (uint64_t seed = 0; seed < 300; ++seed) {
      const RunResult run = run_of(generated(seed), {clause}, seed);
      const auto found = judge.judge(run);
      if (!found || found->verdict != Verdict::divergent) continue;
      ++found_in;
      BOOST_TEST(found->fingerprint.starts_with(found->clause + "/"));
      BOOST_TEST(found->fingerprint.ends_with("/" + std::string(kind_of(run.history.program, found->operation))));
      BOOST_TEST(!found->summary.empty());
      break;
    }
  }
  BOOST_TEST(found_in > models::faults().size() / 2);
}

BOOST_AUTO_TEST_CASE(a_violation_is_divergent_by_its_rule_and_its_fingerprint_names_no_function) {
  Judge judge;
  RunResult run = run_of(connect_and_delete());
  run.end = RunResult::End::violation;
  run.violation = Violation{"use-after-free", "RxCx+0x48", "RxSecretFunction", "a read of 8 bytes to freed memory", 1};
  run.history.events.resize(3);  // the run ended there
  const auto found = judge.judge(run);
  BOOST_REQUIRE(found);
  BOOST_TEST((verdict_of(run, found) == Verdict::divergent));
  BOOST_TEST(found->clause == "use-after-free");
  BOOST_TEST(found->fingerprint == "use-after-free/RxCx+0x48/disconnect");
  BOOST_TEST(found->summary.find("a1.2 disconnect") != std::string::npos);
  BOOST_TEST(found->summary.find("RxSecretFunction") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_accepted_rule_is_no_divergence) {
  auto accepted = accept({"use-after-free"});
  BOOST_REQUIRE(accepted.ok());
  Judge judge(*accepted);
  RunResult run = run_of(connect_and_delete());
  run.end = RunResult::End::violation;
  run.violation = Violation{"use-after-free", "RxCx+0x48", "", "", 1};
  run.history.events.resize(3);
  BOOST_TEST(!judge.judge(run).has_value());
  run.violation->rule = "double-free";
  BOOST_TEST(judge.judge(run).has_value());
}

BOOST_AUTO_TEST_CASE(the_clause_that_was_broken_before_a_violation_is_named_instead_of_the_rule) {
  Judge judge;
  RunResult run = run_of(connect_and_delete());
  // The return of the connect says what no connect may say.
  for (Event& event : run.history.events)
    if (event.kind == EventKind::ret && event.operation == 0) event.status = status::kFilesOpen;
  run.end = RunResult::End::violation;
  run.violation = Violation{"leak", "RxVn", "", "memory is left", kNoOperation};
  const auto found = judge.judge(run);
  BOOST_REQUIRE(found);
  BOOST_TEST(found->clause.starts_with("C"));
  BOOST_TEST(found->summary.ends_with("; then leak"));
}

BOOST_AUTO_TEST_CASE(a_run_that_left_its_schedule_or_could_not_be_made_proves_nothing) {
  Judge judge;
  RunResult run = run_of(connect_and_delete());
  run.end = RunResult::End::left_schedule;
  BOOST_TEST((verdict_of(run, judge.judge(run)) == Verdict::left_schedule));
  run.end = RunResult::End::lab_fault;
  run.history.events.clear();
  BOOST_TEST(!judge.judge(run).has_value());
  BOOST_TEST((verdict_of(run, judge.judge(run)) == Verdict::lab_fault));
}

BOOST_AUTO_TEST_CASE(what_a_scenario_expects_is_compared) {
  Judge judge;
  Program program = connect_and_delete();
  program.operations[1].expected = status::kSuccess;
  BOOST_TEST(!judge.judge(run_of(program)).has_value());
  program.operations[1].expected = status::kFilesOpen;
  const auto found = judge.judge(run_of(program));
  BOOST_REQUIRE(found);
  BOOST_TEST(found->clause == "expectation");
  BOOST_TEST(found->fingerprint == "expectation/SUCCESS not FILES_OPEN/disconnect");
  BOOST_TEST(found->summary == "a1.2 disconnect: expected FILES_OPEN, observed SUCCESS");
}

BOOST_AUTO_TEST_CASE(verdicts_have_the_names_of_the_contract) {
  const std::pair<Verdict, std::string_view> names[] = {{Verdict::clean, "clean"},
                                                        {Verdict::divergent, "divergent"},
                                                        {Verdict::drift, "drift"},
                                                        {Verdict::nondeterministic, "nondeterministic"},
                                                        {Verdict::left_schedule, "left-schedule"},
                                                        {Verdict::lab_fault, "lab-fault"},
                                                        {Verdict::incomplete, "incomplete"}};
  for (const auto& [verdict, name] : names) BOOST_TEST(name_of(verdict) == name);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_not_accepted_and_the_known_ones_are_listed) {
  const auto accepted = accept({"no-such-rule"});
  BOOST_REQUIRE(!accepted.ok());
  const std::string text = accepted.error().text();
  BOOST_TEST(text.find("no-such-rule") != std::string::npos);
  BOOST_TEST(text.find("C46") != std::string::npos);
  BOOST_TEST(text.find("double-completion") != std::string::npos);
  BOOST_TEST(!accept({"C00"}).ok());
  BOOST_TEST(!accept({"C46"})->clauses.has(46));
}

BOOST_AUTO_TEST_CASE(every_rule_of_the_executive_has_a_sentence) {
  std::set<std::string> broken = names_in_executive("violate(");
  broken.merge(names_in_executive("Broken{"));
  broken.merge(names_in_executive("Broken broken{"));
  BOOST_TEST(broken.size() > 10u);
  for (const std::string& rule : broken) {
    const bool clause = models::parse_clause(rule).has_value();
    BOOST_TEST((clause || find_rule(rule) != nullptr), rule);
  }
  BOOST_TEST(std::ranges::is_sorted(executive_rules(), {}, &Rule::name));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
