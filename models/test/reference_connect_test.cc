// SPDX-License-Identifier: Apache-2.0
//
// One history by hand for every clause about connects: the reference refuses it by that clause, and only by it.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models::test;

namespace {

// X: and Y: are two drives on one share.
struct Connecting : HistoryBuilder {
  explicit Connecting(const char* remote = "\\\\server\\share") {
    history.program.connections = {{'X', remote}, {'Y', remote}};
  }

  // Of X: with the path that the server refuses.
  uint16_t refused_connect() {
    const uint16_t op = begin_connect();
    history.program.operations.back().leftover = true;
    history.program.operations.back().path = 1;
    return op;
  }
  // Builds server, share and view, and deletes them but for the last callout.
  void connect_and_delete(uint32_t serial) {
    const auto op = begin_connect();
    ask_all(op, serial);
    succeed(op, serial);
    const auto d = add_on(OpKind::disconnect, 0);
    begin(d).effect(EventKind::tree, d, serial).effect(EventKind::finalize, d, serial);
    effect(EventKind::tree_close, d, serial).finalize_view(serial);
    effect(EventKind::finalize_net_root, d, serial).finish(d);
  }
  void two_sessions() {
    history.program.connections[1] = history.program.connections[0];
    history.program.connections[1].session = 2;
  }
  uint16_t begin_connect(uint8_t connection = 0) {
    const uint16_t op = add_on(OpKind::connect, connection);
    begin(op);
    return op;
  }
  void ask_server(uint16_t op, uint32_t serial, uint32_t status = 0) {
    effect(EventKind::create_srv_call, op, serial).event(EventKind::answered, op, kNoOperation, status, serial);
  }
  void ask_share(uint16_t op, uint32_t serial) { effect(EventKind::create_net_root, op, serial); }
  void ask_view(uint16_t op, uint32_t serial, uint32_t status = 0) {
    effect(EventKind::create_v_net_root, op, serial).event(EventKind::answered, op, kNoOperation, status, serial);
  }
  void ask_all(uint16_t op, uint32_t serial) {
    ask_server(op, serial);
    ask_share(op, serial);
    ask_view(op, serial);
  }
  void fail(uint16_t op, uint32_t status, uint32_t serial) {
    event(EventKind::bad, op, kNoOperation, status, serial).finish(op, status);
  }
  void succeed(uint16_t op, uint32_t serial) {
    effect(EventKind::connect, op, serial).effect(EventKind::tree_close, op, serial).finish(op, 0, serial);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_connect)

BOOST_AUTO_TEST_CASE(two_drives_share_a_server_and_a_share) {
  Connecting b;
  const auto first = b.begin_connect();
  const auto second = b.begin_connect(1);
  b.ask_all(first, 1);
  b.ask_view(second, 2);
  b.succeed(first, 1);
  b.succeed(second, 2);
  b.quiescent();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_server_is_built_again_when_it_was_not_needed_any_more) {
  Connecting b;
  const auto first = b.begin_connect();
  b.ask_all(first, 1);
  b.succeed(first, 1);
  const auto d = b.add_on(OpKind::disconnect, 0);
  b.begin(d).effect(EventKind::tree, d, 1).effect(EventKind::finalize, d, 1).effect(EventKind::tree_close, d, 1);
  b.finalize_view(1).effect(EventKind::finalize_net_root, d, 1).effect(EventKind::finalize_srv_call, d, 1).finish(d);
  const auto second = b.begin_connect();
  b.ask_all(second, 2);
  b.succeed(second, 2);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_server_is_built_again_while_the_one_before_is_finalized) {
  Connecting b;
  b.connect_and_delete(1);
  b.connect_and_delete(2);
  b.effect(EventKind::finalize_srv_call, 0, 1).effect(EventKind::finalize_srv_call, 2, 2);
  b.quiescent().end();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c38_a_server_is_finalized_once) {
  Connecting b;
  b.connect_and_delete(1);
  b.effect(EventKind::finalize_srv_call, 0, 1).effect(EventKind::finalize_srv_call, 0, 1);
  expect_refused(b, 38);
}

BOOST_AUTO_TEST_CASE(c38_a_server_is_finalized_in_the_end) {
  Connecting b;
  b.connect_and_delete(1);
  b.quiescent().end();
  expect_refused(b, 38);
}

BOOST_AUTO_TEST_CASE(c38_a_server_that_a_share_stands_on_is_not_finalized) {
  Connecting b;
  const auto op = b.begin_connect();
  b.ask_all(op, 1);
  b.effect(EventKind::finalize_srv_call, op, 1);
  b.succeed(op, 1);
  expect_refused(b, 38);
}

BOOST_AUTO_TEST_CASE(c38_a_server_that_was_finalized_gets_no_share) {
  Connecting b;
  b.connect_and_delete(1);
  b.effect(EventKind::finalize_srv_call, 0, 1);
  const auto op = b.begin_connect();
  b.ask_share(op, 2);
  b.ask_view(op, 2);
  b.succeed(op, 2);
  expect_refused(b, 38);
}

BOOST_AUTO_TEST_CASE(c63_a_server_is_built_once) {
  Connecting b;
  const auto first = b.begin_connect();
  const auto second = b.begin_connect(1);
  b.ask_server(first, 1);
  b.ask_server(second, 2);
  expect_refused(b, 63);
}

BOOST_AUTO_TEST_CASE(c63_a_server_that_a_share_stands_on_is_found) {
  Connecting b;
  b.history.program.connections[1].remote = "\\\\SERVER\\other";
  const auto first = b.begin_connect();
  b.ask_all(first, 1);
  b.succeed(first, 1);
  const auto second = b.begin_connect(1);
  b.ask_all(second, 2);
  b.succeed(second, 2);
  expect_refused(b, 63);
}

BOOST_AUTO_TEST_CASE(c63_a_share_is_built_once) {
  Connecting b;
  const auto first = b.begin_connect();
  const auto second = b.begin_connect(1);
  b.ask_all(first, 1);
  b.ask_share(second, 2);
  b.ask_view(second, 2);
  b.succeed(first, 1);
  b.succeed(second, 2);
  expect_refused(b, 63);
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_share_that_is_not_there_is_told_so_and_who_waits_fails) {
  Connecting b("\\\\server\\bad");
  const auto first = b.begin_connect();
  const auto same = b.begin_connect();
  const auto other = b.begin_connect(1);
  b.ask_server(first, 1);
  b.ask_share(first, 1);
  b.ask_view(first, 1, status::kBadNetworkName);
  b.fail(first, status::kBadNetworkName, 1);
  b.finish(same, status::kBadNetworkPath);
  b.fail(other, status::kBadNetworkPath, 2);
  b.effect(EventKind::finalize_srv_call, other, 1);
  b.quiescent().end();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(who_asks_for_a_server_that_is_not_there_is_told_so) {
  Connecting b("\\\\Nowhere\\share");
  const auto first = b.begin_connect();
  b.ask_server(first, 1, status::kBadNetworkPath);
  b.fail(first, status::kBadNetworkPath, 1);
  const auto second = b.begin_connect();
  b.ask_server(second, 2, status::kBadNetworkPath);
  b.fail(second, status::kBadNetworkPath, 2);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_share_without_views_stays_until_it_is_finalized) {
  Connecting b("\\\\server\\locked");
  const auto first = b.begin_connect();
  b.ask_server(first, 1);
  b.ask_share(first, 1);
  b.ask_view(first, 1, status::kAccessDenied);
  b.fail(first, status::kAccessDenied, 1);
  b.effect(EventKind::finalize_net_root, first, 1).effect(EventKind::finalize_srv_call, first, 1);
  const auto open = b.add_on(OpKind::open, 1);
  b.begin(open);
  b.ask_server(open, 2);
  b.ask_share(open, 2);
  b.ask_view(open, 2, status::kAccessDenied);
  b.fail(open, status::kAccessDenied, 2);
  b.effect(EventKind::finalize_net_root, open, 2).effect(EventKind::finalize_srv_call, open, 2);
  b.quiescent().end();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c64_what_was_not_built_is_not_found) {
  Connecting b("\\\\server\\bad");
  const auto first = b.begin_connect();
  const auto second = b.begin_connect();
  b.ask_server(first, 1);
  b.ask_share(first, 1);
  b.ask_view(first, 1, status::kBadNetworkName);
  b.fail(first, status::kBadNetworkName, 1);
  b.succeed(second, 1);
  expect_refused(b, 64);
}

BOOST_AUTO_TEST_CASE(c64_nobody_gets_a_handle_on_a_server_that_is_not_there) {
  Connecting b("\\\\nowhere\\share");
  const auto op = b.begin_connect();
  b.ask_all(op, 1);
  b.succeed(op, 1);
  expect_refused(b, 64);
}

BOOST_AUTO_TEST_CASE(c64_nobody_waits_for_ever) {
  Connecting b("\\\\server\\locked");
  const auto first = b.begin_connect();
  b.begin_connect();
  b.ask_server(first, 1);
  b.ask_share(first, 1);
  b.ask_view(first, 1, status::kAccessDenied);
  b.fail(first, status::kAccessDenied, 1);
  b.quiescent();
  expect_refused(b, 64);
}

BOOST_AUTO_TEST_CASE(c65_a_callout_is_answered_once) {
  Connecting b;
  const auto op = b.begin_connect();
  b.ask_server(op, 1);
  b.event(EventKind::answered, op, kNoOperation, 0, 1);
  expect_refused(b, 65);
}

BOOST_AUTO_TEST_CASE(c67_a_share_that_is_found_bad_fails_with_bad_network_path) {
  Connecting b("\\\\server\\bad");
  const auto first = b.begin_connect();
  const auto second = b.begin_connect(1);
  b.ask_server(first, 1);
  b.ask_share(first, 1);
  b.ask_view(first, 1, status::kBadNetworkName);
  b.fail(first, status::kBadNetworkName, 1);
  b.fail(second, status::kBadNetworkName, 2);
  expect_refused(b, 67);
}

BOOST_AUTO_TEST_CASE(c67_without_a_construction_of_its_own_too) {
  Connecting b("\\\\server\\locked");
  const auto open = b.add_on(OpKind::open, 0);
  b.begin(open).finish(open, status::kAccessDenied);
  expect_refused(b, 67);
}

BOOST_AUTO_TEST_CASE(a_credential_conflict_is_tried_once_more) {
  Connecting b("\\\\server\\conflict");
  const auto first = b.begin_connect();
  const auto waits = b.begin_connect();
  b.ask_server(first, 1);
  b.ask_share(first, 1);
  b.ask_view(first, 1, status::kNetworkCredentialConflict);
  b.event(EventKind::bad, first, kNoOperation, status::kNetworkCredentialConflict, 1);
  b.effect(EventKind::finalize_net_root, first, 1).effect(EventKind::finalize_srv_call, first, 1);
  b.finish(waits, status::kBadNetworkPath);
  b.ask_all(first, 2);
  b.succeed(first, 2);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c53_a_credential_conflict_is_not_the_end) {
  Connecting b("\\\\server\\conflict");
  const auto op = b.begin_connect();
  b.ask_server(op, 1);
  b.ask_share(op, 1);
  b.ask_view(op, 1, status::kNetworkCredentialConflict);
  b.event(EventKind::bad, op, kNoOperation, status::kNetworkCredentialConflict, 1);
  b.finish(op, status::kNetworkCredentialConflict);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c53_a_connect_ends_as_the_server_answered) {
  Connecting b("\\\\server\\locked");
  const auto op = b.begin_connect();
  b.ask_server(op, 1);
  b.ask_share(op, 1);
  b.ask_view(op, 1, status::kAccessDenied);
  b.event(EventKind::bad, op, kNoOperation, status::kAccessDenied, 1).finish(op, status::kBadNetworkPath);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(a_connect_with_a_path_that_is_refused_leaves_nothing) {
  Connecting b;
  const auto op = b.refused_connect();
  b.ask_view(op, 1);
  b.event(EventKind::is_valid_directory, op, kNoOperation, status::kAccessDenied, 1);
  b.finalize_view(1).finish(op, status::kAccessDenied);
  b.list(0, 0);
  b.quiescent().end();
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(a_list_may_show_a_connect_whose_path_is_looked_at) {
  Connecting b;
  const auto op = b.refused_connect();
  b.ask_view(op, 1);
  const auto list = b.add_on(OpKind::list, 0);
  b.begin(list).event(EventKind::list, list).decide(list, 0);
  b.event(EventKind::is_valid_directory, op, kNoOperation, status::kAccessDenied, 1);
  b.finalize_view(1).finish(op, status::kAccessDenied);
  b.event(EventKind::ret, list, kNoOperation, 0, 1);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c68_a_connect_with_a_path_that_is_refused_takes_no_reference) {
  Connecting b;
  const auto op = b.refused_connect();
  b.ask_view(op, 1);
  b.event(EventKind::is_valid_directory, op, kNoOperation, status::kAccessDenied, 1);
  b.succeed(op, 1);
  expect_refused(b, 68);
}

BOOST_AUTO_TEST_CASE(c68_a_connect_with_a_path_that_is_refused_fails) {
  Connecting b;
  const auto op = b.refused_connect();
  b.ask_view(op, 1);
  b.finalize_view(1).finish(op, 0);
  expect_refused(b, 68);
}

BOOST_AUTO_TEST_CASE(c68_a_connect_with_a_path_that_is_refused_is_not_listed) {
  Connecting b;
  const auto op = b.refused_connect();
  b.ask_view(op, 1);
  b.finish(op, status::kAccessDenied);
  b.list(0, 1);
  expect_refused(b, 68);
}

BOOST_AUTO_TEST_CASE(c68_a_connect_with_a_path_that_is_refused_keeps_no_view) {
  Connecting b;
  const auto op = b.refused_connect();
  b.ask_view(op, 1);
  b.finish(op, status::kAccessDenied).quiescent().end();
  expect_refused(b, 68);
}

BOOST_AUTO_TEST_CASE(two_sessions_have_a_drive_of_the_same_letter) {
  Connecting b;
  b.two_sessions();
  b.connect(1);
  b.connect(2, true, 1);
  b.list(0, 1);
  b.list(1, 2);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c69_another_session_has_another_view) {
  Connecting b;
  b.two_sessions();
  b.connect(1);
  b.tree(1);
  const auto second = b.begin_connect(1);
  b.effect(EventKind::connect, second, 1);
  expect_refused(b, 69);
}

BOOST_AUTO_TEST_CASE(c100_another_session_does_not_find_a_drive) {
  Connecting b;
  b.two_sessions();
  b.connect(1);
  b.tree(1, 1);
  expect_refused(b, 100);
}

BOOST_AUTO_TEST_CASE(c100_another_session_does_not_list_a_drive) {
  Connecting b;
  b.two_sessions();
  b.connect(1);
  b.list(1, 1);
  expect_refused(b, 100);
}

BOOST_AUTO_TEST_SUITE_END()
