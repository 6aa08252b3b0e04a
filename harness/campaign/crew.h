// SPDX-License-Identifier: Apache-2.0
//
// A crew of worker processes that run a campaign's blocks: block b goes to worker b mod jobs, reports come back through
// pipes and are handed on in block order, so what a campaign says does not depend on the number of jobs. A worker that
// dies loses the block that it was at, which is reported as a lab fault with the run that it was doing; another worker
// takes its place for the rest. Workers are forks: they have what the caller has loaded and learned. Use one Crew at a
// time, from a process without threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "harness/campaign/block.h"

namespace rxcheck {

struct CrewTask {
  uint64_t first_block = 0;
  uint64_t last_block = 0;  // exclusive
  unsigned jobs = 1;
  bool forks = true;  // false: the caller does it all itself, one block after the other
  // In a worker: runs a block.
  std::function<BlockReport(uint64_t block, const std::function<void(Position)>& watch,
                            const std::function<bool()>& stop)>
      work;
  // In the caller, in block order. A lost block has no digest and one lab fault.
  std::function<void(BlockReport)> take;
  // In the caller, several times a second: how many programs have been begun. For display only.
  std::function<void(uint64_t programs)> tick;
  // In the caller: true once the work is to end early. Workers then finish the program that they are at.
  std::function<bool()> interrupted;
};

// Returns when all reports are in, or it was interrupted and what there is has been handed on.
void run_crew(const CrewTask& task);

}  // namespace rxcheck
