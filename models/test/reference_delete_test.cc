// SPDX-License-Identifier: Apache-2.0
//
// One history by hand for every clause about deleting: the reference refuses it by that clause, and only by it.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models::test;

namespace {

constexpr uint32_t kBusy = status::kFilesOpen;

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_delete)

BOOST_AUTO_TEST_CASE(a_connection_that_is_made_used_and_deleted_is_accepted) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, kBusy);
  b.close_file(f, 1);
  b.list(0, 1);
  b.finalize(t, 1, Level::not_forced, 0);
  b.close_tree(t, 1, true);
  b.list(0, 0);
  b.quiescent().end();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c1_an_idle_view_is_deleted_without_force) {
  HistoryBuilder b;
  b.connect(1);
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  expect_refused(b, 1);
}

BOOST_AUTO_TEST_CASE(c1_a_view_that_was_deleted_is_not_listed_after_its_last_handle) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, 0);
  const auto other = b.add_on(OpKind::tree, 0);  // keeps the view from being overdue
  b.begin(other);
  b.close_tree(t, 1);
  b.list(0, 1);
  expect_refused(b, 1);
}

BOOST_AUTO_TEST_CASE(c2_an_open_file_makes_a_delete_without_force_fail) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  b.finalize(b.tree(1), 1, Level::not_forced, 0);
  expect_refused(b, 2);
}

BOOST_AUTO_TEST_CASE(c3_the_busy_status_does_not_change_between_steady_deletes) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, kBusy);
  b.finalize(t, 1, Level::not_forced, status::kConnectionInUse);
  expect_refused(b, 3);
}

BOOST_AUTO_TEST_CASE(c3_connection_in_use_throughout_is_a_choice_that_drivers_have) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto t = b.tree(1);
  for (int i = 0; i < 2; ++i) b.finalize(t, 1, Level::drop_reference, status::kConnectionInUse);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c3_says_nothing_while_an_open_is_in_flight) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, kBusy);
  b.begin(b.add_on(OpKind::open, 0));
  b.finalize(t, 1, Level::not_forced, status::kConnectionInUse);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c4_a_connection_is_still_listed_after_a_delete_that_failed) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  b.list(0, 0);
  expect_refused(b, 4);
}

BOOST_AUTO_TEST_CASE(c4_a_handle_works_after_a_delete_that_failed) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  const auto w = b.add(OpKind::write, f);
  b.begin(w).event(EventKind::submit, w, f, status::kUnexpectedNetworkError, 1);
  expect_refused(b, 4);
}

BOOST_AUTO_TEST_CASE(c5_a_pending_notification_makes_a_delete_without_force_fail) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.pend(OpKind::notify, t);
  b.finalize(t, 1, Level::not_forced, 0);
  expect_refused(b, 5);
}

BOOST_AUTO_TEST_CASE(c6_so_does_a_notification_without_a_routine) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.pend(OpKind::notify, t, true);
  b.finalize(t, 1, Level::not_forced, 0);
  expect_refused(b, 6);
}

BOOST_AUTO_TEST_CASE(c11_the_reference_is_not_dropped_twice) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, 0);
  b.finalize_view(1);  // under the caller's handle, after the delete
  expect_refused(b, 11);
}

BOOST_AUTO_TEST_CASE(c11_two_deletes_drop_it_once) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.tree(1);
  b.finalize(t, 1, Level::forced, 0);
  b.finalize(t, 1, Level::not_forced, 0);
  b.close_tree(t, 1, true);  // under the other handle
  expect_refused(b, 11);
}

BOOST_AUTO_TEST_CASE(c11_the_reference_is_dropped) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, 0);
  b.close_tree(t, 1);  // without MRxFinalizeVNetRoot
  expect_refused(b, 11);
}

BOOST_AUTO_TEST_CASE(c12_a_busy_delete_keeps_the_reference) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, kBusy);
  b.close_file(f, 1);
  b.close_tree(t, 1);
  b.list(0, 0);
  expect_refused(b, 12);
}

BOOST_AUTO_TEST_CASE(c15_a_forced_delete_succeeds) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  b.finalize(b.tree(1), 1, Level::forced, kBusy);
  expect_refused(b, 15);
}

BOOST_AUTO_TEST_CASE(c16_files_are_orphaned_by_a_forced_delete) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  b.finalize(b.tree(1), 1, Level::forced, 0);
  const auto w = b.add(OpKind::write, f);
  b.begin(w).event(EventKind::submit, w, f).event(EventKind::low_io_write, w).finish(w);
  expect_refused(b, 16);
}

BOOST_AUTO_TEST_CASE(c16_orphans_do_not_make_a_delete_fail) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::forced, 0);
  b.finalize(t, 1, Level::not_forced, kBusy);
  expect_refused(b, 16);
}

BOOST_AUTO_TEST_CASE(c17_io_on_an_orphan_does_not_reach_the_mini_redirector) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  b.finalize(b.tree(1), 1, Level::forced, 0);
  const auto w = b.add(OpKind::write, f);
  b.begin(w).event(EventKind::submit, w, f, status::kUnexpectedNetworkError).event(EventKind::low_io_write, w);
  b.finish(w, status::kUnexpectedNetworkError);
  expect_refused(b, 17);
}

BOOST_AUTO_TEST_CASE(c18_an_orphan_closes_without_error) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  b.finalize(b.tree(1), 1, Level::forced, 0);
  const auto c = b.add(OpKind::close, f);
  b.begin(c).event(EventKind::cleanup, c, f).decide(c, status::kFileClosed);
  expect_refused(b, 18);
}

