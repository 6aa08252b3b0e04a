// SPDX-License-Identifier: Apache-2.0
//
// Histories by hand about which open files count for a delete: directories, the root, and files that several views of
// one share have open.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models::test;

namespace {

constexpr uint32_t kBusy = status::kFilesOpen;

uint16_t open_directory(HistoryBuilder& b, const char* path) {
  b.history.program.paths[0] = path;
  const uint16_t f = b.open(1);
  b.history.program.operations[f].directory = true;
  return f;
}

// X: and Y: on one share, with the views 1 and 2.
void share_one(HistoryBuilder& b) {
  b.history.program.connections[1].remote = "\\\\SERVER\\share";
  b.connect(1);
  b.connect(2, true, 1);
}

// A file whose close is delayed: view 1 is left with what is dormant.
uint16_t close_late(HistoryBuilder& b) {
  const uint16_t f = b.open(1);
  const uint16_t op = b.add(OpKind::close, f);
  b.begin(op).event(EventKind::cleanup, op, f).decide(op, 0);
  b.event(EventKind::start, op).event(EventKind::dormant, op, f, 0, 1).finish(op);
  return f;
}

void tick(HistoryBuilder& b, uint16_t seconds) {
  const uint16_t op = b.add(OpKind::tick);
  b.history.program.operations[op].seconds = seconds;
  b.event(EventKind::call, op).event(EventKind::ret, op);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_file)

BOOST_AUTO_TEST_CASE(c7_an_open_directory_makes_a_delete_fail) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = open_directory(b, "\\dir");
  const auto t = b.tree(1);
  b.finalize(t, 1, Level::not_forced, kBusy);
  expect_accepted(b);
  b.close_file(f, 1);
  b.finalize(t, 1, Level::not_forced, 0);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c7_a_delete_that_ignores_directories_is_refused) {
  HistoryBuilder b;
  b.connect(1);
  open_directory(b, "\\dir");
  b.finalize(b.tree(1), 1, Level::not_forced, 0);
  expect_refused(b, 7);
}

BOOST_AUTO_TEST_CASE(c8_a_delete_that_ignores_the_root_is_refused) {
  HistoryBuilder b;
  b.connect(1);
  open_directory(b, "\\");
  b.finalize(b.tree(1), 1, Level::not_forced, 0);
  expect_refused(b, 8);
}

BOOST_AUTO_TEST_CASE(c8_an_open_root_makes_a_delete_fail) {
  HistoryBuilder b;
  b.connect(1);
  open_directory(b, "\\");
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c9_what_is_dormant_is_closed_after_enough_time) {
  for (const uint16_t seconds : {uint16_t{4}, uint16_t{5}}) {
    HistoryBuilder b;
    b.connect(1);
    close_late(b);
    tick(b, 5);
    tick(b, seconds);
    b.quiescent();
    seconds == 5 ? expect_refused(b, 9) : expect_accepted(b);
  }
}

BOOST_AUTO_TEST_CASE(c9_time_that_passed_before_does_not_count) {
  HistoryBuilder b;
  b.connect(1);
  tick(b, 20);
  close_late(b);
  b.quiescent();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c9_a_view_goes_with_what_was_dormant_on_it) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = close_late(b);
  b.finalize(b.tree(1), 1, Level::drop_reference, 0);
  b.finalize_view(1);
  expect_refused(b, 11);  // under a tree handle, and while something is dormant
  HistoryBuilder c;
  c.connect(1);
  const auto g = close_late(c);
  tick(c, 10);
  c.on(EventKind::scavenge, g, 0, 1).quiescent();
  const auto t = c.tree(1);
  c.finalize(t, 1, Level::not_forced, 0);
  c.close_tree(t, 1, true);
  c.quiescent().end();
  expect_accepted(c);
  BOOST_TEST(f == g);
}

BOOST_AUTO_TEST_CASE(c10_a_delete_right_after_the_last_close_succeeds) {
  for (const uint32_t answer : {uint32_t{0}, kBusy}) {
    HistoryBuilder b;
    b.connect(1);
    close_late(b);
    const auto t = b.tree(1);
    b.finalize(t, 1, Level::not_forced, answer);
    answer == 0 ? expect_accepted(b) : expect_refused(b, 10);
  }
}

