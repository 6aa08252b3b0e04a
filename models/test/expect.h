// SPDX-License-Identifier: Apache-2.0
//
// What tests ask of the reference model.
#pragma once

#include <boost/test/unit_test.hpp>

#include "models/reference/reference.h"
#include "models/test/history_builder.h"

namespace rxcheck::models::test {

inline std::string in_words(const std::optional<Refusal>& refusal) {
  if (!refusal) return "accepted";
  return "C" + std::to_string(refusal->clause) + " at event " + std::to_string(refusal->event) + " [" + refusal->state +
         "] expected " + refusal->expected + ", observed " + refusal->observed;
}

inline void expect_accepted(const HistoryBuilder& b) {
  const auto refusal = Reference().judge(b.history);
  BOOST_TEST(!refusal.has_value(), in_words(refusal));
}

// The reference refuses the history by this clause, and by no other: without it, it passes.
inline void expect_refused(const HistoryBuilder& b, ClauseId clause) {
  const auto refusal = Reference().judge(b.history);
  BOOST_TEST_REQUIRE(refusal.has_value(), "accepted, but breaks C" << unsigned{clause});
  BOOST_TEST(unsigned{refusal->clause} == unsigned{clause}, in_words(refusal));
  BOOST_TEST(!refusal->expected.empty());
  BOOST_TEST(!refusal->observed.empty());
  BOOST_TEST(refusal->event < b.history.events.size());
  const auto without = Reference(ClauseSet().switch_off(clause)).judge(b.history);
  BOOST_TEST(!without.has_value(), in_words(without));
}

}  // namespace rxcheck::models::test
