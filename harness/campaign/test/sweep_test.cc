// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/sweep.h"

#include <boost/test/unit_test.hpp>

#include "harness/targets/inproc.h"

using namespace rxcheck;

namespace {

Program reading() {
  const auto file = parse_program(
      "rxp 1\nconnection X: \\\\server\\share\n1 connect X:\n1 open X: \\a -> f1\n1 read f1 -> r1\nend\n", "test");
  BOOST_REQUIRE(file.ok());
  return file->program;
}

std::unique_ptr<InprocTarget> target_with(const std::string& mutant = "") {
  InprocOptions options;
  const std::string folder = RXCHECK_BINARY_DIR "/driver/" + mutant;
  options.drivers = {folder + "/rxrdbss.sys", folder + "/rxprobe.sys"};
  auto target = make_inproc_target(options);
  BOOST_REQUIRE_MESSAGE(target.ok(), (target.ok() ? "" : target.error().text()));
  return std::move(*target);
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_allocation_is_refused_once_and_the_shipped_drivers_bear_it) {
  auto target = target_with();
  Judge judge;
  const Swept swept = refuse_each_allocation(*target, judge, reading());
  BOOST_TEST((swept.verdict == Verdict::clean));
  BOOST_TEST(swept.runs >= 10);  // five for the connection, five for the open and its handle, two for the read
}

BOOST_AUTO_TEST_CASE(a_driver_that_does_not_bear_it_is_found) {
  auto target = target_with("mutants/D11");
  Judge judge;
  const Swept swept = refuse_each_allocation(*target, judge, reading());
  BOOST_REQUIRE(swept.divergence);
  BOOST_TEST(swept.divergence->clause == "hang");
  BOOST_TEST(swept.file.program.low_memory == 1);
}

BOOST_AUTO_TEST_CASE(a_request_is_cancelled_at_every_point_of_its_life) {
  auto target = target_with();
  Judge judge;
  BOOST_TEST(with_a_cancel(reading()).size() == 1);
  const Swept swept = cancel_everywhere(*target, judge, reading());
  BOOST_TEST((swept.verdict == Verdict::clean));
  BOOST_TEST(swept.runs > 20);
}

BOOST_AUTO_TEST_CASE(a_cancel_that_is_lost_at_one_point_is_found) {
  auto target = target_with("mutants/D15");
  Judge judge;
  const Swept swept = cancel_everywhere(*target, judge, reading());
  BOOST_REQUIRE(swept.divergence);
  BOOST_TEST(swept.divergence->clause == "C48");
}
