// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/behaviour_sample.h"

#include <boost/test/unit_test.hpp>
#include <cmath>

#include "harness/campaign/behaviours.h"
#include "harness/core/random.h"

namespace rxcheck {
namespace {

using Hashes = std::vector<uint64_t>;

Event event(EventKind kind, uint16_t operation, uint32_t status = 0, uint16_t target = kNoOperation) {
  Event made;
  made.kind = kind;
  made.operation = operation;
  made.status = status;
  made.target = target;
  return made;
}

// A read and a cancel of it.
History read_and_cancel() {
  History history;
  history.program.operations.resize(2);
  history.program.operations[0].kind = OpKind::read;
  history.program.operations[1].kind = OpKind::cancel;
  history.events = {event(EventKind::call, 0), event(EventKind::call, 1), event(EventKind::cancel, 1, 0, 0),
                    event(EventKind::finish, 0)};
  return history;
}

Hashes lives_of(const History& history) {
  Hashes lives;
  behaviours_of(history, lives);
  return lives;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(behaviour_suite)

BOOST_AUTO_TEST_CASE(an_operation_lives_another_life_if_another_cancels_it_at_another_time_or_with_another_status) {
  const Hashes lives = lives_of(read_and_cancel());
  BOOST_REQUIRE(lives.size() == 2U);
  History late = read_and_cancel();
  std::swap(late.events[2], late.events[3]);
  BOOST_TEST(lives_of(late)[0] != lives[0]);
  BOOST_TEST(lives_of(late)[1] == lives[1]);
  History failed = read_and_cancel();
  failed.events[3].status = 0xc0000120;
  BOOST_TEST(lives_of(failed)[0] != lives[0]);
}

BOOST_AUTO_TEST_CASE(what_others_do_beside_it_and_which_operation_and_view_it_was_make_no_other_life) {
  const Hashes lives = lives_of(read_and_cancel());
  History beside = read_and_cancel();
  beside.program.operations.insert(beside.program.operations.begin(), Operation{});
  for (Event& each : beside.events) {
    ++each.operation;
    if (each.target != kNoOperation) ++each.target;
    each.value = 7;
  }
  beside.events.insert(beside.events.begin() + 2, event(EventKind::call, 0));
  const Hashes shifted = lives_of(beside);
  BOOST_TEST(shifted[1] == lives[0]);
  BOOST_TEST(shifted[2] == lives[1]);
}

BOOST_AUTO_TEST_CASE(a_sample_counts_in_how_many_trials_a_behaviour_was_met) {
  BehaviourSample sample;
  sample.add(10, Hashes{1, 2, 1});
  sample.add(11, Hashes{1});
  sample.add(12, Hashes{3});
  sample.add(12, Hashes{3, 4});  // the same trial goes on
  const Discovery met = sample.discovery();
  BOOST_TEST(met.trials == 3U);
  BOOST_TEST(met.distinct == 4U);
  BOOST_TEST(met.once == 3U);
  BOOST_TEST(met.twice == 1U);
  BOOST_TEST(met.trials_with_a_new == 2U);
  BOOST_TEST(sample.curve(10) == (Hashes{2, 2, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_sample_has_met_nothing) {
  const BehaviourSample sample;
  BOOST_TEST(sample.discovery().distinct == 0U);
  BOOST_TEST(sample.curve(0).empty());
  BOOST_TEST(sample.entries().empty());
}

BOOST_AUTO_TEST_CASE(a_full_sample_is_thinned_and_its_estimates_stay_near_the_truth) {
  BehaviourSample small(1024), large;
  for (uint64_t trial = 0; trial < 20'000; ++trial) {
    // Every third behaviour is met by two trials.
    const Hashes shown{mix64(trial * 2 + 1), mix64(2 * (trial % 3 == 0 ? trial - trial % 2 * 3 : trial))};
    small.add(trial, shown);
    large.add(trial, shown);
  }
  const Discovery truth = large.discovery(), estimate = small.discovery();
  BOOST_TEST(large.thinned() == 0U);
  BOOST_TEST(small.thinned() == 6U);
  BOOST_TEST(small.entries().size() <= 1024U);
  const auto near = [](uint64_t a, uint64_t b) {
    return std::abs(static_cast<double>(a) / static_cast<double>(b) - 1) < 0.15;
  };
  BOOST_TEST(near(estimate.distinct, truth.distinct));
  BOOST_TEST(near(estimate.once, truth.once));
  BOOST_TEST(near(estimate.twice, truth.twice));
  BOOST_TEST(near(small.curve(0)[13], large.curve(0)[13]));
  BOOST_TEST(estimate.trials == truth.trials);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
