// SPDX-License-Identifier: Apache-2.0
//
// One history by hand for every clause about requests: the reference refuses it by that clause, and only by it.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models::test;

namespace {

// A connection with a file and a pending read on it.
struct Reading : HistoryBuilder {
  explicit Reading(bool bare = false) {
    connect(1);
    file = open(1);
    read = pend(OpKind::read, file, bare);
  }
  uint16_t file = 0;
  uint16_t read = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_request)

BOOST_AUTO_TEST_CASE(a_read_that_is_cancelled_ends_by_its_routine) {
  Reading b;
  b.cancel(b.read);
  b.routine(b.read, 1).decide(b.read, status::kCancelled).quiescent();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_read_may_be_answered_while_it_is_cancelled) {
  Reading b;
  const auto answer = b.add(OpKind::complete, b.read);
  b.event(EventKind::call, answer).event(EventKind::lookup, answer, b.read);
  b.cancel(b.read);
  b.decide(b.read, 0).routine(b.read, 1).finish(answer).quiescent();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_bare_read_that_is_cancelled_waits_for_the_server) {
  Reading b(true);
  b.cancel(b.read);
  b.quiescent();
  const auto answer = b.add(OpKind::complete, b.read);
  b.event(EventKind::call, answer).event(EventKind::lookup, answer, b.read).decide(b.read, 0).finish(answer);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c46_setting_a_routine_on_a_cancelled_context_is_refused) {
  Reading b(true);
  b.cancel(b.read);
  b.set(b.read, 1, 0);
  expect_refused(b, 46);
}

BOOST_AUTO_TEST_CASE(c46_a_routine_that_was_refused_is_not_called) {
  Reading b(true);
  b.cancel(b.read);
  b.set(b.read, 1, status::kCancelled).routine(b.read, 1);
  expect_refused(b, 46);
}

BOOST_AUTO_TEST_CASE(c47_setting_a_routine_on_a_live_context_succeeds) {
  Reading b(true);
  b.set(b.read, 1, status::kCancelled);
  expect_refused(b, 47);
}

BOOST_AUTO_TEST_CASE(c47_a_cancel_calls_the_routine) {
  Reading b;
  b.cancel(b.read);
  b.quiescent();
  expect_refused(b, 47);
}

BOOST_AUTO_TEST_CASE(c47_nothing_is_called_without_a_cancel) {
  Reading b;
  b.routine(b.read, 1);
  expect_refused(b, 47);
}

BOOST_AUTO_TEST_CASE(c50_a_cancel_calls_the_routine_that_was_set_last) {
  Reading b;
  b.set(b.read, 2, 0);
  b.cancel(b.read);
  b.routine(b.read, 1);
  expect_refused(b, 50);
}

BOOST_AUTO_TEST_CASE(c50_a_cancel_calls_one_of_old_and_new) {
  Reading b;
  b.set(b.read, 2, 0);
  b.cancel(b.read);
  b.routine(b.read, 2).routine(b.read, 1);
  expect_refused(b, 50);
}

BOOST_AUTO_TEST_CASE(c50_the_new_routine_alone_is_right) {
  Reading b;
  b.set(b.read, 2, 0);
  b.cancel(b.read);
  b.routine(b.read, 2).decide(b.read, status::kCancelled);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c53_a_read_that_the_server_answers_at_once_succeeds) {
  HistoryBuilder b;
  b.connect(1);
  const auto file = b.open(1);
  const auto read = b.add(OpKind::read, file);
  b.history.program.operations.back().sync = true;
  b.begin(read).event(EventKind::submit, read, file).event(EventKind::low_io_read, read).decide(read, 0);
  b.event(EventKind::ret, read, kNoOperation, status::kPending);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c47_a_cancel_is_not_ignored) {
  Reading b;
  b.cancel(b.read, false);
  b.quiescent();
  expect_refused(b, 47);
}

BOOST_AUTO_TEST_CASE(c48_a_request_whose_setter_was_told_of_the_cancel_ends) {
  Reading b(true);
  b.cancel(b.read);
  b.set(b.read, 1, status::kCancelled).quiescent();
  expect_refused(b, 48);
}

BOOST_AUTO_TEST_CASE(c48_a_request_ends_when_its_routine_was_called) {
  Reading b;
  b.cancel(b.read);
  b.routine(b.read, 1).quiescent();
  expect_refused(b, 48);
}

BOOST_AUTO_TEST_CASE(c48_a_setter_does_not_slip_past_a_cancel) {
  Reading b(true);
  b.on(EventKind::set_enter, b.read, 0, 1);
  b.cancel(b.read);
  b.on(EventKind::set, b.read, 0, 1).on(EventKind::set_leave, b.read, 0);
  expect_refused(b, 48);
}

BOOST_AUTO_TEST_CASE(c49_a_routine_is_called_once) {
  Reading b;
  b.cancel(b.read);
  b.routine(b.read, 1).routine(b.read, 1);
  expect_refused(b, 49);
}

BOOST_AUTO_TEST_CASE(c51_a_request_that_was_cancelled_before_is_not_taken_up) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto r = b.add(OpKind::read, f);
  b.event(EventKind::call, r);
  b.cancel(r);
  b.event(EventKind::start, r);
  expect_refused(b, 51);
}

