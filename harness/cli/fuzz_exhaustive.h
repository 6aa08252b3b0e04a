// SPDX-License-Identifier: Apache-2.0
//
// fuzz --strategy dpor|ipb FILE...: all interleavings of each file's program, or all with few departures from the
// baseline, in the form of a campaign's report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/exhaustive.h"
#include "harness/campaign/run_folder.h"
#include "harness/cli/report.h"

namespace rxcheck::cli {

// REQUIRES: the target has learned from the files. Prints a line for each file as it is done, on standard error if
// `json`. Fills the report's result, verdict and what is missing.
void explore_files(Target& target, Judge& judge, const std::vector<std::string>& files, std::string_view strategy,
                   uint64_t most_executions, bool json, RunFolder& folder, CampaignReport& report);

}  // namespace rxcheck::cli
