// SPDX-License-Identifier: Apache-2.0
//
// The shadow as a target against the reference and against itself.
#include "models/shadow/shadow.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "harness/core/history_text.h"
#include "models/reference/reference.h"
#include "models/test/programs.h"

using namespace rxcheck;
using namespace rxcheck::models;
using test::ProgramBuilder;

namespace {

std::string report(const History& history, const Refusal& refusal) {
  return "C" + std::to_string(refusal.clause) + " [" + refusal.state + "] expected " + refusal.expected +
         ", observed " + refusal.observed + " at event " + std::to_string(refusal.event) + "\n" +
         canonical_trace(history);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shadow_target)

BOOST_AUTO_TEST_CASE(the_reference_accepts_what_a_faultless_shadow_does_and_the_shadow_recognizes_it) {
  Shadow shadow;
  Shadow twin;
  Reference reference;
  History history;
  unsigned ended = 0;
  constexpr unsigned kPrograms = 20000;
  for (unsigned seed = 0; seed < kPrograms; ++seed) {
    Random random(seed);
    const Program program = test::random_program(random, 3 + random.below(24));
    BOOST_TEST_REQUIRE(!why_invalid(program).has_value());
    shadow.run(program, random, history);
    ended += history.events.back().kind == EventKind::end;
    const auto refusal = reference.judge(history);
    if (refusal) BOOST_FAIL("seed " << seed << ": " << report(history, *refusal));
    const auto drift = twin.compare(history);
    if (drift)
      BOOST_FAIL("seed " << seed << " event " << drift->event << ": " << drift->predicted << " / " << drift->observed
                         << "\n"
                         << canonical_trace(history));
  }
  BOOST_TEST(ended >
             kPrograms * 9 / 10);  // the others are deadlocks of the program: an actor awaits another that awaits it
}

BOOST_AUTO_TEST_CASE(the_same_seed_makes_the_same_history) {
  Shadow shadow;
  History first;
  History second;
  for (unsigned seed = 0; seed < 50; ++seed) {
    Random a(seed);
    const Program program = test::random_program(a, 20);
    Random b = a;
    shadow.run(program, a, first);
    Shadow().run(program, b, second);
    BOOST_TEST((first.events == second.events));
  }
}

BOOST_AUTO_TEST_CASE(names_that_differ_in_letter_case_share_the_limit_of_delayed_closes) {
  ProgramBuilder b;
  b.program.connections = {{'X', "\\\\quiz\\jazz"}, {'Y', "\\\\QUIZ\\Jazz"}};
  b.program.paths = {"\\a", "\\b", "\\c"};
  b.connect(0);
  b.connect(1);
  for (uint8_t i = 0; i < 3; ++i) {
    const int32_t file = b.open(i == 2 ? 1 : 0);
    b.last().path = i;
    b.last().keep = true;
    b.add(OpKind::close, file);
  }
  Random random(1);
  History history;
  Shadow().run(b.program, random, history);
  const auto delayed =
      std::ranges::count_if(history.events, [](const Event& event) { return event.kind == EventKind::dormant; });
  BOOST_TEST(delayed == 2);
}

BOOST_AUTO_TEST_CASE(a_delete_of_a_whole_share_waits_for_a_construction_after_one_that_failed) {
  ProgramBuilder b;
  b.program.connections = {{'X', "\\\\srv\\conflict"}};
  b.connect();
  b.disconnect(Level::forced);
  b.held_connect();
  b.as(2).on(OpKind::force_all);
  b.as(3).on(OpKind::release);
  for (unsigned seed = 0; seed < 200; ++seed) {
    Random random(seed);
    History history;
    Shadow().run(b.program, random, history);
    const auto refusal = Reference().judge(history);
    if (refusal) BOOST_FAIL("seed " << seed << ": " << report(history, *refusal));
    // While the view is built nobody is told that there is none.
    bool building = false;
    for (const Event& event : history.events) {
      building = event.kind == EventKind::create_v_net_root ||
                 (building && event.kind != EventKind::connect && event.kind != EventKind::bad);
      BOOST_TEST_REQUIRE(!(building && event.kind == EventKind::missing));
    }
  }
}

BOOST_AUTO_TEST_CASE(seeds_interleave_the_actors_differently) {
  ProgramBuilder b;
  b.connect();
  b.as(2).connect();
  Shadow shadow;
  History history;
  std::set<std::string> traces;
  for (unsigned seed = 0; seed < 50; ++seed) {
    Random random(seed);
    shadow.run(b.program, random, history);
    traces.insert(canonical_trace(history));
  }
  BOOST_TEST(traces.size() > 20);
}

BOOST_AUTO_TEST_CASE(a_changed_status_is_drift) {
  ProgramBuilder b;
  b.connect();
  b.open();
  b.disconnect(Level::not_forced);
  Random random(1);
  History history;
  Shadow shadow;
  shadow.run(b.program, random, history);
  for (Event& event : history.events)
    if (event.operation == 2 && event.kind == EventKind::completed) event.status = 0xC0000108;
  const auto drift = shadow.compare(history);
  BOOST_TEST_REQUIRE(drift.has_value());
  BOOST_TEST(drift->predicted == "completed FILES_OPEN");
  BOOST_TEST(drift->observed == "completed CONNECTION_IN_USE");
  BOOST_TEST(drift->operation == 2);
}

BOOST_AUTO_TEST_SUITE_END()
