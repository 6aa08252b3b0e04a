// SPDX-License-Identifier: Apache-2.0
//
// Histories by hand: stop and start, requests that are cancelled before or while they are taken up.
#include "models/test/expect.h"

using namespace rxcheck;
using namespace rxcheck::models;
using namespace rxcheck::models::test;

namespace {

constexpr uint32_t kStartable = 0, kStarted = 1, kStopping = 2;

// A connection with an open file.
struct Opened : HistoryBuilder {
  Opened() {
    connect(1);
    file = open(1);
  }
  uint16_t begin_stop() {
    const uint16_t op = add(OpKind::stop);
    begin(op).effect(EventKind::state, op, kStopping);
    return op;
  }
  HistoryBuilder& end_stop(uint16_t op, uint32_t status) {
    return effect(EventKind::state, op, kStartable).finish(op, status);
  }
  uint16_t stop(uint32_t status) {
    const uint16_t op = begin_stop();
    end_stop(op, status);
    return op;
  }
  // An operation whose request is answered with `status` before it is carried out.
  uint16_t refused(uint16_t op, uint32_t status) {
    event(EventKind::call, op).event(EventKind::start, op, kNoOperation, status).finish(op, status);
    return op;
  }
  uint16_t start(uint32_t status) {
    const uint16_t op = add(OpKind::start);
    begin(op);
    if (status == 0) effect(EventKind::state, op, kStarted);
    finish(op, status);
    return op;
  }
  uint16_t file = 0;
};

// An open that is under way.
struct Opening : HistoryBuilder {
  explicit Opening(bool retry = false) {
    connect(1);
    open = add_on(OpKind::open, 0);
    history.program.operations.back().retry = retry;
    begin(open).effect(EventKind::open, open, 1);
  }
  HistoryBuilder& acquire(uint32_t status) { return event(EventKind::acquire, open, kNoOperation, status); }
  HistoryBuilder& give_up(uint32_t status) { return effect(EventKind::unopen, open, 1).finish(open, status); }
  // ...and the server refuses it the first time.
  HistoryBuilder& try_again(bool cancels) {
    acquire(0).effect(EventKind::create, open, 1);
    if (cancels) cancel(open);
    return effect(EventKind::unopen, open, 1).event(EventKind::reinitialize, open).effect(EventKind::open, open, 1);
  }
  uint16_t open = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reference_stop)

BOOST_AUTO_TEST_CASE(c52_a_cancelled_open_does_not_acquire_its_fcb) {
  Opening b;
  b.cancel(b.open);
  b.acquire(0);
  expect_refused(b, 52);
}

BOOST_AUTO_TEST_CASE(c52_a_cancelled_open_ends_as_cancelled) {
  Opening b;
  b.cancel(b.open);
  b.acquire(status::kCancelled);
  b.give_up(status::kCancelled);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c52_a_cancel_that_comes_after_it_changes_nothing) {
  Opening b;
  b.acquire(0);
  b.cancel(b.open);
  b.effect(EventKind::create, b.open, 1).finish(b.open, 0, 1);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c53_an_open_that_nobody_cancelled_acquires_its_fcb) {
  Opening b;
  b.acquire(status::kCancelled);
  expect_refused(b, 53);
}

BOOST_AUTO_TEST_CASE(c57_a_stop_waits_for_a_pending_request) {
  Opened b;
  b.pend(OpKind::read, b.file);
  b.stop(status::kRedirectorHasOpenHandles);
  expect_refused(b, 57);
}

BOOST_AUTO_TEST_CASE(c57_a_stop_waits_for_a_reference) {
  Opened b;
  const auto read = b.pend(OpKind::read, b.file);
  const auto reference = b.add(OpKind::reference, read);
  b.event(EventKind::call, reference).event(EventKind::lookup, reference, read).finish(reference);
  b.decide(read, 0);
  b.stop(status::kRedirectorHasOpenHandles);
  expect_refused(b, 57);
}

BOOST_AUTO_TEST_CASE(c57_a_stop_does_not_wait_for_nobody) {
  Opened b;
  b.begin_stop();
  b.quiescent();
  expect_refused(b, 57);
}

BOOST_AUTO_TEST_CASE(c57_a_stop_goes_on_when_the_request_has_ended) {
  Opened b;
  const auto read = b.pend(OpKind::read, b.file);
  const auto stop = b.begin_stop();
  b.quiescent();
  b.decide(read, 0);
  b.end_stop(stop, status::kRedirectorHasOpenHandles);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c59_a_cancel_before_the_second_attempt_is_not_forgotten) {
  Opening b(true);
  b.try_again(true);
  b.acquire(0);
  expect_refused(b, 59);
}

BOOST_AUTO_TEST_CASE(c59_a_cancelled_open_ends_at_its_second_attempt) {
  Opening b(true);
  b.try_again(true);
  b.acquire(status::kCancelled);
  b.give_up(status::kCancelled);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c59_an_open_that_nobody_cancelled_succeeds_at_its_second_attempt) {
  Opening b(true);
  b.try_again(false);
  b.acquire(0).effect(EventKind::create, b.open, 1).finish(b.open, 0, 1);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c60_a_close_is_not_marked_cancelled) {
  Opened b;
  const auto close = b.add(OpKind::close, b.file);
  b.history.program.operations.back().asynchronous = true;
  b.begin(close).event(EventKind::cleanup, close, b.file);
  b.cancel(close);
  expect_refused(b, 60);
}

BOOST_AUTO_TEST_CASE(c60_a_close_is_not_answered_with_cancelled) {
  Opened b;
  const auto close = b.add(OpKind::close, b.file);
  b.event(EventKind::call, close).event(EventKind::start, close, kNoOperation, status::kCancelled);
  expect_refused(b, 60);
}

BOOST_AUTO_TEST_CASE(c60_an_attempt_to_cancel_a_close_changes_nothing) {
  Opened b;
  const auto close = b.add(OpKind::close, b.file);
  b.history.program.operations.back().asynchronous = true;
  b.begin(close).event(EventKind::cleanup, close, b.file);
  b.cancel(close, false);
  b.quiescent();
  b.decide(close, 0).event(EventKind::start, close).event(EventKind::close, close, b.file, 0, 1).finish(close);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c61_a_request_that_was_cancelled_before_is_not_left_pending) {
  Opened b;
  const auto read = b.add(OpKind::read, b.file);
  b.history.program.operations.back().cancelled = true;
  b.begin(read).event(EventKind::submit, read, b.file).event(EventKind::low_io_read, read);
  b.event(EventKind::ret, read, kNoOperation, status::kPending).quiescent();
  expect_refused(b, 61);
}

BOOST_AUTO_TEST_CASE(c61_it_may_end_as_cancelled_or_with_its_own_result) {
  for (const bool cancelled : {true, false}) {
    Opened b;
    const auto write = b.add(OpKind::write, b.file);
    b.history.program.operations.back().cancelled = true;
    b.event(EventKind::call, write);
    if (cancelled) {
      b.on(EventKind::cancel, write).event(EventKind::start, write, kNoOperation, status::kCancelled);
      b.finish(write, status::kCancelled);
    } else {
      b.event(EventKind::start, write).event(EventKind::submit, write, b.file).event(EventKind::low_io_write, write);
      b.finish(write);
    }
    b.quiescent();
    expect_accepted(b);
  }
}

BOOST_AUTO_TEST_CASE(c73_nothing_but_a_close_is_taken_up_after_a_stop) {
  Opened b;
  b.stop(status::kRedirectorHasOpenHandles);
  b.begin(b.add_on(OpKind::open, 0));
  expect_refused(b, 73);
}

BOOST_AUTO_TEST_CASE(c73_a_stop_tells_that_a_file_is_open) {
  Opened b;
  b.stop(0);
  expect_refused(b, 73);
}

BOOST_AUTO_TEST_CASE(c73_a_stop_succeeds_if_no_file_is_open) {
  Opened b;
  b.close_file(b.file, 1);
  b.stop(status::kRedirectorHasOpenHandles);
  expect_refused(b, 73);
}

BOOST_AUTO_TEST_CASE(c73_a_request_is_not_refused_while_it_is_started) {
  Opened b;
  b.refused(b.add_on(OpKind::list, 0), status::kRedirectorNotStarted);
  expect_refused(b, 73);
}

BOOST_AUTO_TEST_CASE(c73_the_handles_can_be_closed_and_all_begins_anew_with_a_start) {
  Opened b;
  b.stop(status::kRedirectorHasOpenHandles);
  b.refused(b.add_on(OpKind::open, 0), status::kRedirectorNotStarted);
  b.refused(b.add(OpKind::write, b.file), status::kRedirectorNotStarted);
  b.refused(b.add_on(OpKind::disconnect, 0), status::kRedirectorNotStarted);
  b.refused(b.add_on(OpKind::list, 0), status::kRedirectorNotStarted);
  b.refused(b.add(OpKind::stop), status::kRedirectorNotStarted);
  b.close_file(b.file, 1);
  b.start(0);
  b.start(status::kRedirectorStarted);
  b.list(0, 1);
  b.stop(0);
  expect_accepted(b);
}

BOOST_AUTO_TEST_CASE(c17_an_orphaned_handle_is_told_so_also_after_a_stop) {
  for (const uint32_t status : {status::kRedirectorNotStarted, status::kUnexpectedNetworkError}) {
    Opened b;
    const auto tree = b.tree(1);
    b.finalize(tree, 1, Level::forced, 0);
    b.stop(status::kRedirectorHasOpenHandles);
    b.refused(b.add(OpKind::write, b.file), status);
    status == status::kUnexpectedNetworkError ? expect_accepted(b) : expect_refused(b, 17);
  }
}

BOOST_AUTO_TEST_SUITE_END()
