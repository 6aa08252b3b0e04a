// SPDX-License-Identifier: Apache-2.0
//
// The executive's rules by name, each with the sentence that people read. What needs no model: memory, locks, IRQL,
// completion, leaks, deadlock. Immutable.
#pragma once

#include <span>
#include <string_view>

namespace rxcheck {

struct Rule {
  std::string_view name;
  std::string_view sentence;
};

std::span<const Rule> executive_rules();  // by name
const Rule* find_rule(std::string_view name);

}  // namespace rxcheck
