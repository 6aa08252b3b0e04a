// SPDX-License-Identifier: Apache-2.0
//
// What replay says of each file, whichever surface it is for: a line for people, or all files in one JSON object, whose
// keys are a contract with scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/replay.h"
#include "harness/cli/command.h"
#include "harness/core/expectation_text.h"

namespace rxcheck::cli {

class ReplayReport {
 public:
  explicit ReplayReport(bool json) : json_(json) {}

  // As the file is done. With JSON a message goes to standard error at once. `target`: "" if nothing was run.
  void add(const std::string& file, const Shown& shown, const std::optional<Expectation>& expected,
           const std::string& target, const std::string& variants);
  // The JSON object; nothing without JSON.
  void end(const std::vector<std::string>& accepted) const;

 private:
  bool json_;
  Json results_ = Json::array();
};

}  // namespace rxcheck::cli