BOOST_AUTO_TEST_CASE(c51_nor_does_it_enter_the_mini_redirector) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto r = b.add(OpKind::read, f);
  b.event(EventKind::call, r);
  b.cancel(r);
  b.event(EventKind::start, r, kNoOperation, status::kCancelled).event(EventKind::low_io_read, r);
  expect_refused(b, 51);
}

BOOST_AUTO_TEST_CASE(c53_a_request_is_decided_once) {
  Reading b;
  b.decide(b.read, 0).on(EventKind::finish, b.read, 0);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_request_is_completed_once) {
  Reading b;
  b.decide(b.read, 0).event(EventKind::completed, b.read);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_request_that_nobody_cancelled_does_not_end_as_cancelled) {
  Reading b;
  b.decide(b.read, status::kCancelled);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_two_answers_cannot_both_have_decided) {
  Reading b;
  for (int i = 0; i < 2; ++i) b.event(EventKind::call, b.add(OpKind::complete, b.read));
  const auto second = static_cast<uint16_t>(b.history.program.operations.size() - 1);
  b.decide(b.read, 0).finish(static_cast<uint16_t>(second - 1)).finish(second);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c54_the_flags_are_there_for_those_who_hold_a_reference) {
  Reading b;
  const auto reference = b.add(OpKind::reference, b.read);
  b.event(EventKind::call, reference).event(EventKind::lookup, reference, b.read).finish(reference);
  b.cancel(b.read);
  b.routine(b.read, 1).decide(b.read, status::kCancelled);
  const auto d = b.add(OpKind::dereference, reference);
  b.event(EventKind::call, d).event(EventKind::dereference, d, b.read, 0, 0);
  expect_refused(b, 54);
}

BOOST_AUTO_TEST_CASE(c62_closing_a_handle_cancels_its_notifications) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  b.pend(OpKind::notify, f);
  const auto c = b.add(OpKind::close, f);
  b.begin(c).event(EventKind::cleanup, c, f).decide(c, 0);
  expect_refused(b, 62);
}

BOOST_AUTO_TEST_CASE(c62_closing_a_handle_calls_the_routine) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto n = b.pend(OpKind::notify, f);
  const auto c = b.add(OpKind::close, f);
  b.begin(c).event(EventKind::cleanup, c, f).on(EventKind::cancel, n).decide(c, 0).quiescent();
  expect_refused(b, 62);
}

BOOST_AUTO_TEST_CASE(c66_several_connects_take_one_reference) {
  HistoryBuilder b;
  b.connect(1);
  b.connect(1, false);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, 0);
  b.close_tree(t, 1);  // without MRxFinalizeVNetRoot
  expect_refused(b, 66);
}

BOOST_AUTO_TEST_CASE(c66_a_second_connect_finds_the_first_one_s_view) {
  HistoryBuilder b;
  b.connect(1);
  b.connect(2);
  expect_refused(b, 66);
}

