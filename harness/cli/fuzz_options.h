// SPDX-License-Identifier: Apache-2.0
//
// What a campaign was asked for on the command line, and the same as JSON: a run store keeps it, so that `--resume`
// goes on with it and `merge` sees what belongs together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/campaign.h"
#include "harness/cli/command.h"
#include "harness/cli/half_lives.h"
#include "harness/cli/report.h"

namespace rxcheck::cli {

struct FuzzOptions {
  TargetOptions target;
  std::vector<std::string> files;
  uint64_t seed = 1;
  uint64_t programs = 0;   // 0: by default
  uint32_t schedules = 0;  // 0: by default
  std::string strategy = "mix";
  unsigned jobs = 1;
  std::string shard = "1/1";
  std::string out;
  std::string resume;  // instead of `out`
  std::string known;
  std::string half_lives;
  bool json = false;
  bool races = false;
  bool directed = false;
  bool watch = false;  // pairs

  // Schedules follow from each other, not from their number.
  bool explores() const { return strategy == "dpor" || strategy == "ipb"; }
  // There are blocks to write down.
  bool has_blocks() const { return !explores() && target.mode != "free"; }
  Directing directing() const { return directed ? Directing::on : watch ? Directing::watch : Directing::off; }
};

// Throws Failure for a shard that is none.
CampaignOptions campaign_options(const FuzzOptions& fuzz);
// The file of half-lives, if it says something about such a run. Throws Failure if it does not.
std::optional<HalfLives> load_measured(const FuzzOptions& fuzz);

// Everything that a run's result follows from, by the names of the flags. What the user says again when a run goes on
// must be the same.
Json to_json(const FuzzOptions& fuzz);
// Throws Failure if it is not what to_json has made. `place` names the store.
FuzzOptions fuzz_options_from(const std::string& text, const std::string& place);

// What all shards of a campaign have in common, wherever they run: no paths, but what is in the files.
Json identity_of(const FuzzOptions& fuzz, const CampaignOptions& options, const CampaignReport& report,
                 const std::vector<Program>& programs);
// A member in which the two differ, as "seed (1, 2)"; "" if there is none.
std::string difference(const Json& one, const Json& other);

}  // namespace rxcheck::cli
