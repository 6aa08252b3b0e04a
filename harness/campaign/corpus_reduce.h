// SPDX-License-Identifier: Apache-2.0
//
// Makes a case small that shows some behaviours: leaves out choices and operations, chunks first, last first, as long
// as an exact replay is clean and shows them all; choices that are not met after an edit go with it. Deterministic;
// bounded by a count of runs.
#pragma once

#include <cstdint>

#include "harness/campaign/corpus_cover.h"
#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

// REQUIRES: the case, replayed, is clean and shows `wanted`.
Case reduce_showing(Target& target, Judge& judge, Case from, const Behaviours& wanted, uint64_t budget);

}  // namespace rxcheck
