// SPDX-License-Identifier: Apache-2.0
//
// The twin and the contract check each other over the scenarios in corpora/mpr: without a fault each conforms and has
// the results that were written down; for every clause there is a fault that the contract catches.
#include "models/mpr/twin.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <set>

#include "harness/core/mpr_program_text.h"
#include "harness/core/test/why.h"
#include "harness/core/win32_error.h"
#include "models/mpr/contract.h"

namespace rxcheck::mpr {
namespace {

ProgramFile scenario(const std::string& name) {
  const auto file = load_program(RXCHECK_SOURCE_DIR "/corpora/mpr/" + name + ".rxp");
  BOOST_REQUIRE_MESSAGE(file.ok(), why(file));
  return *file;
}

// The clause that the contract names, 0 if none.
unsigned clause_broken_by(const Program& program, TwinFault fault = TwinFault::none) {
  const auto refusal = judge(run_twin(program, fault));
  return refusal ? refusal->clause : 0;
}

unsigned clause_broken_by(const std::string& name, Fault fault) {
  Program program = scenario(name).program;
  for (Provider& provider : program.providers) provider.faults = {fault};
  return clause_broken_by(program);
}

BOOST_AUTO_TEST_SUITE(mpr_twin)

BOOST_AUTO_TEST_CASE(every_scenario_conforms_with_the_results_that_were_written_down) {
  unsigned count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RXCHECK_SOURCE_DIR "/corpora/mpr")) {
    const Program program = scenario(entry.path().stem().string()).program;
    BOOST_TEST(clause_broken_by(program) == 0U, entry.path());
    for (const Step& step : run_twin(program).steps) {
      const auto& expected = program.operations[step.operation].expected;
      if (expected)
        BOOST_TEST(win32::name_of(step.result) == win32::name_of(*expected),
                   entry.path() << ": " << operation_text(program, step.operation));
    }
    ++count;
  }
  BOOST_TEST(count >= 11U);
}

BOOST_AUTO_TEST_CASE(every_clause_has_a_fault_that_breaks_it) {
  std::set<models::ClauseId> broken;
  const auto expect = [&](models::ClauseId clause, unsigned named) {
    BOOST_TEST(named == clause);
    broken.insert(clause);
  };
  const auto by_router = [](const std::string& name, TwinFault fault) {
    return clause_broken_by(scenario(name).program, fault);
  };
  expect(74, clause_broken_by("c74-a-drive-with-an-open-file-stays", Fault::ignores_open_files));
  expect(75, clause_broken_by("c75-a-device-name-cancels-that-redirection-only", Fault::cancels_share));
  expect(76, clause_broken_by("c76-a-remote-name-leaves-drives-alone", Fault::cancels_share));
  expect(78, clause_broken_by("c78-a-forced-cancel-does-not-mind-open-files", Fault::ignores_force));
  expect(74, by_router("c74-a-later-provider-does-not-hide-a-drive-in-use", TwinFault::last_provider_answers));
  expect(77, by_router("c77-a-drive-without-any-provider", TwinFault::nobody_is_no_network));
  expect(88, by_router("c88-a-notifyee-hears-before-and-after-a-cancel", TwinFault::no_notification));
  expect(88, by_router("c88-a-notifyee-hears-of-a-cancel-that-fails", TwinFault::no_post));
  BOOST_TEST(std::ranges::equal(broken, kClauses));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rxcheck::mpr
