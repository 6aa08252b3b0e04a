// SPDX-License-Identifier: Apache-2.0
//
// What directed generation has come to, as JSON (docs/format-run.md, "Directed").
#pragma once

#include "harness/campaign/direction.h"
#include "harness/cli/command.h"

namespace rxcheck::cli {

// Counts alone, for --json.
Json direction_counts(const DirectionReport& report);
// And the names of cells and pairs, for run.json.
Json direction_record(const DirectionReport& report);

}  // namespace rxcheck::cli
