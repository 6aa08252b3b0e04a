// SPDX-License-Identifier: Apache-2.0
//
// What the user accepts by name (`--accept NAME`): a clause ("C46"), a variant of one ("orphan-stub", see `rxcheck
// clauses`), or a rule of the executive ("use-after-free"). An accepted clause is not enforced and an accepted rule not
// reported. An accepted variant is allowed to drivers that report it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"
#include "harness/core/variants.h"
#include "models/reference/clauses.h"

namespace rxcheck {

struct Acceptance {
  models::ClauseSet clauses;
  VariantSet variants;
  std::set<std::string, std::less<>> rules;
};

// The error names the unknown name and lists the known ones.
Result<Acceptance> accept(const std::vector<std::string>& names);

}  // namespace rxcheck
