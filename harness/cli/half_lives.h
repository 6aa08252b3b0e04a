// SPDX-License-Identifier: Apache-2.0
//
// Half-lives of seeded defects, as `rxcheck mutants --json` printed them, and what a campaign of so many schedules
// would have missed of them.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/core/result.h"

namespace rxcheck::cli {

struct Missed {
  std::string id;
  double probability = 1;  // by the likeliest half-life
  double at_most = 1;      // by the upper end of its interval
};

struct HalfLives {
  struct Defect {
    std::string id;
    double likeliest = 0;  // infinite if it was never found
    double high = 0;
  };
  std::string path;
  std::string sha256;
  std::vector<Defect> defects;

  // One for each defect.
  std::vector<Missed> missed_by(uint64_t schedules) const;
};

Result<HalfLives> load_half_lives(const std::string& path);

}  // namespace rxcheck::cli
