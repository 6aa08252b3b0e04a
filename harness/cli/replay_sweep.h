// SPDX-License-Identifier: Apache-2.0
//
// rxcheck replay --each-allocation and --cancel-everywhere: sweeps (harness/campaign/sweep.h) instead of replaying.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace rxcheck::cli {

struct SweepOptions {
  std::vector<std::string> files;
  bool each_allocation = false;
  bool cancel_everywhere = false;
  bool races = false;
  std::string out;  // a new file for a run that is not clean; may be ""
  bool json = false;
};

// Throws Failure.
ExitCode run_sweeps(const SweepOptions& options, const TargetOptions& on);

}  // namespace rxcheck::cli
