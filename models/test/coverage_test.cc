// SPDX-License-Identifier: Apache-2.0
//
// The matrix: names, the computation of what can be reached, and what the reference says a delete has met.
#include "models/coverage.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "models/reference/reference.h"
#include "models/shadow/shadow.h"
#include "models/test/history_builder.h"
#include "models/test/programs.h"

using namespace rxcheck;
using namespace rxcheck::models;

namespace {

constexpr Level kLevels[] = {Level::not_forced, Level::forced, Level::drop_reference};

std::string listed(const CellSet& cells) {
  std::string lines;
  for (const std::string& name : names_of(cells)) lines += name + "\n";
  return lines;
}

// The cells of one history that the reference allows.
CellSet cells_of(const test::HistoryBuilder& b) {
  Reference reference;
  const auto refusal = reference.judge(b.history);
  BOOST_TEST(!refusal.has_value(), (refusal ? refusal->expected : ""));
  return reference.cells();
}

// A connection X: with a tree handle `tree`, the delete of which is under test, and a file.
struct Fixture {
  Fixture() {
    connect = b.add_on(OpKind::connect, 0);
    b.begin(connect).effect(EventKind::create_v_net_root, connect, 1).effect(EventKind::connect, connect, 1);
    b.effect(EventKind::tree_close, connect, 1).event(EventKind::finish, connect, connect);
    b.event(EventKind::completed, connect).event(EventKind::ret, connect, kNoOperation, 0, 1);
    tree = b.add_on(OpKind::tree, 0);
    b.begin(tree).effect(EventKind::tree, tree, 1).event(EventKind::finish, tree, tree);
    b.event(EventKind::completed, tree).event(EventKind::ret, tree, kNoOperation, 0, 1);
  }
  // A change-notify on the tree handle, accepted.
  void notify() {
    request = b.add(OpKind::notify, tree);
    b.begin(request).event(EventKind::submit, request, tree, 0, 1).event(EventKind::low_io_notify, request);
  }
  void meet() {
    const uint16_t op = b.add(OpKind::finalize, tree, Level::not_forced);
    b.begin(op).effect(EventKind::finalize, op, 1);
    b.event(EventKind::finish, op, op, request == 0 ? 0 : status::kFilesOpen);
  }

  test::HistoryBuilder b;
  uint16_t connect = 0, tree = 0, request = 0;
};

void expect_window(Fixture& f, Window window) {
  f.meet();
  CellSet expected;
  expected.set(index_of({Level::not_forced, Lifetime::referenced_idle, window}));
  BOOST_TEST(listed(cells_of(f.b)) == listed(expected));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(coverage)

BOOST_AUTO_TEST_CASE(every_cell_has_a_name_of_its_own_that_can_be_read_back) {
  std::set<std::string> names;
  for (unsigned i = 0; i < kCells; ++i) {
    BOOST_TEST(index_of(cell_at(i)) == i);
    BOOST_TEST((parse_cell(name_of(cell_at(i))) == cell_at(i)));
    names.insert(name_of(cell_at(i)));
  }
  BOOST_TEST(names.size() == kCells);
  BOOST_TEST(!parse_cell("TRUE nowhere none").has_value());
}

BOOST_AUTO_TEST_CASE(the_computation_finds_known_cells) {
  const CellSet reachable = reachable_cells();
  for (const Level level : kLevels) {
    BOOST_TEST(reachable[index_of({level, Lifetime::absent, Window::none})]);
    BOOST_TEST(reachable[index_of({level, Lifetime::given_up, Window::none})]);
    BOOST_TEST(reachable[index_of({level, Lifetime::referenced_files, Window::routine})]);
    BOOST_TEST(reachable[index_of({level, Lifetime::unreferenced_trees, Window::setting})]);
    BOOST_TEST(reachable[index_of({level, Lifetime::orphaned, Window::cancelled_owed})]);
    BOOST_TEST(reachable[index_of({level, Lifetime::deleted, Window::no_routine})]);
  }
}

BOOST_AUTO_TEST_CASE(where_there_is_no_view_there_is_no_request) {
  const CellSet reachable = reachable_cells();
  for (const Level level : kLevels)
    for (const Lifetime lifetime : {Lifetime::absent, Lifetime::just_gone, Lifetime::given_up})
      for (unsigned w = 1; w < kWindows; ++w)
        BOOST_TEST(!reachable[index_of({level, lifetime, static_cast<Window>(w)})]);
}

BOOST_AUTO_TEST_CASE(what_the_shadow_reaches_is_in_the_computed_set) {
  const CellSet reachable = reachable_cells();
  CellSet reached;
  Shadow shadow;
  Reference reference;
  History history;
  for (unsigned seed = 0; seed < 40'000; ++seed) {
    Random random(seed);
    const Program program = test::random_program(random, 3 + random.below(24));
    shadow.run(program, random, history);
    if (!reference.judge(history)) reached |= reference.cells();
  }
  BOOST_TEST(listed(reached & ~reachable) == "");
  BOOST_TEST(reached.count() > reachable.count() / 2);
}

BOOST_AUTO_TEST_CASE(a_delete_with_nothing_outstanding_meets_no_window) {
  Fixture f;
  expect_window(f, Window::none);
}

BOOST_AUTO_TEST_CASE(a_request_without_routine_is_met_as_such) {
  Fixture f;
  f.notify();
  expect_window(f, Window::no_routine);
}

BOOST_AUTO_TEST_CASE(a_routine_is_being_set_until_the_setter_returns) {
  Fixture f;
  f.notify();
  f.b.on(EventKind::set_enter, f.request, 0, 1).on(EventKind::set, f.request, 0, 1);
  expect_window(f, Window::setting);
}

BOOST_AUTO_TEST_CASE(a_request_with_its_routine_set_is_met_as_such) {
  Fixture f;
  f.notify();
  f.b.on(EventKind::set_enter, f.request, 0, 1).on(EventKind::set, f.request, 0, 1);
  f.b.on(EventKind::set_leave, f.request);
  expect_window(f, Window::routine);
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_is_owed_its_routine_until_that_is_called) {
  for (const bool called : {false, true}) {
    Fixture f;
    f.notify();
    f.b.on(EventKind::set_enter, f.request, 0, 1).on(EventKind::set, f.request, 0, 1);
    f.b.on(EventKind::set_leave, f.request);
    const uint16_t cancel = f.b.add(OpKind::cancel, f.request);
    f.b.event(EventKind::call, cancel).event(EventKind::cancel, cancel, f.request);
    if (called) f.b.on(EventKind::cancel_routine, f.request, 0, 1);
    expect_window(f, called ? Window::cancelled_called : Window::cancelled_owed);
  }
}

BOOST_AUTO_TEST_CASE(a_request_cancelled_without_routine_is_met_as_such) {
  Fixture f;
  f.notify();
  const uint16_t cancel = f.b.add(OpKind::cancel, f.request);
  f.b.event(EventKind::call, cancel).event(EventKind::cancel, cancel, f.request);
  expect_window(f, Window::cancelled_no_routine);
}

BOOST_AUTO_TEST_CASE(a_delete_by_name_that_finds_nothing_meets_an_absent_view) {
  test::HistoryBuilder b;
  const uint16_t op = b.add_on(OpKind::disconnect, 0, Level::forced);
  b.begin(op).event(EventKind::missing, op).event(EventKind::finish, op, op, status::kBadNetworkPath);
  CellSet expected;
  expected.set(index_of({Level::forced, Lifetime::absent, Window::none}));
  BOOST_TEST(listed(cells_of(b)) == listed(expected));
}

BOOST_AUTO_TEST_SUITE_END()
