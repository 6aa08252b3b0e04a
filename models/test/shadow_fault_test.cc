// SPDX-License-Identifier: Apache-2.0
//
// The drill of the reference: for every clause a shadow with a one-line fault, and a program by hand under which the
// reference names that clause within a few hundred seeds.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <map>

#include "models/mpr/contract.h"
#include "models/reference/reference.h"
#include "models/shadow/shadow.h"
#include "models/test/programs.h"

using namespace rxcheck;
using namespace rxcheck::models;
using test::ProgramBuilder;

namespace {

constexpr unsigned kSeeds = 400;

void deletes_while_a_file_is_open(ProgramBuilder& b, Level level) {
  b.connect();
  const auto f = b.open();
  const auto t = b.tree();
  b.finalize(t, level);
  b.list();
  b.add(OpKind::close, f);
  b.add(OpKind::close, t);
  b.list();
}

void deletes_while_a_notification_is_pending(ProgramBuilder& b, Level level, bool bare = false) {
  b.connect();
  const auto t = b.tree();
  bare ? b.bare(OpKind::notify, t) : b.add(OpKind::notify, t);
  b.finalize(t, level);
}

void deletes_twice_with_0xff(ProgramBuilder& b) {
  b.connect();
  const auto f = b.open();
  const auto t = b.tree();
  b.finalize(t, Level::drop_reference);
  b.finalize(t, Level::drop_reference);
  b.add(OpKind::close, f);
}

void writes_after_a_forced_delete(ProgramBuilder& b) {
  b.connect();
  const auto f = b.open();
  b.disconnect(Level::forced);
  b.add(OpKind::write, f);
  b.list();
  b.add(OpKind::close, f);
}

// A held connect to a share that is not there, and others that wait for it.
void waits_for_a_bad_share(ProgramBuilder& b) {
  b.program.connections = {{'X', "\\\\server\\bad"}, {'Y', "\\\\server\\bad"}};
  b.held_connect();
  b.connect();
  b.last().asynchronous = true;
  b.connect(1);
  b.last().asynchronous = true;
  b.on(OpKind::release);
}

void two_sessions(ProgramBuilder& b) {
  b.program.connections[1] = b.program.connections[0];
  b.program.connections[1].session = 2;
}

// Drives on one share.
void share_one(ProgramBuilder& b) {
  b.program.connections[1].remote = b.program.connections[0].remote;
  b.connect(0);
  b.connect(1);
}

void deletes_while_a_directory_is_open(ProgramBuilder& b, const char* path) {
  b.program.paths[0] = path;
  b.connect();
  b.open();
  b.last().directory = true;
  b.disconnect(Level::not_forced);
}

// ...and something else that the caller makes of the last operation.
void closes_what_is_kept(ProgramBuilder& b) {
  b.connect();
  const auto f = b.open();
  b.last().keep = true;
  b.add(OpKind::close, f);
  b.on(OpKind::list);
}

void opens_after_a_delete(ProgramBuilder& b) {
  b.connect();
  const auto t = b.tree();
  b.finalize(t);
  const auto f = b.open();
  b.finalize(t);
  b.add(OpKind::close, f);
  b.add(OpKind::close, t);
}

void races_two_cancels(ProgramBuilder& b) {
  b.connect();
  const auto r = b.add(OpKind::read, b.open());
  b.as(2).add(OpKind::cancel, r);
  b.as(3).add(OpKind::cancel, r);
}

void races_two_answers(ProgramBuilder& b) {
  b.connect();
  const auto r = b.add(OpKind::read, b.open());
  b.as(2).add(OpKind::complete, r);
  b.as(3).add(OpKind::complete, r);
}

void cancels_a_read(ProgramBuilder& b, bool bare, bool sets, Routine routine) {
  b.connect();
  const auto f = b.open();
  const auto r = bare ? b.bare(OpKind::read, f) : b.add(OpKind::read, f);
  if (!bare && sets) b.set(r, routine);
  b.add(OpKind::cancel, r);
  if (bare && sets) b.set(r, routine);
}

const std::map<unsigned, std::function<void(ProgramBuilder&)>>& programs() {
  static const std::map<unsigned, std::function<void(ProgramBuilder&)>> all = {
      {1, [](auto& b) { b.connect(), b.disconnect(Level::not_forced); }},
      {2, [](auto& b) { deletes_while_a_file_is_open(b, Level::not_forced); }},
      {3,
       [](auto& b) {
         b.connect();
         b.open();
         b.disconnect(Level::not_forced);
         b.open();
         b.disconnect(Level::not_forced);
       }},
      {4, [](auto& b) { deletes_while_a_file_is_open(b, Level::not_forced); }},
      {5, [](auto& b) { deletes_while_a_notification_is_pending(b, Level::not_forced); }},
      {6, [](auto& b) { deletes_while_a_notification_is_pending(b, Level::not_forced, true); }},
      {7, [](auto& b) { deletes_while_a_directory_is_open(b, "\\dir"); }},
      {8, [](auto& b) { deletes_while_a_directory_is_open(b, "\\"); }},
      {9, [](auto& b) { closes_what_is_kept(b), b.last().kind = OpKind::tick, b.last().seconds = 10; }},
      {10, [](auto& b) { closes_what_is_kept(b), b.last().kind = OpKind::disconnect; }},
      {11,
       [](auto& b) {
         b.connect();
         const auto t = b.tree();
         b.tree();
         b.finalize(t);
         b.add(OpKind::close, t);
       }},
      {12, [](auto& b) { deletes_while_a_file_is_open(b, Level::not_forced); }},
      {13, [](auto& b) { share_one(b), b.open(1), b.disconnect(Level::not_forced, 0); }},
      {14, [](auto& b) { share_one(b), b.open(0), b.open(1), b.disconnect(Level::not_forced, 1); }},
      {15, [](auto& b) { deletes_while_a_file_is_open(b, Level::forced); }},
      {16, writes_after_a_forced_delete},
      {17, writes_after_a_forced_delete},
      {18, writes_after_a_forced_delete},
      {19, [](auto& b) { deletes_while_a_notification_is_pending(b, Level::forced); }},
      {20,
       [](auto& b) {
         b.connect(1);
         b.add(OpKind::notify, b.tree(1));
         b.connect();
         b.disconnect(Level::forced);
       }},
      {22,
       [](auto& b) {
         b.connect();
         b.add(OpKind::read, b.open());
         b.disconnect(Level::forced);
       }},
      {23, writes_after_a_forced_delete},
      {24, writes_after_a_forced_delete},
      {25, writes_after_a_forced_delete},
      {26,
       [](auto& b) {
         b.connect();
         b.disconnect(Level::forced);
         b.connect();
         b.disconnect(Level::forced);
       }},
      {27, [](auto& b) { deletes_while_a_file_is_open(b, Level::other); }},
      {28, [](auto& b) { deletes_while_a_file_is_open(b, Level::drop_reference); }},
      {29, [](auto& b) { deletes_while_a_file_is_open(b, Level::drop_reference); }},
      {30, [](auto& b) { deletes_while_a_notification_is_pending(b, Level::drop_reference); }},
      {31, deletes_twice_with_0xff},
      {32,
       [](auto& b) {
         b.connect();
         const auto f = b.open();
         b.disconnect(Level::drop_reference);
         b.add(OpKind::close, f);
         b.disconnect(Level::not_forced);
       }},
      {34,
       [](auto& b) {
         b.connect();
         const auto t = b.tree();
         b.tree();
         b.finalize(t, Level::forced);
         b.as(2).finalize(t, Level::forced);
         b.as(1).add(OpKind::close, t);
       }},
      {35, [](auto& b) { b.connect(), b.finalize(b.tree(), Level::forced); }},
      {33, opens_after_a_delete},
      {36,
       [](auto& b) {
         for (const Level level : {Level::not_forced, Level::drop_reference}) {
           b.connect();
           const auto t = b.tree();
           b.finalize(t, level);
           b.list();
           b.add(OpKind::close, t);
         }
       }},
      {37,
       [](auto& b) {
         b.connect();
         b.disconnect(Level::forced);
         b.last().transport = true;
       }},
      {38, [](auto& b) { b.connect(), b.connect(1), b.disconnect(Level::forced); }},
      {39,
       [](auto& b) {
         b.connect();
         const auto r = b.finalize(b.tree(), Level::forced);
         b.last().asynchronous = true;
         b.as(2).add(OpKind::cancel, r);
       }},
      {40,
       [](auto& b) {
         b.connect();
         const auto t = b.tree();
         b.as(2).held_open();
         b.as(1).finalize(t, Level::forced);
       }},
      {43,
       [](auto& b) {
         b.program.connections[1].remote = b.program.connections[0].remote;
         b.connect();
         b.connect(1);
         b.on(OpKind::force_all);
       }},
      {44,
       [](auto& b) {
         b.connect();
         b.add(OpKind::finalize_view, b.tree());
         b.list();
       }},
      {45,
       [](auto& b) {
         b.connect();
         b.add(OpKind::finalize_root, b.tree());
       }},
      {46, [](auto& b) { cancels_a_read(b, true, true, Routine::a); }},
      {47, [](auto& b) { cancels_a_read(b, false, false, Routine::none); }},
      {48, [](auto& b) { cancels_a_read(b, true, true, Routine::a); }},
      {49, races_two_cancels},
      {50,
       [](auto& b) {
         b.connect();
         const auto r = b.add(OpKind::read, b.open());
         b.set(r, Routine::b);
         b.add(OpKind::cancel, r);
       }},
      {51,
       [](auto& b) {
         b.connect();
         const auto r = b.add(OpKind::read, b.open());
         b.as(2).add(OpKind::cancel, r);
       }},
      {52,
       [](auto& b) {
         b.connect();
         const auto f = b.open();
         b.as(2).add(OpKind::cancel, f);
       }},
      {53, races_two_answers},
      {54,
       [](auto& b) {
         b.connect();
         const auto r = b.add(OpKind::read, b.open());
         const auto reference = b.add(OpKind::reference, r);
         b.add(OpKind::cancel, r);
         b.add(OpKind::dereference, reference);
       }},
      {57,
       [](auto& b) {
         b.connect();
         const auto r = b.add(OpKind::read, b.open());
         b.add(OpKind::reference, r);
         b.add(OpKind::stop);
       }},
      {59,
       [](auto& b) {
         b.connect();
         const auto f = b.open();
         b.last().retry = true;
         b.as(2).add(OpKind::cancel, f);
       }},
      {60,
       [](auto& b) {
         b.connect();
         const auto r = b.add(OpKind::close, b.open());
         b.last().asynchronous = true;
         b.as(2).add(OpKind::cancel, r);
       }},
      {61,
       [](auto& b) {
         b.connect();
         b.add(OpKind::read, b.open());
         b.last().cancelled = true;
       }},
      {62,
       [](auto& b) {
         b.connect();
         const auto f = b.open();
         b.add(OpKind::notify, f);
         b.add(OpKind::close, f);
       }},
      {63, [](auto& b) { b.held_connect(), b.as(2).connect(1); }},
      {64, waits_for_a_bad_share},
      {65, [](auto& b) { b.connect(); }},
      {66, [](auto& b) { b.connect(), b.connect(), b.disconnect(Level::not_forced); }},
      {67, waits_for_a_bad_share},
      {68,
       [](auto& b) {
         b.connect();
         b.last().leftover = true;
         b.last().path = 1;
         b.list();
       }},
      {69, [](auto& b) { two_sessions(b), b.connect(), b.connect(1); }},
      {70, [](auto& b) { b.disconnect(Level::not_forced); }},
      {71, [](auto& b) { b.on(OpKind::ce_cancel); }},
      {72, [](auto& b) { b.connect(), b.on(OpKind::teardown); }},
      {73, [](auto& b) { b.connect(), b.open(), b.add(OpKind::stop), b.open(); }},
      {100, [](auto& b) { two_sessions(b), b.connect(), b.disconnect(Level::forced, 1); }},
      {101, [](auto& b) { cancels_a_read(b, false, true, Routine::none); }},
  };
  return all;
}

Program program_for(unsigned clause) {
  ProgramBuilder b;
  programs().at(clause)(b);
  return b.program;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(shadow_fault)

BOOST_AUTO_TEST_CASE(every_clause_has_a_fault_but_those_of_the_executive) {
  for (const Clause& clause : catalogue()) {
    if (std::ranges::find(mpr::kClauses, clause.id) != mpr::kClauses.end()) continue;  // models/mpr/test/twin_test.cc
    const bool has_fault = std::ranges::find(faults(), clause.id) != faults().end();
    const bool executive_only = clause.no_scenario_reason.starts_with("only the executive");
    BOOST_TEST(has_fault == (!executive_only && !clause.no_scenario_reason.starts_with("outside: ") && clause.id != 21),
               "C" << unsigned{clause.id});
    BOOST_TEST(programs().contains(clause.id) == has_fault, "C" << unsigned{clause.id});
  }
}

BOOST_AUTO_TEST_CASE(the_reference_names_the_clause_of_every_fault) {
  History history;
  for (const uint8_t clause : faults()) {
    const Program program = program_for(clause);
    BOOST_TEST_REQUIRE(!why_invalid(program).has_value(), why_invalid(program).value_or(""));
    Shadow shadow(Fault{clause});
    Reference reference;
    unsigned seed = 0;
    std::optional<Refusal> refusal;
    for (; seed < kSeeds && !refusal; ++seed) {
      Random random(seed);
      shadow.run(program, random, history);
      refusal = reference.judge(history);
    }
    BOOST_TEST_REQUIRE(refusal.has_value(), "C" << unsigned{clause} << " is not caught");
    BOOST_TEST(unsigned{refusal->clause} == unsigned{clause},
               "the fault of C" << unsigned{clause} << " is caught as C" << unsigned{refusal->clause});
    BOOST_TEST_MESSAGE("C" << unsigned{clause} << ": seed " << seed << ", " << refusal->state << ", expected "
                           << refusal->expected << ", observed " << refusal->observed);
  }
}

BOOST_AUTO_TEST_CASE(a_fault_is_drift_too) {
  History history;
  for (const uint8_t clause : {2, 15, 46, 71}) {
    Random random(1);
    Shadow(Fault{clause}).run(program_for(clause), random, history);
    BOOST_TEST(Shadow().compare(history).has_value(), "C" << unsigned{clause});
  }
}

BOOST_AUTO_TEST_CASE(without_a_fault_these_programs_are_accepted) {
  History history;
  Shadow shadow;
  Reference reference;
  for (const auto& [clause, build] : programs()) {
    const Program program = program_for(clause);
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
      Random random(seed);
      shadow.run(program, random, history);
      const auto refusal = reference.judge(history);
      const std::string place = "program of C" + std::to_string(clause) + ", seed " + std::to_string(seed) + ": ";
      if (refusal)
        BOOST_FAIL(place << "C" << unsigned{refusal->clause} << " expected " << refusal->expected << ", observed "
                         << refusal->observed);
      BOOST_TEST_REQUIRE((history.events.back().kind == EventKind::end));
      const auto drift = Shadow().compare(history);
      if (drift) BOOST_FAIL(place << drift->predicted << " / " << drift->observed);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
