// SPDX-License-Identifier: Apache-2.0
//
// A campaign whose threads race freely, in a guest: every program runs so often, every run is judged, and each
// fingerprint leaves the history that showed it (.rxh). Nothing is confirmed or shrunk, and there is no digest: a
// second run may go another way. Lab faults are counted, and the campaign goes on after them.
#pragma once

#include "harness/campaign/campaign.h"

namespace rxcheck {

// Of the program what a guest can run: without operations that need the harness's own executive.
Program for_guest(const Program& program);

// The error is about the run folder.
CampaignResult run_free_campaign(Target& target, Judge& judge, const ProgramSource& source,
                                 const CampaignOptions& options, RunFolder& folder, const CampaignEvents& events);

}  // namespace rxcheck
