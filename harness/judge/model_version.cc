// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/model_version.h"

#include <fmt/format.h>

#include "harness/core/digest.h"
#include "models/reference/clauses.h"

namespace rxcheck {

std::string model_digest() {
  std::string text;
  for (const auto& clause : models::catalogue()) text += fmt::format("{} {}\n", clause.id, clause.sentence);
  return sha256_hex(text).substr(0, 12);
}

std::string model_version() { return fmt::format("{} clauses, {}", models::catalogue().size(), model_digest()); }

}  // namespace rxcheck
