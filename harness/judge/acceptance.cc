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
  names += "; variants " + names_of(VariantSet(~0U)) + "; rules";
  for (const auto& rule : executive_rules()) names += fmt::format(" {}", rule.name);
  return names;
}

bool accept_clause(std::string_view name, Acceptance& accepted) {
  const auto id = models::parse_clause(name);
  if (!id || models::find_clause(*id) == nullptr) return false;
  accepted.clauses.switch_off(*id);
  accepted.rules.insert(fmt::format("C{}", *id));  // some clauses only the executive can judge
  return true;
}

}  // namespace

Result<Acceptance> accept(const std::vector<std::string>& names) {
  Acceptance accepted;
  for (const auto& name : names) {
    if (accept_clause(name, accepted)) continue;
    if (const auto variant = parse_variant(name)) {
      accepted.variants.add(*variant);
      continue;
    }
    if (find_rule(name) == nullptr)
      return Error{"there is nothing to accept by this name", "--accept " + name, "known are: " + known_names()};
    accepted.rules.insert(name);
  }
  return accepted;
}

}  // namespace rxcheck
