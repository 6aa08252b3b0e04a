// SPDX-License-Identifier: Apache-2.0
#include "models/reference/clauses.h"

#include <boost/test/unit_test.hpp>

using namespace rxcheck::models;

BOOST_AUTO_TEST_SUITE(clauses)

BOOST_AUTO_TEST_CASE(the_catalogue_is_complete_and_in_order) {
  unsigned last = 0;
  for (const Clause& clause : catalogue()) {
    BOOST_TEST(clause.id > last);
    last = clause.id;
    BOOST_TEST(clause.sentence.ends_with("."), "C" << last);
    BOOST_TEST(!clause.source.empty(), "C" << last);
    BOOST_TEST(clause.source.find("/work") == std::string_view::npos, "C" << last);
    BOOST_TEST(clause.source.find("SEED") == std::string_view::npos, "C" << last);
    BOOST_TEST(!clause.observed.empty(), "C" << last);
    BOOST_TEST(find_clause(clause.id) == &clause);
  }
  for (const unsigned id : {1,  2,  3,  4,  5,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                            22, 28, 29, 30, 31, 33, 46, 47, 48, 49, 51, 53, 54, 62, 66, 71, 97, 101})
    BOOST_TEST(find_clause(static_cast<ClauseId>(id)) != nullptr, "C" << id);
}

BOOST_AUTO_TEST_CASE(only_what_the_executive_alone_can_judge_has_no_scenario) {
  for (const Clause& clause : catalogue())
    if (!clause.no_scenario_reason.empty() && clause.id != 65 && !clause.no_scenario_reason.starts_with("outside: "))
      BOOST_TEST((clause.no_scenario_reason.find("the executive") != std::string_view::npos),
                 "C" << unsigned{clause.id});
}

BOOST_AUTO_TEST_CASE(a_clause_id_is_a_c_and_a_number) {
  BOOST_TEST(parse_clause("C46").value() == 46);
  BOOST_TEST(parse_clause("C101").value() == 101);
  for (const auto* text : {"", "C", "46", "c46", "C046", "C0", "C128", "C1000", "C4x", "C-1"})
    BOOST_TEST(!parse_clause(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_unknown_clause_is_not_found) { BOOST_TEST(find_clause(127) == nullptr); }

BOOST_AUTO_TEST_SUITE_END()
