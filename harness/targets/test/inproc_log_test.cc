// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

#include "harness/core/program_text.h"
#include "harness/explore/access_log.h"
#include "harness/targets/inproc.h"

using namespace rxcheck;

namespace {

constexpr const char* kProgram =
    "rxp 1\nconnection X: \\\\server\\share\n1 connect X:\n2 connect X:\n1 disconnect X: TRUE\n2 list X:\nend\n";

}  // namespace

BOOST_AUTO_TEST_CASE(a_replay_that_is_logged_is_the_run_that_is_not) {
  const std::string folder = RXCHECK_BINARY_DIR "/driver/";
  auto target = make_inproc_target({{folder + "rxrdbss.sys", folder + "rxprobe.sys"}, true, true});
  BOOST_REQUIRE_MESSAGE(target.ok(), (target.ok() ? "" : target.error().text()));
  const auto file = parse_program(kProgram, "test");
  BOOST_REQUIRE(file.ok());
  Plan random;
  random.kind = Plan::Kind::random;
  random.period = 4;
  random.record = true;
  for (random.seed = 1; random.seed <= 5; ++random.seed) {
    RunResult run;
    (*target)->run(file->program, random, run);
    const Schedule schedule = run.schedule;
    BOOST_REQUIRE(!schedule.choices.empty());
    AccessLog log;
    Plan replay = Plan::replaying(schedule);
    RunResult plain;
    RunResult logged;
    (*target)->run(file->program, replay, plain);
    replay.log = &log;
    (*target)->run(file->program, replay, logged);
    BOOST_TEST((logged.history.events == plain.history.events));
    BOOST_TEST(logged.schedule_hash == plain.schedule_hash);
    BOOST_TEST(log.turns().size() == schedule.choices.size());
    const auto holds = [](const LoggedAccess& access) { return access.site != 0 && !access.locks.empty(); };
    BOOST_TEST(std::ranges::any_of(log.accesses(), holds));
  }
}
