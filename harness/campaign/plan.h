// SPDX-License-Identifier: Apache-2.0
//
// What a campaign runs: which programs, and each under which plans. All of it follows from the campaign's seed and
// indices, so that any part can be done again alone. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/core/program.h"
#include "harness/targets/target.h"

namespace rxcheck {

enum class Strategy : uint8_t { mix, random, pct, pos, fair, portfolio };
inline constexpr Strategy kStrategies[] = {Strategy::mix, Strategy::random, Strategy::pct,
                                           Strategy::pos, Strategy::fair,   Strategy::portfolio};
std::optional<Strategy> parse_strategy(std::string_view name);
std::string_view name_of(Strategy strategy);

// The programs of a campaign by index: generated, or given ones over and over.
class ProgramSource {
 public:
  // REQUIRES: the given programs are valid. What their authors expect holds for one schedule only and is left out.
  // Of the variants that are accepted, generated programs choose some, half of the time.
  explicit ProgramSource(uint64_t seed, std::vector<Program> given = {}, VariantSet accepted = {});

  // Overwrites `out` and reuses its memory.
  void at(uint64_t index, Program& out) const;
  // From which a target learns where switches matter: other programs than those of the campaign, and those given.
  std::vector<Program> for_learning() const;
  uint64_t seed() const { return seed_; }
  // What comes by chance: a program, or a schedule where the programs are given.
  bool draws_programs() const { return given_.empty(); }
  // The number of the trial that such a run belongs to.
  uint64_t trial_of(uint64_t program, uint32_t schedule, uint32_t schedules) const {
    return draws_programs() ? program : program * schedules + schedule;
  }

 private:
  uint64_t seed_;
  std::vector<Program> given_;
  VariantSet accepted_;
};

// How schedule number `schedule` of program number `program` is made. `yields` is how many yield points the program's
// schedule 0 met (0 when asking for that one); PCT spreads its change points over them.
Plan plan_of(uint64_t seed, Strategy strategy, uint64_t program, uint32_t schedule, uint32_t schedules,
             uint32_t yields);

}  // namespace rxcheck
