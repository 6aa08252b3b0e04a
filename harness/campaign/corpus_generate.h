// SPDX-License-Identifier: Apache-2.0
//
// Generated programs that show what a corpus does not: those of a directed campaign (direction.h), each under its own
// schedules. The first run that shows something new is written down and made small, then the search goes on for what is
// still new. What comes out follows from seed, number and `shown` alone.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "harness/campaign/corpus_take.h"

namespace rxcheck {

struct Generation {
  uint64_t seed = 1;
  uint64_t programs = 0;
  VariantSet accepted{};
};

// REQUIRES: the target has learned where switches matter. Divergent runs are passed over: they are for `fuzz`.
std::vector<Offer> generate_new(const Generation& generation, Behaviours shown, const CorpusWorkshop& workshop);

}  // namespace rxcheck
