// SPDX-License-Identifier: Apache-2.0
//
// What programs add up to: counts, cells, what they may have missed. Tallies of blocks, of shards and of whole
// campaigns are put together; the result does not depend on the order or on how the programs were divided. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/campaign/behaviour_sample.h"
#include "harness/campaign/direction.h"
#include "harness/campaign/pct_bound.h"
#include "harness/campaign/wire.h"
#include "harness/core/result.h"
#include "models/coverage.h"

namespace rxcheck {

struct Tally {
  uint64_t programs = 0;   // run
  uint64_t schedules = 0;  // runs in all
  uint64_t distinct_schedules = 0;
  uint64_t operations = 0;
  uint64_t drift = 0;  // runs that drifted
  uint64_t lab_faults = 0;
  models::CellSet cells;  // that deletes reached in clean runs
  PctTally pct;
  DirectionReport direction;
  BehaviourSample behaviours;  // of runs that were carried out; trials as ProgramSource::trial_of counts them

  // REQUIRES: no program in common.
  void merge(const Tally& other);
};

// As bytes, for pipes and the run store. Equal for tallies of the same programs, however they were put together.
void put(WireWriter& out, const Tally& tally);
void get(WireReader& in, Tally& tally);
std::string to_bytes(const Tally& tally);
Result<Tally> tally_from_bytes(std::string_view bytes);

}  // namespace rxcheck
