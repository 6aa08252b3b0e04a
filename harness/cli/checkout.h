// SPDX-License-Identifier: Apache-2.0
//
// What stands beside the tool in a checkout: scenarios and mutants, and which clause each is about.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/reference/clauses.h"

namespace rxcheck::cli {

using ByClause = std::map<models::ClauseId, std::vector<std::string>>;

// Files of corpora/scenarios by the clause in their name ("c02-connect-twice.rxp") or in a comment ("# clause C02"), as
// names sorted. Empty if there is no such folder above the executable.
ByClause scenarios_by_clause();

// The scenarios themselves, those that need a schedule (corpora/windows), and the seeds (docs/corpora.md), as paths.
// Empty if there are no such folders above the executable.
std::vector<std::string> scenario_files();

// Patches of driver/mutants by the clauses that their descriptions name as "C46", as ids ("D14").
ByClause mutants_by_clause();

}  // namespace rxcheck::cli
