// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/plan.h"

#include <boost/test/unit_test.hpp>
#include <set>

namespace rxcheck {

BOOST_AUTO_TEST_SUITE(plan_suite)

BOOST_AUTO_TEST_CASE(a_program_follows_from_seed_and_index_alone) {
  Program one, other;
  ProgramSource(5).at(9, one);
  ProgramSource(5).at(8, other);
  BOOST_TEST((one != other));
  ProgramSource(5).at(9, other);
  BOOST_TEST((one == other));
  ProgramSource(6).at(9, other);
  BOOST_TEST((one != other));
  BOOST_TEST(!why_invalid(one).has_value());
}

BOOST_AUTO_TEST_CASE(given_programs_come_round_without_their_expectations) {
  Program program;
  program.connections = {{'X', "\\\\server\\share"}};
  program.operations.resize(1);
  program.operations[0].expected = 0;
  const ProgramSource source(1, {program});
  Program out;
  source.at(41, out);
  BOOST_TEST(!out.operations[0].expected.has_value());
  BOOST_TEST(source.for_learning().size() > 1u);  // others too: one program under one schedule shows little
  BOOST_TEST((source.for_learning().back() == out));
}

BOOST_AUTO_TEST_CASE(plans_of_a_campaign_are_all_different_and_of_the_strategy) {
  std::set<uint64_t> seeds;
  bool random = false, pct = false;
  for (uint64_t program = 0; program < 10; ++program) {
    for (uint32_t schedule = 0; schedule < 4; ++schedule) {
      const Plan plan = plan_of(1, Strategy::mix, program, schedule, 4, 0);
      seeds.insert(plan.seed);
      random = random || plan.kind == Plan::Kind::random;
      pct = pct || plan.kind == Plan::Kind::pct;
      BOOST_TEST((plan_of(1, Strategy::pct, program, schedule, 4, 0).kind == Plan::Kind::pct));
      BOOST_TEST((plan_of(1, Strategy::random, program, schedule, 4, 0).kind == Plan::Kind::random));
    }
  }
  BOOST_TEST(seeds.size() == 40u);
  BOOST_TEST(random);
  BOOST_TEST(pct);
  BOOST_TEST(plan_of(1, Strategy::pct, 0, 1, 4, 77).expected_yields == 77u);
}

BOOST_AUTO_TEST_CASE(strategies_have_names) {
  for (const Strategy strategy : {Strategy::mix, Strategy::random, Strategy::pct})
    BOOST_TEST((parse_strategy(name_of(strategy)) == strategy));
  BOOST_TEST(!parse_strategy("best").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace rxcheck
