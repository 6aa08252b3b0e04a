// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/acceptance.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/rules.h"

namespace rxcheck {

namespace {

std::string known_names() {
  std::string names = "clauses";
  for (const auto& clause : models::catalogue()) names += fmt::format(" C{:02}", clause.id);
  std::string variants;
  for (const auto& clause : models::catalogue())
    for (const auto variant : clause.variants) variants += fmt::format(" {}", variant);
  if (!variants.empty()) names += "; variants" + variants;
  names += "; rules";
  for (const auto& rule : executive_rules()) names += fmt::format(" {}", rule.name);
  return names;
}

// Switches off the clause of that id, or every clause that has a variant of that name. False if there is none.
bool accept_clause(std::string_view name, Acceptance& accepted) {
  if (const auto id = models::parse_clause(name)) {
    if (models::find_clause(*id) == nullptr) return false;
    accepted.clauses.switch_off(*id);
    accepted.rules.insert(fmt::format("C{}", *id));  // some clauses only the executive can judge
    return true;
  }
  bool found = false;
  for (const auto& clause : models::catalogue()) {
    if (std::ranges::find(clause.variants, name) == clause.variants.end()) continue;
    accepted.clauses.switch_off(clause.id);
    found = true;
  }
  return found;
}

}  // namespace

Result<Acceptance> accept(const std::vector<std::string>& names) {
  Acceptance accepted;
  for (const auto& name : names) {
    if (accept_clause(name, accepted)) continue;
    if (find_rule(name) == nullptr)
      return Error{"there is nothing to accept by this name", "--accept " + name, "known are: " + known_names()};
    accepted.rules.insert(name);
  }
  return accepted;
}

}  // namespace rxcheck
