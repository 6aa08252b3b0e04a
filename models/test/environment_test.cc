// SPDX-License-Identifier: Apache-2.0
#include "models/environment.h"

#include <boost/test/unit_test.hpp>

#include "models/test/programs.h"

using namespace rxcheck;
using namespace rxcheck::models;

namespace {

// A run at a standstill: `standings` follows the program.
struct Scene : test::ProgramBuilder {
  Environment environment;
  std::vector<Standing> standings;

  Standing& at(int32_t op) {
    standings.resize(program.operations.size());
    return standings[static_cast<size_t>(op)];
  }
  void hold(int op) {
    at(op).held = true;
    ++at(op).holds;
  }
  std::optional<Operation> next(bool actors_left) {
    standings.resize(program.operations.size());
    const auto op = environment.next(program, standings, actors_left);
    if (!op) return op;
    BOOST_TEST(op->actor == 0);
    program.operations.push_back(*op);
    Standing done;
    done.called = done.returned = done.completed = true;
    standings.push_back(done);
    return op;
  }
};

Standing called() {
  Standing standing;
  standing.called = true;
  return standing;
}

Standing produced() {
  Standing standing;
  standing.called = standing.returned = standing.produced = true;
  return standing;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(a_connect_that_is_held_again_is_released_again_and_lists_keep_their_connections) {
  Scene s;
  const auto c = s.held_connect();
  s.at(c) = called();
  s.hold(c);
  BOOST_TEST((s.next(false)->kind == OpKind::release));
  s.at(c).held = false;
  const auto first = s.next(false);
  BOOST_TEST((first->kind == OpKind::list && first->connection == 0));
  s.hold(c);
  BOOST_TEST((s.next(false)->kind == OpKind::release));
  s.at(c).held = false;
  const auto second = s.next(false);
  BOOST_TEST((second->kind == OpKind::list && second->connection == 1));
  s.standings.back().status = 0xC0000225;  // NOT_FOUND
  const auto removed = s.next(false);
  BOOST_TEST((removed->kind == OpKind::disconnect && removed->connection == 0));
}

BOOST_AUTO_TEST_CASE(a_release_that_let_nobody_go_on_is_not_tried_again) {
  Scene s;
  const auto c = s.held_connect();
  s.at(c) = called();
  s.hold(c);
  BOOST_TEST((s.next(true)->kind == OpKind::release));
  BOOST_TEST(!s.next(true).has_value());
}

BOOST_AUTO_TEST_CASE(a_release_that_was_refused_is_tried_again) {
  Scene s;
  const auto c = s.held_connect();
  s.at(c) = called();
  s.hold(c);
  BOOST_TEST((s.next(true)->kind == OpKind::release));
  s.standings.back().status = 0xC000009A;  // INSUFFICIENT_RESOURCES
  BOOST_TEST((s.next(true)->kind == OpKind::release));
}

BOOST_AUTO_TEST_CASE(a_rescue_releases_a_held_connect_before_it_answers) {
  Scene s;
  const auto f = s.open();
  const auto r = s.add(OpKind::read, f);
  const auto c = s.connect(1);
  s.at(r) = called();
  s.at(c) = called();
  s.hold(c);
  const auto first = s.next(true);
  BOOST_TEST_REQUIRE(first.has_value());
  BOOST_TEST((first->kind == OpKind::release));
  BOOST_TEST(first->connection == 1);
  s.at(c).held = false;
  const auto second = s.next(true);
  BOOST_TEST((second->kind == OpKind::complete));
  BOOST_TEST(second->slot == r);
}

BOOST_AUTO_TEST_CASE(a_rescue_answers_first_what_an_actor_waits_for) {
  Scene s;
  const auto f = s.open();
  const auto g = s.open();
  const auto first = s.add(OpKind::read, f);
  const auto awaited = s.add(OpKind::read, f);
  const auto closing = s.add(OpKind::notify, g);
  const auto await = s.add(OpKind::await, awaited);
  const auto close = s.add(OpKind::close, g);
  for (const auto op : {first, awaited, closing, await, close}) s.at(op) = called();
  for (const auto expected : {awaited, closing, first}) {
    const auto op = s.next(true);
    BOOST_TEST_REQUIRE(op.has_value());
    BOOST_TEST(op->slot == expected);
  }
  BOOST_TEST(!s.next(true).has_value());  // answered all, and it did not help
}

BOOST_AUTO_TEST_CASE(the_end_gives_everything_back_and_deletes_what_is_left) {
  Scene s;
  const auto f = s.open();
  const auto t = s.tree();
  const auto closed = s.open();
  const auto r = s.add(OpKind::read, f);
  const auto x = s.add(OpKind::reference, r);
  for (const auto op : {f, t, closed, x}) s.at(op) = produced();
  s.at(closed).consumed = true;
  s.at(r) = called();
  const auto expect = [&](OpKind kind, int32_t slot) {
    const auto op = s.next(false);
    BOOST_TEST_REQUIRE(op.has_value());
    BOOST_TEST((op->kind == kind), name_of(op->kind));
    BOOST_TEST(op->slot == slot);
  };
  expect(OpKind::complete, r);
  s.at(r).completed = true;
  expect(OpKind::dereference, x);
  expect(OpKind::close, f);
  expect(OpKind::close, t);
  expect(OpKind::list, kNoSlot);
  expect(OpKind::list, kNoSlot);
  s.standings.back().status = 0xC0000225;  // Y: is not listed
  const auto removal = s.next(false);
  BOOST_TEST((removal->kind == OpKind::disconnect));
  BOOST_TEST((removal->level == Level::forced));
  BOOST_TEST(removal->connection == 0);
  expect(OpKind::list, kNoSlot);
  expect(OpKind::list, kNoSlot);
  BOOST_TEST(!s.next(false).has_value());
  BOOST_TEST(!s.next(false).has_value());
}

BOOST_AUTO_TEST_CASE(a_rescue_drops_references_only_for_a_stop) {
  Scene s;
  const auto r = s.add(OpKind::read, s.open());
  const auto k = s.add(OpKind::reference, r);
  const auto stop = s.add(OpKind::stop);
  s.at(r) = produced();
  s.at(r).completed = true;
  s.at(k) = produced();
  BOOST_TEST(!s.next(true).has_value());
  s.at(stop) = called();
  const auto first = s.next(true);
  BOOST_TEST_REQUIRE(first.has_value());
  BOOST_TEST((first->kind == OpKind::dereference));
  BOOST_TEST(first->slot == k);
  s.at(k).consumed = true;
  BOOST_TEST(!s.next(true).has_value());
}

BOOST_AUTO_TEST_CASE(at_the_end_what_was_stopped_is_started_once) {
  Scene s;
  s.at(s.add(OpKind::stop)) = produced();
  s.at(s.add(OpKind::stop)) = produced();
  BOOST_TEST((s.next(false)->kind == OpKind::start));
  BOOST_TEST((s.next(false)->kind == OpKind::list));
}

BOOST_AUTO_TEST_CASE(reset_forgets_the_last_program) {
  Scene s;
  const auto r = s.add(OpKind::read, s.open());
  s.at(r) = called();
  BOOST_TEST(s.next(true).has_value());
  BOOST_TEST(!s.next(true).has_value());
  s.environment.reset();
  BOOST_TEST(s.next(true).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