BOOST_AUTO_TEST_CASE(c18_a_handle_is_freed_once) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  b.event(EventKind::close, b.close_file(f, 1), f, 0, 1);
  expect_refused(b, 18);
}

BOOST_AUTO_TEST_CASE(c19_a_forced_delete_cancels_notifications) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.pend(OpKind::notify, t);
  b.finalize(t, 1, Level::forced, 0);
  expect_refused(b, 19);
}

BOOST_AUTO_TEST_CASE(c19_a_forced_delete_calls_the_routine) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto n = b.pend(OpKind::notify, t);
  const auto d = b.add(OpKind::finalize, t, Level::forced);
  b.begin(d).effect(EventKind::finalize, d, 1).on(EventKind::cancel, n).finish(d).quiescent();
  expect_refused(b, 19);
}

BOOST_AUTO_TEST_CASE(c20_a_forced_delete_leaves_other_views_alone) {
  HistoryBuilder b;
  b.connect(1);
  b.connect(2, true, 1);
  const auto other = b.pend(OpKind::notify, b.tree(2, 1));
  const auto t = b.tree(1);
  const auto d = b.add(OpKind::finalize, t, Level::forced);
  b.begin(d).effect(EventKind::finalize, d, 1).on(EventKind::cancel, other);
  expect_refused(b, 20);
}

BOOST_AUTO_TEST_CASE(c22_a_forced_delete_cancels_reads) {
  HistoryBuilder b;
  b.connect(1);
  b.pend(OpKind::read, b.open(1));
  b.finalize(b.tree(1), 1, Level::forced, 0);
  expect_refused(b, 22);
}

BOOST_AUTO_TEST_CASE(c22_deletes_that_fail_cancel_always_or_never) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto t = b.tree(1);
  const auto r = b.pend(OpKind::read, f);
  const auto d = b.add(OpKind::finalize, t);
  b.begin(d).effect(EventKind::finalize, d, 1).on(EventKind::cancel, r).routine(r, 1).decide(r, status::kCancelled);
  b.finish(d, kBusy);
  expect_accepted(b);
  b.pend(OpKind::read, f);
  b.finalize(t, 1, Level::not_forced, kBusy);
  expect_refused(b, 22);
}

BOOST_AUTO_TEST_CASE(c5_a_notification_stays_pending_under_a_delete_that_fails) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto n = b.pend(OpKind::notify, t);
  b.finalize(t, 1, Level::not_forced, kBusy);
  const auto d = b.add(OpKind::finalize, t);
  b.begin(d).effect(EventKind::finalize, d, 1).on(EventKind::cancel, n);
  expect_refused(b, 5);
}

BOOST_AUTO_TEST_CASE(c23_the_name_does_not_lead_to_a_view_that_was_deleted_by_force) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  b.finalize(b.tree(1), 1, Level::forced, 0);
  b.open(1);
  expect_refused(b, 23);
}

BOOST_AUTO_TEST_CASE(c24_a_view_is_not_freed_under_an_orphan) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::forced, 0);
  b.close_tree(t, 1, true);
  expect_refused(b, 24);
}

BOOST_AUTO_TEST_CASE(c24_a_view_is_freed_once) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::forced, 0);
  b.close_tree(t, 1, true);
  b.finalize_view(1);
  expect_refused(b, 24);
}

BOOST_AUTO_TEST_CASE(c28_an_open_file_makes_a_delete_with_0xff_fail) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  b.finalize(b.tree(1), 1, Level::drop_reference, 0);
  expect_refused(b, 28);
}

BOOST_AUTO_TEST_CASE(c29_a_busy_delete_with_0xff_drops_the_reference) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::drop_reference, kBusy);
  b.close_tree(t, 1);
  b.close_file(f, 1);  // without MRxFinalizeVNetRoot
  expect_refused(b, 29);
}

BOOST_AUTO_TEST_CASE(c30_a_pending_notification_makes_a_delete_with_0xff_fail) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.pend(OpKind::notify, t);
  b.finalize(t, 1, Level::drop_reference, 0);
  expect_refused(b, 30);
}

BOOST_AUTO_TEST_CASE(c31_a_second_delete_with_0xff_drops_nothing) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::drop_reference, kBusy);
  b.finalize(t, 1, Level::drop_reference, kBusy);
  b.close_tree(t, 1, true);  // the file is still open
  expect_refused(b, 31);
}

BOOST_AUTO_TEST_CASE(c36_the_name_goes_at_the_same_moment_each_time) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, 0);
  b.list(0, 1);  // it goes with the handle
  b.close_tree(t, 1, true);
  b.connect(2);
  b.finalize(b.tree(2), 2, Level::not_forced, 0);
  b.list(0, 0);  // it is gone at once
  expect_refused(b, 36);
}

BOOST_AUTO_TEST_CASE(c36_either_moment_is_accepted) {
  for (const uint32_t listed : {0u, 1u}) {
    HistoryBuilder b;
    b.connect(1);
    const auto t = b.tree(1);
    b.finalize(t, 1, Level::not_forced, 0);
    b.list(0, listed);
    b.close_tree(t, 1, true);
    b.list(0, 0);
    expect_accepted(b);
  }
}

BOOST_AUTO_TEST_CASE(c70_deleting_what_does_not_exist_finds_nothing) {
  HistoryBuilder b;
  const auto d = b.add_on(OpKind::disconnect, 0);
  b.begin(d).event(EventKind::missing, d).finish(d, 0);
  expect_refused(b, 70);
}

BOOST_AUTO_TEST_SUITE_END()
