// SPDX-License-Identifier: Apache-2.0
//
// Seeds of the target `formats` that no file of the repository is: what a campaign leaves behind and what a worker
// reports, of a campaign that is made up. Small, with everything in it that a reader looks for.
#pragma once

#include <string>
#include <vector>

namespace rxcheck::fuzz {

struct FormatSeed {
  std::string name;
  unsigned format = 0;
  std::string bytes;  // without the number of the format
};

std::vector<FormatSeed> run_seeds();

}  // namespace rxcheck::fuzz
