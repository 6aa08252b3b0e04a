// SPDX-License-Identifier: Apache-2.0
//
// What a campaign's blocks have come to so far, for the run store: a tally, which fingerprints were met, the findings;
// and which blocks a shard has. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/block.h"
#include "harness/campaign/finding.h"
#include "harness/campaign/tally.h"

namespace rxcheck {

// Half-open.
struct BlockRange {
  uint64_t first = 0;
  uint64_t last = 0;
};
// Of a shard.
BlockRange blocks_of_shard(uint64_t programs, unsigned shard, unsigned shards);

// In the order of a campaign.
bool earlier(const Position& a, const Position& b);

// What blocks add up to, but for their digest.
struct RunState {
  struct Met {
    Position first;
    uint64_t count = 0;
  };
  Tally tally;
  std::map<std::string, Met> met;  // fingerprints, known ones too
  std::vector<Finding> findings;   // in the order of their first occurrence; `repro` is a name in the folder
  uint64_t elapsed_ms = 0;

  void meet(const std::string& fingerprint, Position first, uint64_t count);
  // Of findings as the blocks first met them.
  void sort_findings();
};

// Tally and fingerprints as bytes.
std::string content_of(const RunState& state);
// False if they are damaged.
bool read_content(std::string_view content, RunState& state);

}  // namespace rxcheck