BOOST_AUTO_TEST_CASE(c10_a_close_that_is_under_way_may_be_busy) {
  HistoryBuilder b;
  b.connect(1);
  const auto t = b.tree(1);
  const auto d = b.add(OpKind::finalize, t);
  b.begin(d);
  close_late(b);
  b.effect(EventKind::finalize, d, 1).finish(d, kBusy);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c18_what_is_dormant_is_closed_once) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = close_late(b);
  b.on(EventKind::scavenge, f, 0, 1).on(EventKind::scavenge, f, 0, 1);
  expect_refused(b, 18);
}

BOOST_AUTO_TEST_CASE(c18_an_open_takes_up_what_is_dormant) {
  HistoryBuilder b;
  b.connect(1);
  const auto f = close_late(b);
  const auto g = b.add_on(OpKind::open, 0);
  b.begin(g).effect(EventKind::open, g, 1).event(EventKind::collapse, g, f, 0, 1);
  b.effect(EventKind::collapse_open, g, 1).finish(g, 0, 1);
  tick(b, 20);
  b.quiescent();
  expect_accepted(b);
  b.on(EventKind::scavenge, f, 0, 1);
  expect_refused(b, 18);
}

BOOST_AUTO_TEST_CASE(c13_a_file_of_another_view_does_not_count) {
  HistoryBuilder b;
  share_one(b);
  b.open(2, 1);
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  expect_refused(b, 13);
}

BOOST_AUTO_TEST_CASE(c13_a_file_of_another_share_is_not_at_issue) {
  HistoryBuilder b;
  b.connect(1);
  b.connect(2, true, 1);
  b.open(2, 1);
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  expect_refused(b, 1);
}

BOOST_AUTO_TEST_CASE(c13_the_first_opener_may_own_the_file_if_it_always_does) {
  for (const uint32_t answer : {uint32_t{0}, kBusy}) {
    HistoryBuilder b;
    share_one(b);
    const auto f = b.open(1);
    b.open(2, 1);
    b.close_file(f, 1);
    b.finalize(b.tree(1), 1, Level::not_forced, answer);
    expect_accepted(b);
  }
}

BOOST_AUTO_TEST_CASE(c13_the_first_opener_owns_the_file_always_or_never) {
  for (const uint32_t first : {uint32_t{0}, kBusy}) {
    HistoryBuilder b;
    share_one(b);
    for (const uint32_t answer : {first, first == 0 ? kBusy : 0u}) {
      const uint32_t serial = answer == first ? 1 : 3;
      if (answer != first && first == 0) b.connect(serial);
      const uint32_t mine = first == 0 ? serial : 1;
      const auto f = b.open(mine);
      const auto g = b.open(2, 1);
      b.close_file(f, mine);
      b.finalize(b.tree(mine), mine, Level::not_forced, answer);
      if (answer == first) b.close_file(g, 2);
    }
    expect_refused(b, 13);
  }
}

BOOST_AUTO_TEST_CASE(c13_who_was_first_is_open_while_opens_overlap) {
  HistoryBuilder b;
  share_one(b);
  const auto f = b.add_on(OpKind::open, 1);
  b.begin(f).effect(EventKind::open, f, 2);
  const auto g = b.open(1);
  b.effect(EventKind::create, f, 2).finish(f, 0, 2);
  b.close_file(g, 1);
  b.finalize(b.tree(1), 1, Level::not_forced, kBusy);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c14_the_second_opener_counts_as_well) {
  HistoryBuilder b;
  share_one(b);
  b.open(1);
  b.open(2, 1);
  b.finalize(b.tree(2, 1), 2, Level::not_forced, 0);
  expect_refused(b, 14);
}

BOOST_AUTO_TEST_CASE(c14_a_busy_second_opener_is_accepted) {
  HistoryBuilder b;
  share_one(b);
  b.open(1);
  b.open(2, 1);
  b.finalize(b.tree(2, 1), 2, Level::not_forced, kBusy);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c33_a_file_opened_after_a_delete_makes_the_next_one_fail) {
  for (const uint32_t answer : {uint32_t{0}, kBusy}) {
    HistoryBuilder b;
    b.connect(1);
    const auto t = b.tree(1);
    b.finalize(t, 1, Level::not_forced, 0);
    b.open(1);  // C36, name-goes-with-the-handle
    b.finalize(t, 1, Level::not_forced, answer);
    answer == 0 ? expect_refused(b, 33) : expect_accepted(b);
  }
}

BOOST_AUTO_TEST_SUITE_END()
