// SPDX-License-Identifier: Apache-2.0
//
// Operations for which an allocation was refused: they may fail for it, and then have changed nothing; no others may.
#include "models/shadow/shadow.h"
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models;
using namespace rxcheck::models::test;

namespace {

void expect_no_drift(const HistoryBuilder& b) {
  const auto drift = Shadow().compare(b.history);
  BOOST_TEST(!drift.has_value(), "event " << drift->event << ": " << drift->predicted << ", not " << drift->observed);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(low_memory)

BOOST_AUTO_TEST_CASE(an_open_for_which_memory_was_short_may_fail) {
  HistoryBuilder b;
  b.connect(1);
  const auto open = b.add_on(OpKind::open, 0);
  b.event(EventKind::call, open).event(EventKind::low_memory, open);
  b.event(EventKind::completed, open, kNoOperation, status::kInsufficientResources);
  b.event(EventKind::ret, open, kNoOperation, status::kInsufficientResources);
  expect_accepted(b);
  expect_no_drift(b);
}

BOOST_AUTO_TEST_CASE(an_open_for_which_memory_was_short_may_succeed) {
  HistoryBuilder b;
  b.connect(1);
  const auto open = b.add_on(OpKind::open, 0);
  b.begin(open).event(EventKind::low_memory, open).effect(EventKind::open, open, 1).effect(EventKind::create, open, 1);
  b.finish(open, 0, 1);
  expect_accepted(b);
  expect_no_drift(b);
}

BOOST_AUTO_TEST_CASE(an_open_that_was_taken_back_for_lack_of_memory_may_fail) {
  HistoryBuilder b;
  b.connect(1);
  const auto open = b.add_on(OpKind::open, 0);
  b.begin(open).effect(EventKind::open, open, 1).event(EventKind::low_memory, open);
  b.effect(EventKind::unopen, open, 1).finish(open, status::kInsufficientResources);
  expect_accepted(b);
  expect_no_drift(b);
}

BOOST_AUTO_TEST_CASE(c53_an_open_fails_for_lack_of_memory_only_if_memory_was_short) {
  HistoryBuilder b;
  b.connect(1);
  const auto open = b.add_on(OpKind::open, 0);
  b.begin(open).finish(open, status::kInsufficientResources);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_memory_that_was_short_for_one_operation_excuses_no_other) {
  HistoryBuilder b;
  b.connect(1);
  const auto first = b.add_on(OpKind::open, 0);
  b.begin(first).event(EventKind::low_memory, first).finish(first, status::kInsufficientResources);
  const auto second = b.add_on(OpKind::open, 0);
  b.begin(second).finish(second, status::kInsufficientResources);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_an_open_that_fails_for_lack_of_memory_leaves_no_handle_counted) {
  HistoryBuilder b;
  b.connect(1);
  const auto open = b.add_on(OpKind::open, 0);
  b.begin(open).effect(EventKind::open, open, 1).event(EventKind::low_memory, open);
  b.finish(open, status::kInsufficientResources);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_delete_that_took_effect_does_not_fail_for_lack_of_memory) {
  HistoryBuilder b;
  b.connect(1);
  const auto tree = b.tree(1);
  const auto finalize = b.add(OpKind::finalize, tree, Level::not_forced);
  b.begin(finalize).event(EventKind::low_memory, finalize).effect(EventKind::finalize, finalize, 1);
  b.finish(finalize, status::kInsufficientResources);
  BOOST_TEST(rxcheck::models::Reference().judge(b.history).has_value());
}

BOOST_AUTO_TEST_CASE(c18_a_close_never_fails_for_lack_of_memory) {
  HistoryBuilder b;
  b.connect(1);
  const auto file = b.open(1);
  const auto close = b.add(OpKind::close, file);
  b.event(EventKind::call, close).event(EventKind::low_memory, close);
  b.event(EventKind::completed, close, kNoOperation, status::kInsufficientResources);
  const auto refusal = rxcheck::models::Reference().judge(b.history);
  BOOST_REQUIRE(refusal);
  BOOST_TEST(unsigned{refusal->clause} == 18u);
}

BOOST_AUTO_TEST_SUITE_END()
