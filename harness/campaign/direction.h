// SPDX-License-Identifier: Apache-2.0
//
// Directs a block's programs and schedules towards what the block has not seen: cells that no delete has reached
// (models/coverage.h), by sketches in the place of some programs; pairs of conflicting accesses seen in one order only,
// by schedules that turn them round in the place of some of a program's. docs/directed.md says how shares are chosen.
//
// Knows nothing but the block that it is in: what a block does follows from the campaign's options and its number.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/pair_book.h"
#include "harness/campaign/plan.h"
#include "harness/core/random.h"
#include "harness/explore/pair_watch.h"
#include "harness/explore/sketch.h"
#include "harness/explore/staging.h"
#include "harness/explore/turn_round.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"
#include "models/coverage.h"

namespace rxcheck {

// Off; or only what is seen is written down, as a yardstick; or on.
enum class Directing : uint8_t { off, watch, on };

// What directing has come to. Empty if it is off.
struct DirectionReport {
  uint64_t sketches = 0;      // programs made for a cell
  uint64_t hits = 0;          // of these, those that reached it
  models::CellSet cells;      // reached by sketches' programs
  models::CellSet new_cells;  // when they were reached first in their block it was by a sketch
  uint64_t turns = 0;         // runs that were to turn a pair round
  PairBook pairs;
  std::map<Site, std::string> names;  // of the sites

  void merge(const DirectionReport& other);
};

class Direction {
 public:
  // REQUIRES: the source outlives this.
  Direction(const ProgramSource& source, Strategy strategy, uint32_t schedules, Directing how)
      : source_(source), strategy_(strategy), schedules_(schedules), how_(how) {}

  void begin();
  // The program of this index. To be asked in order.
  void program(uint64_t index, Program& out);
  // How its schedule number k is made. To be asked in order, each run reported by `learn` before the next.
  Plan plan(uint32_t k, uint32_t yields);
  // Whether program and plan are other than the campaign's usual ones.
  bool departs() const { return aim_.has_value() || turns_; }
  // A run by this plan is over. `cells` that deletes reached, if it was clean.
  void learn(const Plan& plan, const models::CellSet* cells);
  // The run of `learn` once more, written down: the one thing that says again what a directed run was.
  static Case record(Target& target, const Program& program, Plan plan);
  const DirectionReport& report() const { return report_; }

 private:
  std::optional<models::Cell> draw_aim(Random& random) const;
  // A pair, and the plan of the run that showed it.
  struct Candidate {
    SeenPair pair;
    Plan plan;
  };
  std::optional<Candidate> next_turn();

  const ProgramSource& source_;
  Strategy strategy_;
  uint32_t schedules_;
  Directing how_;

  // Of the block.
  uint64_t programs_ = 0;  // so far
  models::CellSet reached_;
  std::array<uint8_t, models::kCells> aims_{};  // how often each was aimed at
  DirectionReport report_;
  // Of the program.
  uint64_t index_ = 0;
  std::optional<models::Cell> aim_;
  bool hit_ = false;
  Sketch sketch_;
  std::vector<Candidate> candidates_;
  // Of the run.
  uint32_t schedule_ = 0;
  bool turns_ = false;
  PairWatch watch_;
  TurnRound turn_round_;
  Staging staging_;
  SitePair turning_;
};

}  // namespace rxcheck
