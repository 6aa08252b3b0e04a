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

// The mini-redirector had no memory for the server that the operation builds, or for its view.
struct Building : HistoryBuilder {
  uint16_t begin_connect() {
    const uint16_t op = add_on(OpKind::connect, 0);
    begin(op);
    return op;
  }
  void ask(EventKind what, uint16_t op, uint32_t serial, uint32_t status) {
    effect(what, op, serial);
    if (status == status::kInsufficientResources) event(EventKind::low_memory, op);
    event(EventKind::answered, op, kNoOperation, status, serial);
  }
  void fail(uint16_t op, uint32_t status, uint32_t serial) {
    event(EventKind::bad, op, kNoOperation, status, serial).finish(op, status);
  }
};

BOOST_AUTO_TEST_CASE(a_server_may_be_refused_for_lack_of_memory) {
  Building b;
  const auto op = b.begin_connect();
  b.ask(EventKind::create_srv_call, op, 1, status::kInsufficientResources);
  b.fail(op, status::kInsufficientResources, 1);
  expect_accepted(b);
  expect_no_drift(b);
}

BOOST_AUTO_TEST_CASE(a_view_may_be_refused_for_lack_of_memory_and_who_waited_for_it_fails_too) {
  Building b;
  const auto op = b.begin_connect();
  b.ask(EventKind::create_srv_call, op, 1, 0);
  b.effect(EventKind::create_net_root, op, 1);
  const auto other = b.begin_connect();
  b.ask(EventKind::create_v_net_root, op, 1, status::kInsufficientResources);
  b.fail(op, status::kInsufficientResources, 1);
  b.finish(other, status::kBadNetworkPath);
  b.effect(EventKind::finalize_net_root, op, 1).effect(EventKind::finalize_srv_call, op, 1);
  expect_accepted(b);
  expect_no_drift(b);
}

BOOST_AUTO_TEST_CASE(c53_a_construction_fails_for_lack_of_memory_only_if_memory_was_short) {
  Building b;
  const auto op = b.begin_connect();
  b.effect(EventKind::create_srv_call, op, 1);
  b.event(EventKind::answered, op, kNoOperation, status::kInsufficientResources, 1);
  b.fail(op, status::kInsufficientResources, 1);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_who_did_not_wait_for_what_lacked_memory_does_not_fail_with_it) {
  Building b;
  const auto op = b.begin_connect();
  b.ask(EventKind::create_srv_call, op, 1, 0);
  b.effect(EventKind::create_net_root, op, 1);
  b.history.program.connections[1].remote = "\\\\server\\other";
  const auto other = b.add_on(OpKind::connect, 1);
  b.begin(other);
  b.ask(EventKind::create_v_net_root, op, 1, status::kInsufficientResources);
  b.fail(op, status::kInsufficientResources, 1);
  b.finish(other, status::kBadNetworkPath);
  b.effect(EventKind::finalize_net_root, op, 1).effect(EventKind::finalize_srv_call, op, 1);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_SUITE_END()