BOOST_AUTO_TEST_CASE(c66_a_connection_is_listed_until_it_is_deleted) {
  HistoryBuilder b;
  b.connect(1);
  b.list(0, 0);
  expect_refused(b, 66);
}

BOOST_AUTO_TEST_CASE(c71_cancelling_a_connect_request_is_not_implemented) {
  HistoryBuilder b;
  const auto c = b.add_on(OpKind::ce_cancel, 0);
  b.event(EventKind::call, c).finish(c, 0);
  expect_refused(b, 71);
}

BOOST_AUTO_TEST_CASE(c71_it_does_not_disturb_the_connect) {
  HistoryBuilder b;
  const auto c = b.add_on(OpKind::connect, 0);
  b.begin(c).effect(EventKind::create_v_net_root, c, 1).event(EventKind::held, c);
  const auto cancel = b.add_on(OpKind::ce_cancel, 0);
  b.event(EventKind::call, cancel).finish(cancel, status::kNotImplemented);
  b.finish(c, status::kUnsuccessful);
  expect_refused(b, 71);
}

BOOST_AUTO_TEST_CASE(c101_a_routine_that_was_withdrawn_is_not_called) {
  Reading b;
  b.set(b.read, 0, 0);
  b.cancel(b.read);
  b.routine(b.read, 1);
  expect_refused(b, 101);
}

BOOST_AUTO_TEST_CASE(c101_a_routine_that_was_never_set_is_not_called) {
  Reading b;
  b.set(b.read, 0, 0);
  b.cancel(b.read);
  b.routine(b.read, 2);
  expect_refused(b, 101);
}

// Interleavings that a correct driver shows.

BOOST_AUTO_TEST_CASE(an_open_may_revive_a_view_that_nothing_held) {
  HistoryBuilder b;
  const auto f = b.add_on(OpKind::open, 0);
  b.begin(f).effect(EventKind::create_v_net_root, f, 1).effect(EventKind::open, f, 1).finish(f, 0, 1);
  const auto racing = b.add_on(OpKind::open, 0);
  b.begin(racing);
  b.close_file(f, 1);
  b.list(0, 1);
  b.effect(EventKind::open, racing, 1).finish(racing, 0, 1);
  b.list(0, 1);
  b.open(1);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(an_open_under_way_may_land_on_a_view_that_was_just_deleted) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto f = b.add_on(OpKind::open, 0);
  b.begin(f);
  b.finalize(t, 1, Level::forced, 0);
  b.connect(2);
  b.effect(EventKind::open, f, 1).finish(f, 0, 1);
  b.close_file(f, 1);
  b.close_tree(t, 1, true);
  b.list(0, 2);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_connect_that_was_cancelled_takes_nothing) {
  HistoryBuilder b;
  const auto c = b.add_on(OpKind::connect, 0);
  b.history.program.operations[c].asynchronous = true;
  b.begin(c).effect(EventKind::create_v_net_root, c, 1).event(EventKind::held, c);
  b.event(EventKind::ret, c, kNoOperation, status::kPending);
  b.cancel(c);
  b.quiescent().event(EventKind::released, c).finalize_view(1).decide(c, status::kCancelled);
  b.list(0, 0);
  b.end();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_delete_may_still_count_a_notification_that_is_decided_meanwhile) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto n = b.pend(OpKind::notify, t);
  const auto answer = b.add(OpKind::complete, n);
  b.event(EventKind::call, answer).event(EventKind::lookup, answer, n);
  const auto d = b.add(OpKind::finalize, t);
  b.begin(d).decide(n, 0).effect(EventKind::finalize, d, 1).finish(d, status::kFilesOpen).finish(answer);
  b.list(0, 1);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(the_state_of_a_refusal_is_abstract) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  b.finalize(b.tree(1), 1, Level::not_forced, 0);
  const auto refusal = models::Reference().judge(b.history);
  BOOST_TEST(refusal->state == "view live add_ref=1 busy=file tree");
  BOOST_TEST(refusal->observed == "SUCCESS");
  BOOST_TEST(refusal->operation == 3);
}

BOOST_AUTO_TEST_SUITE_END()
