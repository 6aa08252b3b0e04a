// SPDX-License-Identifier: Apache-2.0
//
// rxcheck replay --surface mpr: runs programs of the router's surface.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace rxcheck::cli {

struct MprReplayOptions {
  std::vector<std::string> files;
  std::string router;
  unsigned repeat = 1;
  bool json = false;
  bool show_calls = false;  // print what providers and notifyees were called with
};

// Throws Failure.
ExitCode run_mpr_replay(const MprReplayOptions& options, const TargetOptions& target);

}  // namespace rxcheck::cli
