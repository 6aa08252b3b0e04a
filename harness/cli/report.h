// SPDX-License-Identifier: Apache-2.0
//
// What a campaign says at its end, as JSON: the keys are a contract with scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/campaign.h"
#include "harness/cli/command.h"
#include "harness/cli/half_lives.h"

namespace rxcheck::cli {

struct CampaignReport {
  Verdict verdict = Verdict::clean;
  std::string missing;  // verdict incomplete: what for
  std::string target;
  std::string executive;
  std::vector<DriverFile> drivers;
  std::vector<std::string> accepted;  // by the user, by name
  uint64_t seed = 0;
  bool draws_programs = true;         // by chance; else they were given
  std::optional<HalfLives> measured;  // of seeded defects, if the user gave them
  Directing directing = Directing::off;
  bool timed = true;  // false: put together from several runs
  CampaignResult result;
};

Json to_json(const CampaignReport& report);
// The same and what deletes have met: the content of run.json. Repros are named as in the folder.
Json to_run_json(const CampaignReport& report);

// Programs a second.
double rate_of(const CampaignResult& result);

// Null for an empty text, and for a number that is not finite.
Json or_null(const std::string& text);
Json or_null(double number);

}  // namespace rxcheck::cli
