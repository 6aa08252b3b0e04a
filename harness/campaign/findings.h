// SPDX-License-Identifier: Apache-2.0
//
// Takes the fingerprints that blocks report, in block order, and makes findings of them, with their repros
// (harness/campaign/finding.h). Each fingerprint is worked on once.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/campaign/campaign.h"
#include "harness/campaign/finding.h"

namespace rxcheck {

class Findings {
 public:
  Findings(Target& target, Judge& judge, const ProgramSource& source, const CampaignOptions& options, RunFolder& folder,
           const CampaignEvents& events)
      : target_(target), judge_(judge), source_(source), options_(options), folder_(folder), events_(events) {}

  void take(const Occurrence& occurrence);
  // Findings of earlier blocks, by their names in the folder.
  void take_over(std::vector<Finding> findings);
  const std::vector<Finding>& all() const { return findings_; }  // how often each occurs is not counted here

 private:
  std::pair<Program, Plan> run_of(const Occurrence& occurrence, Case& directed);
  Finding investigate(const Occurrence& occurrence);

  Target& target_;
  Judge& judge_;
  const ProgramSource& source_;
  const CampaignOptions& options_;
  RunFolder& folder_;
  const CampaignEvents& events_;
  std::vector<Finding> findings_;
  std::set<std::string> fingerprints_;
};

}  // namespace rxcheck
