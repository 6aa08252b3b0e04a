// SPDX-License-Identifier: Apache-2.0
//
// Puts runs of one campaign together: what their blocks add up to, each fingerprint's first finding, and the digest
// over all blocks in their order. The result does not depend on the order of the runs or on how the campaign was
// divided; with all shards it is that of the whole campaign run at once.
#pragma once

#include <string>
#include <vector>

#include "harness/campaign/campaign.h"
#include "harness/campaign/run_folder.h"
#include "harness/campaign/run_store.h"

namespace rxcheck {

struct MergeInput {
  std::string folder;
  RunStore store;
};

struct MergedRun {
  CampaignResult result;             // elapsed_s is 0
  std::vector<std::string> missing;  // parts of the campaign that no run holds, in words
};

// Of the runs' header: the same campaign, no shard.
RunHeader header_of_merged(const RunHeader& header);

// Fills the new store and copies the findings' files. `schedules` per program and whether programs were given say how
// trials are counted. REQUIRES: the runs are of one campaign; the store, in the folder, is new.
Result<MergedRun> merge_runs(std::vector<MergeInput>& runs, RunStore& out, RunFolder& folder,
                             const ProgramSource& source, uint32_t schedules);

}  // namespace rxcheck
