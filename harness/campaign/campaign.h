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
#include "harness/campaign/journal.h"
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

struct CampaignResult : Tally {
  bool interrupted = false;
  uint64_t known = 0;  // occurrences of known fingerprints
  double elapsed_s = 0;
  std::string digest;
  std::vector<Finding> findings;  // in the order of their first occurrence
  uint64_t first_trial = 0;       // of this part of the campaign
};

// REQUIRES: the target has learned. What cannot be written is told, and RunFolder::unwritten() says so. With a journal,
// whose store is in the folder, the campaign goes on where the store ends, writes down what it does, and ends as one
// that was never interrupted.
CampaignResult run_campaign(Target& target, Judge& judge, const ProgramSource& source, const CampaignOptions& options,
                            RunFolder& folder, const CampaignEvents& events, Journal* journal = nullptr);

// The worst of what was found. `own_driver`: drift counts before lab faults, as an error of ours.
Verdict verdict_of(const CampaignResult& result, bool own_driver);

}  // namespace rxcheck
