// SPDX-License-Identifier: Apache-2.0
//
// A block: 1,024 consecutive program indices, the unit in which a campaign is divided, reported and hashed. What a
// block does depends on the campaign's options and its number alone, so the digest over blocks does not depend on who
// ran which. A BlockRunner works in one process and only counts and names what it finds; confirming and shrinking are
// for whoever merges the reports.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "harness/campaign/direction.h"
#include "harness/campaign/plan.h"
#include "harness/campaign/tally.h"
#include "harness/core/result.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck {

inline constexpr uint64_t kBlockPrograms = 1024;
inline constexpr uint32_t kDefaultSchedules = 4;  // per program

// Where in the campaign a run is.
struct Position {
  uint64_t program = 0;
  uint32_t schedule = 0;
};

// One fingerprint within a block.
struct Occurrence {
  std::string fingerprint;
  Verdict verdict = Verdict::divergent;
  Position first;
  uint64_t count = 0;
  std::string directed{};  // the program file with its schedule, if the campaign's plan alone does not say them
};

struct BlockReport : Tally {
  uint64_t block = 0;
  std::string lab_message;              // of the first lab fault
  std::string digest;                   // SHA-256 of the programs' hashes, in hex; "" for a block that was lost
  std::vector<Occurrence> occurrences;  // by first position
};

// For a report's way through a pipe.
std::string to_bytes(const BlockReport& report);
Result<BlockReport> from_bytes(std::string_view bytes);

struct BlockOptions {
  uint64_t programs = 0;   // of the whole campaign
  uint32_t schedules = 1;  // per program
  Strategy strategy = Strategy::mix;
  Directing directing = Directing::off;
};

class BlockRunner {
 public:
  // REQUIRES: target, judge and source outlive this.
  BlockRunner(Target& target, Judge& judge, const ProgramSource& source, const BlockOptions& options)
      : target_(target),
        judge_(judge),
        source_(source),
        options_(options),
        direction_(source, options.strategy, options.schedules, options.directing) {}

  // `watch` is told the position before every run and whether to stop is asked after every program.
  BlockReport run(uint64_t block, const std::function<void(Position)>& watch, const std::function<bool()>& stop);

 private:
  uint64_t run_program(uint64_t index, BlockReport& report, const std::function<void(Position)>& watch);
  void count(const Divergence& found, Position position, const Plan& plan, BlockReport& report);

  Target& target_;
  Judge& judge_;
  const ProgramSource& source_;
  BlockOptions options_;
  Direction direction_;
  Program program_;
  RunResult result_;
  std::vector<uint64_t> lives_;
  std::unordered_set<uint64_t> schedules_seen_;
};

}  // namespace rxcheck
