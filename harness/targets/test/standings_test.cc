// SPDX-License-Identifier: Apache-2.0
//
// Where operations stand, as the environment is told of it. The operations are those of a program by hand: 0 opens, 1
// uses what it opened.
#include "harness/targets/standings.h"

#include <boost/test/unit_test.hpp>

#include "harness/core/status.h"

namespace rxcheck {
namespace {

Operation operation(OpKind kind, int32_t slot = kNoSlot) {
  Operation op;
  op.kind = kind;
  op.slot = slot;
  return op;
}

Operation asynchronous(OpKind kind) {
  Operation op = operation(kind);
  op.asynchronous = true;
  return op;
}

struct Two {
  Two() { standings.reset(2); }
  Standings standings;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(standings_suite, Two)

BOOST_AUTO_TEST_CASE(a_handle_is_gone_as_soon_as_its_close_is_called) {
  standings.returned(operation(OpKind::open), 0, 0);
  BOOST_TEST(standings[0].produced);
  standings.called(operation(OpKind::read, 0), 1);
  BOOST_TEST(!standings[0].consumed);
  standings.called(operation(OpKind::close, 0), 1);
  BOOST_TEST(standings[0].consumed);
}

BOOST_AUTO_TEST_CASE(what_fails_produces_nothing) {
  standings.returned(operation(OpKind::open), 0, status::kCancelled);
  BOOST_TEST(standings[0].returned);
  BOOST_TEST(!standings[0].produced);
}

BOOST_AUTO_TEST_CASE(a_request_is_there_once_it_is_sent_and_a_return_adds_none) {
  standings.returned(asynchronous(OpKind::connect), 0, 0);
  BOOST_TEST(!standings[0].produced);
  standings.sent(operation(OpKind::open), 0);
  BOOST_TEST(!standings[0].produced);
  standings.sent(asynchronous(OpKind::connect), 0);
  BOOST_TEST(standings[0].produced);
}

BOOST_AUTO_TEST_CASE(the_status_is_the_completions_if_nobody_waits_for_it_and_else_the_returns) {
  standings.returned(asynchronous(OpKind::connect), 0, status::kPending);
  standings.completed(asynchronous(OpKind::connect), 0, status::kCancelled);
  BOOST_TEST(standings[0].status == status::kCancelled);
  standings.completed(operation(OpKind::list), 1, 0);
  standings.returned(operation(OpKind::list), 1, status::kNotFound);
  BOOST_TEST(standings[1].status == status::kNotFound);
}

BOOST_AUTO_TEST_CASE(who_releases_lifts_the_hold_of_the_connect_that_the_event_names) {
  BOOST_TEST(standings.told(EventKind::held, 0, kNoOperation) == 0);
  BOOST_TEST(standings[0].held);
  BOOST_TEST(standings.told(EventKind::released, 1, 0) == 0);
  BOOST_TEST(!standings[0].held);
  BOOST_TEST(standings[0].holds == 1u);
}

BOOST_AUTO_TEST_CASE(a_release_that_names_nobody_is_the_releasers_own) {
  standings.told(EventKind::held, 1, kNoOperation);
  BOOST_TEST(standings.told(EventKind::released, 1, kNoOperation) == 1);
  BOOST_TEST(!standings[1].held);
}

BOOST_AUTO_TEST_CASE(a_hold_is_lifted_whoever_releases_it) {
  standings.told(EventKind::held, 0, kNoOperation);
  BOOST_TEST(standings.told(EventKind::released, kNoOperation, 0) == 0);
  BOOST_TEST(!standings[0].held);
}

BOOST_AUTO_TEST_CASE(events_of_nobody_and_other_events_change_nothing) {
  BOOST_TEST(standings.told(EventKind::held, kNoOperation, kNoOperation) == kNoOperation);
  BOOST_TEST(standings.told(EventKind::released, kNoOperation, 2) == kNoOperation);
  BOOST_TEST(standings.told(EventKind::call, 0, kNoOperation) == kNoOperation);
  BOOST_TEST(!standings[0].held);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_over_is_not_held_any_more) {
  standings.told(EventKind::held, 0, kNoOperation);
  standings.completed(asynchronous(OpKind::connect), 0, status::kCancelled);
  BOOST_TEST(!standings[0].held);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
