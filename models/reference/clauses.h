// SPDX-License-Identifier: Apache-2.0
//
// The catalogue of clauses: what the documentation promises about the lifetime of a connection, one numbered
// sentence each, with its source. The reference model enforces them; a clause can be switched off, so that a test can
// show that it is this clause, and no other, that refuses a history. Plain data, immutable, thread-safe.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace rxcheck::models {

// A clause's number: C46 is 46.
using ClauseId = uint8_t;
inline constexpr unsigned kClauseLimit = 128;

struct Clause {
  ClauseId id = 0;
  std::string_view sentence;  // the rule, in our words
  std::string_view source;    // document and section, "RxFinalizeConnection page, parameter ForceFilesClosed"
  std::string_view observed;  // how a run shows it; empty if it cannot be seen from outside
  std::vector<std::string_view> variants;  // what other real code does instead, by name
  std::string_view no_scenario_reason;     // why there is no scenario file; empty if there is one
};

// All clauses that this version judges, by ascending id.
std::span<const Clause> catalogue();
const Clause* find_clause(ClauseId id);

// Which clauses are enforced. Everything in the catalogue unless switched off.
class ClauseSet {
 public:
  ClauseSet() { bits_.set(); }
  bool has(ClauseId id) const { return bits_[id]; }
  ClauseSet& switch_off(ClauseId id) {
    bits_.reset(id);
    return *this;
  }

 private:
  std::bitset<kClauseLimit> bits_;
};

// "C46" -> 46; nothing if it is not the form of a clause id.
std::optional<ClauseId> parse_clause(std::string_view text);

}  // namespace rxcheck::models
