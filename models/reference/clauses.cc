// SPDX-License-Identifier: Apache-2.0
#include "models/reference/clauses.h"

#include <algorithm>

#include "models/reference/clause_texts.h"

namespace rxcheck::models {
namespace {

std::vector<Clause> joined() {
  std::vector<Clause> all = reference::clauses_about_deleting();
  for (Clause& clause : reference::clauses_about_requests()) all.push_back(std::move(clause));
  for (Clause& clause : reference::clauses_about_connects()) all.push_back(std::move(clause));
  for (Clause& clause : reference::clauses_of_providers()) all.push_back(std::move(clause));
  std::ranges::sort(all, {}, &Clause::id);
  return all;
}

}  // namespace

std::span<const Clause> catalogue() {
  static const std::vector<Clause> all = joined();
  return all;
}

const Clause* find_clause(ClauseId id) {
  const auto all = catalogue();
  const auto found = std::ranges::lower_bound(all, id, {}, &Clause::id);
  return found != all.end() && found->id == id ? &*found : nullptr;
}

std::optional<ClauseId> parse_clause(std::string_view text) {
  if (text.size() < 2 || text.size() > 4 || text[0] != 'C' || text[1] == '0') return std::nullopt;
  unsigned number = 0;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  if (number >= kClauseLimit) return std::nullopt;
  return static_cast<ClauseId>(number);
}

}  // namespace rxcheck::models
