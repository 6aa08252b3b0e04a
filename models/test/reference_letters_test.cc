// SPDX-License-Identifier: Apache-2.0
//
// The mini-redirector's own operations: what its table of letters, its bare names and its poller may answer.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models::test;

namespace {

struct Letters : HistoryBuilder {
  uint16_t ask(uint32_t status) {
    const uint16_t op = add_on(OpKind::letters, 0);
    begin(op).finish(op, status);
    return op;
  }
  // A forced delete by name of the view with this serial, which nothing else holds.
  void disconnect(uint32_t serial) {
    const uint16_t op = add_on(OpKind::disconnect, 0, Level::forced);
    begin(op).effect(EventKind::tree, op, serial).effect(EventKind::finalize, op, serial);
    effect(EventKind::tree_close, op, serial).finalize_view(serial).finish(op);
  }
  uint16_t raw(uint8_t length, uint32_t status) {
    const uint16_t op = add_on(OpKind::raw_del, 0);
    history.program.operations.back().length = length;
    begin(op).finish(op, status);
    return op;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_letters)

BOOST_AUTO_TEST_CASE(a_letter_is_there_from_its_connect_to_its_delete) {
  Letters b;
  b.ask(status::kNotFound);
  b.connect(1);
  b.ask(status::kSuccess);
  b.disconnect(1);
  b.ask(status::kNotFound);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c53_a_letter_is_not_lost) {
  Letters b;
  b.connect(1);
  b.ask(status::kNotFound);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_letter_does_not_outlive_its_delete) {
  Letters b;
  b.connect(1);
  b.disconnect(1);
  b.ask(status::kSuccess);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_connection_without_device_has_no_letter) {
  Letters b;
  b.history.program.connections[0].device = 0;
  b.connect(1);
  b.ask(status::kSuccess);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(while_somebody_connects_the_table_may_be_busy_and_the_letter_may_be_there) {
  for (const uint32_t status : {status::kSuccess, status::kNotFound, status::kDeviceBusy}) {
    Letters b;
    const uint16_t connect = b.add_on(OpKind::connect, 0);
    b.begin(connect).event(EventKind::create_v_net_root, connect, kNoOperation, 0, 1);
    b.effect(EventKind::connect, connect, 1).effect(EventKind::tree_close, connect, 1);
    b.ask(status);
    b.finish(connect, 0, 1);
    b.ask(status::kSuccess);
    expect_accepted(b);
  }
}

BOOST_AUTO_TEST_CASE(c53_the_table_is_not_busy_when_nobody_changes_it) {
  Letters b;
  b.connect(1);
  b.ask(status::kDeviceBusy);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_letter_is_asked_for_with_a_documented_answer) {
  Letters b;
  b.ask(status::kBadNetworkPath);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(a_bare_name_that_is_too_short_is_refused) {
  Letters b;
  b.raw(0, status::kBadNetworkName);
  b.raw(3, status::kBadNetworkName);
  b.raw(8, status::kObjectNameInvalid);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c53_an_empty_buffer_is_no_name) {
  Letters b;
  b.raw(1, status::kObjectNameInvalid);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_polling_succeeds) {
  Letters b;
  const uint16_t op = b.add_on(OpKind::poll, 0);
  b.begin(op).finish(op, status::kNotFound);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_SUITE_END()
