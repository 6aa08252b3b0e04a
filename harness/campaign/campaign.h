// SPDX-License-Identifier: Apache-2.0
//
// A campaign: many programs, each under several schedules, judged. Findings are confirmed, shrunk and written as files,
// each fingerprint once: the first occurrence by program and schedule counts, whichever worker met it first. What a
// campaign finds and its digest depend on its options alone, never on jobs or time. Prints nothing: whoever runs it
// listens to CampaignEvents.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "harness/campaign/block.h"
#include "harness/campaign/finding.h"
#include "harness/campaign/run_folder.h"

namespace rxcheck {

struct CampaignOptions {
  BlockOptions blocks;
  unsigned jobs = 1;
  unsigned shard = 1;  // 1..shards: which part of the blocks
  unsigned shards = 1;
  std::set<std::string> known;  // fingerprints that are only counted
};

struct CampaignEvents {
  std::function<void(const std::string& line)> note;  // something to know, as it happens
  std::function<void(uint64_t programs)> progress;    // programs begun so far
  std::function<bool()> interrupted;                  // true: finish the current programs and come back
};

struct CampaignResult {
  bool interrupted = false;
  uint64_t programs = 0;
  uint64_t schedules = 0;
  uint64_t distinct_schedules = 0;
  uint64_t operations = 0;
  uint64_t drift = 0;
  uint64_t known = 0;  // occurrences of known fingerprints
  uint64_t lab_faults = 0;
  double elapsed_s = 0;
  std::string digest;
  std::vector<Finding> findings;  // in the order of their first occurrence
  models::CellSet cells;          // that deletes reached in clean runs
  PctTally pct;
  BehaviourSample behaviours;
  DirectionReport direction;
  uint64_t first_trial = 0;  // of this part of the campaign
};

// REQUIRES: the target has learned. What cannot be written is told, and RunFolder::unwritten() says so.
CampaignResult run_campaign(Target& target, Judge& judge, const ProgramSource& source, const CampaignOptions& options,
                            RunFolder& folder, const CampaignEvents& events);

// The worst of what was found. `own_driver`: drift counts before lab faults, as an error of ours.
Verdict verdict_of(const CampaignResult& result, bool own_driver);

}  // namespace rxcheck
