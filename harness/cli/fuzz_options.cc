// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/fuzz_options.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "harness/core/digest.h"
#include "harness/core/program_text.h"

#ifndef RXCHECK_VERSION
#define RXCHECK_VERSION "unversioned"
#endif

#include "harness/judge/model_version.h"

namespace rxcheck::cli {

namespace {

constexpr uint64_t kDefaultPrograms = 100'000;
constexpr uint32_t kSchedulesOfAFile = 10'000;  // by default, where programs are given

// "2/8": part 2 of 8.
void parse_shard(const std::string& text, CampaignOptions& options) {
  unsigned shard = 0, shards = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%u/%u%c", &shard, &shards, &rest) != 2 || shard < 1 || shard > shards)
    throw Failure{kExitUsage,
                  {"this is no part of a campaign", "--shard " + text, "write I/N with I from 1 to N, as 1/4"}};
  options.shard = shard;
  options.shards = shards;
}

}  // namespace

CampaignOptions campaign_options(const FuzzOptions& fuzz) {
  CampaignOptions options;
  const bool given = !fuzz.files.empty();
  options.blocks.programs = fuzz.programs != 0 ? fuzz.programs : given ? fuzz.files.size() : kDefaultPrograms;
  const bool free = fuzz.target.mode == "free";
  const uint32_t usual = free ? 1 : given ? kSchedulesOfAFile : kDefaultSchedules;
  options.blocks.schedules = fuzz.schedules != 0 ? fuzz.schedules : usual;
  if (const auto strategy = parse_strategy(fuzz.strategy)) options.blocks.strategy = *strategy;
  options.blocks.directing = fuzz.directing();
  options.jobs = fuzz.jobs;
  parse_shard(fuzz.shard, options);
  if (!fuzz.known.empty()) options.known = or_fail(load_known(fuzz.known));
  return options;
}

// What was measured with the programs and schedules of `mutants` says nothing about others.
std::optional<HalfLives> load_measured(const FuzzOptions& fuzz) {
  if (fuzz.half_lives.empty()) return std::nullopt;
  if (!fuzz.files.empty() || fuzz.strategy != "mix" || fuzz.target.mode == "free" || fuzz.directed)
    throw Failure{kExitUsage,
                  {"half-lives are measured with generated programs under schedules of every kind", "--half-lives",
                   "leave it out, or files, --strategy, --directed and --mode free"}};
  return or_fail(load_half_lives(fuzz.half_lives));
}

Json to_json(const FuzzOptions& fuzz) {
  return {{"files", fuzz.files},
          {"target", fuzz.target.target},
          {"mode", fuzz.target.mode},
          {"driver", fuzz.target.drivers},
          {"yields", fuzz.target.yields},
          {"vm-image", fuzz.target.vm_image},
          {"accept", fuzz.target.accepted},
          {"seed", fuzz.seed},
          {"programs", fuzz.programs},
          {"schedules", fuzz.schedules},
          {"strategy", fuzz.strategy},
          {"shard", fuzz.shard},
          {"known", fuzz.known},
          {"half-lives", fuzz.half_lives},
          {"races", fuzz.races},
          {"directed", fuzz.directed},
          {"pairs", fuzz.watch}};
}

FuzzOptions fuzz_options_from(const std::string& text, const std::string& place) {
  FuzzOptions fuzz;
  try {
    const Json json = Json::parse(text);
    json.at("files").get_to(fuzz.files);
    json.at("target").get_to(fuzz.target.target);
    json.at("mode").get_to(fuzz.target.mode);
    json.at("driver").get_to(fuzz.target.drivers);
    json.at("yields").get_to(fuzz.target.yields);
    json.at("vm-image").get_to(fuzz.target.vm_image);
    json.at("accept").get_to(fuzz.target.accepted);
    json.at("seed").get_to(fuzz.seed);
    json.at("programs").get_to(fuzz.programs);
    json.at("schedules").get_to(fuzz.schedules);
    json.at("strategy").get_to(fuzz.strategy);
    json.at("shard").get_to(fuzz.shard);
    json.at("known").get_to(fuzz.known);
    json.at("half-lives").get_to(fuzz.half_lives);
    json.at("races").get_to(fuzz.races);
    json.at("directed").get_to(fuzz.directed);
    json.at("pairs").get_to(fuzz.watch);
  } catch (const Json::exception&) {
    throw Failure{kExitInput,
                  {"this run store does not say how the run was asked for", place,
                   "use the version of rxcheck that made it, or begin the run anew"}};
  }
  return fuzz;
}

Json identity_of(const FuzzOptions& fuzz, const CampaignOptions& options, const CampaignReport& report,
                 const std::vector<Program>& programs) {
  Json drivers = Json::array();
  for (const DriverFile& driver : report.drivers) drivers.push_back(driver.sha256);
  std::string texts, known;
  for (const Program& program : programs) texts += print(ProgramFile{program, {}, {}, {}});
  for (const std::string& fingerprint : options.known) known += fingerprint + "\n";
  return {{"seed", fuzz.seed},
          {"programs", options.blocks.programs},
          {"schedules", options.blocks.schedules},
          {"strategy", fuzz.strategy},
          {"target", fuzz.target.target},
          {"yields", fuzz.target.yields},
          {"accept", fuzz.target.accepted},
          {"races", fuzz.races},
          {"directed", fuzz.directed},
          {"pairs", fuzz.watch},
          {"files", texts.empty() ? "" : sha256_hex(texts)},
          {"known", known.empty() ? "" : sha256_hex(known)},
          {"drivers", drivers},
          {"executive", report.executive},
          {"model_version", model_version()},
          {"version", RXCHECK_VERSION}};
}

std::string difference(const Json& one, const Json& other) {
  for (const auto& [name, value] : one.items()) {
    const auto there = other.find(name);
    if (there == other.end()) return name;
    if (*there != value) return fmt::format("{} ({}, {})", name, value.dump(), there->dump());
  }
  return "";
}

}  // namespace rxcheck::cli
