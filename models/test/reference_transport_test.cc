// SPDX-License-Identifier: Apache-2.0
//
// Histories by hand: the transport under the connections.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models;
using namespace rxcheck::models::test;

namespace {

// A connection whose server is reached by transport 1.
struct Reached : HistoryBuilder {
  Reached() {
    const uint16_t op = add_on(OpKind::connect, 0);
    begin(op).event(EventKind::create_srv_call, op).effect(EventKind::transport_up, op, 1);
    effect(EventKind::create_v_net_root, op, 1).effect(EventKind::connect, op, 1);
    effect(EventKind::tree_close, op, 1).finish(op, 0, 1);
  }
  // A delete by name; `told`: to close the transport.
  void disconnect(bool told, bool closes) {
    const uint16_t op = add_on(OpKind::disconnect, 0, Level::forced);
    history.program.operations.back().transport = told;
    begin(op).effect(EventKind::tree, op, 1).event(EventKind::finalize, op, kNoOperation, 1, 1);
    if (closes) effect(EventKind::transport_down, op, 1);
    effect(EventKind::tree_close, op, 1).finalize_view(1).finish(op);
  }
  // RxCeTearDownConnection for the server of a connection.
  void teardown(uint32_t status, bool closes, uint8_t connection = 0) {
    const uint16_t op = add_on(OpKind::teardown, connection);
    event(EventKind::call, op);
    if (closes) effect(EventKind::transport_down, op, 1);
    finish(op, status);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_transport)

BOOST_AUTO_TEST_CASE(c37_a_delete_that_is_told_to_closes_the_transport) {
  Reached b;
  b.disconnect(true, false);
  expect_refused(b, 37);
}

BOOST_AUTO_TEST_CASE(c37_a_delete_that_is_not_told_may_do_either) {
  for (const bool closes : {true, false}) {
    Reached b;
    b.disconnect(false, closes);
    expect_accepted(b);
  }
}

BOOST_AUTO_TEST_CASE(c37_a_transport_that_is_down_already_stays_down) {
  Reached b;
  b.teardown(0, true);
  b.disconnect(true, false);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c72_a_teardown_returns_no_other_status) {
  Reached b;
  b.teardown(status::kNotImplemented, false);
  expect_refused(b, 72);
}

BOOST_AUTO_TEST_CASE(c72_after_success_the_transport_is_down) {
  Reached b;
  b.teardown(0, false, 1);  // the other connection's server is the same
  expect_refused(b, 72);
}

BOOST_AUTO_TEST_CASE(c72_of_two_servers_of_one_name_either_may_be_meant) {
  Reached b;
  b.on(EventKind::transport_up, kNoOperation, 0, 2);
  b.history.events.back().operation = 0;
  b.teardown(0, true);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c72_what_a_second_teardown_answers_is_open) {
  for (const uint32_t status : {uint32_t{0}, status::kInvalidParameter, status::kInsufficientResources}) {
    Reached b;
    b.teardown(0, true);
    b.teardown(status, false);
    expect_accepted(b);
  }
}

BOOST_AUTO_TEST_SUITE_END()
