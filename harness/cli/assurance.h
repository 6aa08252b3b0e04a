// SPDX-License-Identifier: Apache-2.0
//
// What a run's end says about what it may have missed, with the assumptions in words (docs/clean-night.md).
#pragma once

#include <string>
#include <vector>

#include "harness/cli/report.h"

namespace rxcheck::cli {

// The member `assurance`; null if nothing was run.
Json assurance_of(const CampaignReport& report);

// The same in a few lines for people.
std::vector<std::string> assurance_lines(const CampaignReport& report);

}  // namespace rxcheck::cli
