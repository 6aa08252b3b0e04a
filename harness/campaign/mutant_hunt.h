// SPDX-License-Identifier: Apache-2.0
//
// One mutant in one process: hunts it seed by seed.
#pragma once

#include "harness/campaign/block.h"
#include "harness/campaign/mutants.h"

namespace rxcheck {

struct Kill {
  Position position;
  Plan plan;          // of the run that diverged
  uint64_t runs = 0;  // until then, that one included
  Divergence divergence;
  Case directed;  // the run, written down, if program and plan do not follow from the position: then the plan is empty
};

// The first run of a campaign that is divergent; nothing if none of its `programs` programs is. Drift alone kills, too,
// for a mutant is a change of our own driver; but only if no divergence, which says more, follows it for long.
std::optional<Kill> first_divergence(Target& target, Judge& judge, const ProgramSource& source, uint64_t programs,
                                     Directing directing = Directing::off);

MutantResult hunt(const std::string& id, const MutantOptions& options);

std::string to_bytes(const MutantResult& result);
Result<MutantResult> mutant_from_bytes(std::string_view bytes);

}  // namespace rxcheck
