// SPDX-License-Identifier: Apache-2.0
//
// Histories by hand for the clauses about ways of deleting: those of real mini-redirectors, levels, deletes that wait
// or are cancelled, and the routines below RxFinalizeConnection.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models::test;

namespace {

constexpr uint32_t kBusy = status::kFilesOpen;

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_delete_path)

BOOST_AUTO_TEST_CASE(c70_each_way_of_deleting_has_its_own_choice) {
  HistoryBuilder b;
  const auto own = b.add_on(OpKind::disconnect, 0);
  b.begin(own).event(EventKind::missing, own).finish(own, status::kBadNetworkPath);
  const auto nfs = b.disconnect_like_nfs41(1, true, false);
  b.effect(EventKind::tree_close, nfs, 1).finalize_view(1).finish(nfs);
  b.list(0, 0);
  expect_accepted(b);
  const auto again = b.add_on(OpKind::disconnect, 0, Level::forced);
  b.history.program.operations.back().redirector = Redirector::nfs41;
  b.begin(again).event(EventKind::missing, again).finish(again, status::kBadNetworkPath);
  expect_refused(b, 70);
}

BOOST_AUTO_TEST_CASE(c2_a_delete_with_its_own_test_sees_an_open_file) {
  HistoryBuilder b;
  b.connect(1);
  b.open(1);
  const auto d = b.disconnect_like_nfs41(1, false, false);
  b.effect(EventKind::tree_close, d, 1).finish(d);
  expect_refused(b, 2);
}

BOOST_AUTO_TEST_CASE(c1_a_delete_with_its_own_test_succeeds_when_no_file_of_the_share_is_open) {
  HistoryBuilder b;
  b.connect(1);
  b.connect(2, true, 1);
  b.open(2, 1);  // of another share
  const auto d = b.disconnect_like_nfs41(1, false, true);
  b.effect(EventKind::tree_close, d, 1).finish(d, kBusy);
  expect_refused(b, 1);
}

BOOST_AUTO_TEST_CASE(a_delete_with_its_own_test_is_busy_by_files_of_another_view_and_leaves_nothing) {
  HistoryBuilder b;
  b.history.program.connections[1].remote = b.history.program.connections[0].remote;
  b.connect(1, true, 1);
  b.open(1, 1);
  const auto d = b.disconnect_like_nfs41(2, true, true);
  b.effect(EventKind::tree_close, d, 2).finalize_view(2).finish(d, kBusy);
  b.list(0, 0);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c25_the_callouts_of_a_forced_delete_are_not_forced) {
  for (const EventKind kind : {EventKind::finalize_v_net_root, EventKind::finalize_net_root}) {
    HistoryBuilder b;
    b.effect(EventKind::create_net_root, b.connect(1), 1);
    const auto t = b.tree(1);
    b.finalize(t, 1, Level::forced, 0);
    const auto c = b.add(OpKind::close, t);
    b.begin(c).event(EventKind::cleanup, c, t).decide(c, 0);
    b.event(EventKind::start, c).effect(EventKind::tree_close, c, 1);
    b.event(EventKind::finalize_v_net_root, c, kNoOperation, kind == EventKind::finalize_v_net_root, 1);
    b.event(EventKind::finalize_net_root, c, kNoOperation, kind == EventKind::finalize_net_root, 1);
    b.finish(c);
    expect_refused(b, 25);
  }
}

BOOST_AUTO_TEST_CASE(c26_the_order_of_the_callouts_does_not_change) {
  HistoryBuilder b;
  for (const uint32_t serial : {1u, 2u}) {
    b.effect(EventKind::create_net_root, b.connect(serial), serial);
    const auto t = b.tree(serial);
    b.finalize(t, serial, Level::not_forced, 0);
    if (serial == 1) b.effect(EventKind::finalize_net_root, kNoOperation, serial);
    b.close_tree(t, serial, true);
    if (serial == 1) expect_accepted(b);
    if (serial == 2) b.effect(EventKind::finalize_net_root, kNoOperation, serial);
  }
  expect_refused(b, 26);
}

BOOST_AUTO_TEST_CASE(c26_a_share_is_told_once_that_it_ends) {
  HistoryBuilder b;
  b.effect(EventKind::create_net_root, b.connect(1), 1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, 0);
  b.close_tree(t, 1, true);
  b.effect(EventKind::finalize_net_root, kNoOperation, 1);
  expect_accepted(b);
  b.effect(EventKind::finalize_net_root, kNoOperation, 1);
  expect_refused(b, 26);
}

