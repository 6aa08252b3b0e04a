// SPDX-License-Identifier: Apache-2.0
//
// What a campaign has come to, for people.
#pragma once

#include "harness/cli/report.h"

namespace rxcheck::cli {

// On standard output.
void print_text(const CampaignReport& report);

}  // namespace rxcheck::cli