BOOST_AUTO_TEST_CASE(c53_taking_a_share_away_cancels_nothing_on_another) {
  HistoryBuilder b;
  b.connect(1);
  b.connect(2, true, 1);
  const auto request = b.pend(OpKind::read, b.open(2, 1));
  const auto all = b.add_on(OpKind::force_all, 0);
  b.begin(all).effect(EventKind::tree, all, 1).effect(EventKind::orphan, all, 1);
  b.event(EventKind::cancel, all, request);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c27_another_level_is_not_forced_or_always_refused) {
  HistoryBuilder forced;
  forced.connect(1);
  forced.open(1);
  forced.finalize(forced.tree(1), 1, Level::other, 0);
  expect_refused(forced, 27);

  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::other, kBusy);
  b.close_file(f, 1);
  expect_accepted(b);
  b.finalize(t, 1, Level::other, status::kInvalidParameter);
  expect_refused(b, 27);

  HistoryBuilder refusing;
  refusing.connect(1);
  const auto op = refusing.add(OpKind::finalize, refusing.tree(1), Level::other);
  refusing.begin(op).finish(op, status::kInvalidParameter);
  refusing.list(0, 1);
  expect_accepted(refusing);
}

BOOST_AUTO_TEST_CASE(c32_a_delete_does_not_find_what_0xff_let_go) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = b.open(1);
  const auto d = b.add_on(OpKind::disconnect, 0, Level::drop_reference);
  b.begin(d).effect(EventKind::tree, d, 1).effect(EventKind::finalize, d, 1).effect(EventKind::tree_close, d, 1);
  b.finish(d, kBusy);
  const auto c = b.add(OpKind::close, f);
  b.begin(c).event(EventKind::cleanup, c, f).decide(c, 0);
  b.event(EventKind::start, c).event(EventKind::close, c, f, 0, 1).finalize_view(1).finish(c);
  const auto again = b.add_on(OpKind::disconnect, 0);
  b.begin(again).effect(EventKind::tree, again, 1).effect(EventKind::finalize, again, 1);
  b.effect(EventKind::tree_close, again, 1).finish(again);
  expect_refused(b, 32);
}

BOOST_AUTO_TEST_CASE(c34_deletes_at_the_same_time_drop_the_reference_once) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  b.tree(1);
  const auto one = b.add(OpKind::finalize, t, Level::not_forced);
  const auto two = b.add(OpKind::finalize, t, Level::not_forced);
  b.begin(one).begin(two).effect(EventKind::finalize, one, 1).effect(EventKind::finalize, two, 1);
  b.finish(one).finish(two);
  expect_accepted(b);
  b.close_tree(t, 1, true);  // under the other handle
  expect_refused(b, 34);
}

BOOST_AUTO_TEST_CASE(c35_a_delete_does_not_free_the_view_under_its_own_handle) {
  HistoryBuilder b;
  b.connect(1);
  const auto d = b.add(OpKind::finalize, b.tree(1), Level::forced);
  b.begin(d).effect(EventKind::finalize, d, 1);
  b.effect(EventKind::finalize_v_net_root, d, 1);
  b.finish(d);
  expect_refused(b, 35);
}

BOOST_AUTO_TEST_CASE(c1_a_delete_that_looks_for_itself_finds_only_what_is_open) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto f = b.open(1);
  const auto busy = b.add(OpKind::finalize, t, Level::not_forced);
  b.begin(busy).finish(busy, kBusy);
  b.close_file(f, 1);
  expect_accepted(b);
  const auto again = b.add(OpKind::finalize, t, Level::not_forced);
  b.begin(again).finish(again, kBusy);
  expect_refused(b, 1);
}

BOOST_AUTO_TEST_CASE(c39_only_a_cancelled_delete_answers_cancelled) {
  HistoryBuilder b;
  b.connect(1);
  const auto d = b.add(OpKind::finalize, b.tree(1), Level::not_forced);
  b.begin(d).finish(d, status::kCancelled);
  expect_refused(b, 39);
}

BOOST_AUTO_TEST_CASE(c39_a_delete_that_took_effect_does_not_answer_cancelled) {
  for (const Level level : {Level::not_forced, Level::forced}) {
    HistoryBuilder b;
    b.connect(1);
    const auto d = b.add(OpKind::finalize, b.tree(1), level);
    b.history.program.operations.back().asynchronous = true;
    b.begin(d).effect(EventKind::finalize, d, 1);
    b.cancel(d);
    b.decide(d, status::kCancelled).event(EventKind::ret, d, kNoOperation, status::kPending);
    expect_refused(b, 39);
  }
}

BOOST_AUTO_TEST_CASE(c39_only_a_delete_that_may_not_wait_answers_lock_not_granted) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto d = b.add(OpKind::finalize, t, Level::forced);
  b.history.program.operations.back().nowait = true;
  b.begin(d).finish(d, status::kLockNotGranted);
  b.list(0, 1);
  expect_accepted(b);
  const auto waits = b.add(OpKind::finalize, t, Level::forced);
  b.begin(waits).finish(waits, status::kLockNotGranted);
  expect_refused(b, 39);
}

BOOST_AUTO_TEST_CASE(c39_a_delete_that_was_cancelled_changed_nothing) {
  HistoryBuilder b;
  b.connect(1);
  const auto d = b.add(OpKind::finalize, b.tree(1), Level::forced);
  b.history.program.operations.back().asynchronous = true;
  b.begin(d);
  b.cancel(d);
  b.decide(d, status::kCancelled).event(EventKind::ret, d, kNoOperation, status::kPending);
  expect_accepted(b);
  b.list(0, 0);
  expect_refused(b, 39);
}

BOOST_AUTO_TEST_CASE(c40_a_forced_delete_waits_for_an_open_in_progress) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto f = b.held_open(1);
  const auto d = b.add(OpKind::finalize, t, Level::forced);
  b.begin(d).quiescent();
  HistoryBuilder wrong = b;
  b.released(f).finish(f, 0, 1).effect(EventKind::finalize, d, 1).finish(d);
  expect_accepted(b);
  wrong.effect(EventKind::finalize, d, 1).finish(d);
  expect_refused(wrong, 40);
}

BOOST_AUTO_TEST_CASE(c40_a_delete_without_force_always_waits_or_always_fails) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto f = b.held_open(1);
  b.finalize(t, 1, Level::not_forced, kBusy);
  expect_accepted(b);  // variant fails-rather-than-waits
  const auto d = b.add(OpKind::finalize, t, Level::not_forced);
  b.begin(d).quiescent().released(f).finish(f, 0, 1).effect(EventKind::finalize, d, 1).finish(d, kBusy);
  expect_refused(b, 40);
}

BOOST_AUTO_TEST_CASE(c43_every_view_of_the_share_goes) {
  HistoryBuilder b;
  b.history.program.connections[1].remote = b.history.program.connections[0].remote;
  b.connect(1);
  b.connect(2, true, 1);
  const auto all = b.add_on(OpKind::force_all, 0);
  b.begin(all).effect(EventKind::tree, all, 1).effect(EventKind::orphan, all, 1);
  HistoryBuilder wrong = b;
  b.effect(EventKind::orphan, all, 2).finalize_view(2);
  b.effect(EventKind::tree_close, all, 1).finalize_view(1).finish(all);
  b.list(0, 0);
  b.list(1, 0);
  expect_accepted(b);
  wrong.effect(EventKind::tree_close, all, 1).finalize_view(1).finish(all);
  expect_refused(wrong, 43);
}

BOOST_AUTO_TEST_CASE(c43_whether_it_cancels_does_not_change) {
  HistoryBuilder b;
  for (const uint32_t serial : {1u, 2u}) {
    b.connect(serial);
    const auto t = b.tree(serial);
    const auto n = b.pend(OpKind::notify, t);
    const auto all = b.add_on(OpKind::force_all, 0);
    b.begin(all).effect(EventKind::tree, all, serial).effect(EventKind::orphan, all, serial);
    if (serial == 2) b.event(EventKind::cancel, all, n).routine(n, 1).decide(n, status::kCancelled);
    b.effect(EventKind::tree_close, all, serial).finish(all);
    if (serial == 1) expect_accepted(b);
  }
  expect_refused(b, 43);
}

BOOST_AUTO_TEST_CASE(c44_finalizing_a_held_view_without_force_returns_false) {
  HistoryBuilder b;
  b.connect(1);
  const auto op = b.add(OpKind::finalize_view, b.tree(1));
  b.begin(op).finish(op, 0, 1);
  expect_refused(b, 44);
}

BOOST_AUTO_TEST_CASE(c44_finalizing_a_held_view_without_force_changes_nothing) {
  HistoryBuilder b;
  b.connect(1);
  const auto op = b.add(OpKind::finalize_view, b.tree(1));
  b.begin(op).finish(op);
  expect_accepted(b);
  b.list(0, 0);
  expect_refused(b, 44);
}

BOOST_AUTO_TEST_CASE(c45_a_held_share_is_not_finalized) {
  HistoryBuilder b;
  b.connect(1);
  const auto op = b.add(OpKind::finalize_root, b.tree(1));
  b.begin(op).finish(op, 0, 1);
  expect_refused(b, 45);
}

BOOST_AUTO_TEST_CASE(c45_a_later_attempt_is_not_refused) {
  HistoryBuilder b;
  b.effect(EventKind::create_net_root, b.connect(1), 1);
  const auto t = b.tree(1);
  const auto op = b.add(OpKind::finalize_root, t);
  b.begin(op).finish(op);
  b.finalize(t, 1, Level::not_forced, 0);
  b.close_tree(t, 1, true);
  HistoryBuilder wrong = b;
  b.effect(EventKind::finalize_net_root, kNoOperation, 1).quiescent().end();
  expect_accepted(b);
  wrong.quiescent().end();
  expect_refused(wrong, 45);
}

BOOST_AUTO_TEST_SUITE_END()
