// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/direction.h"

#include <algorithm>
#include <utility>

namespace rxcheck {

namespace {

constexpr uint64_t kSketchPurpose = 0x736b6574;  // of derive_seed: never change it
constexpr uint64_t kUndirected = 256;            // programs at the beginning of a block: what is easy shows by itself
constexpr uint8_t kMostAims = 8;                 // at one cell in a block

const models::CellSet& all_reachable() {
  static const models::CellSet cells = models::reachable_cells();
  return cells;
}

}  // namespace

void DirectionReport::merge(const DirectionReport& other) {
  sketches += other.sketches;
  hits += other.hits;
  cells |= other.cells;
  new_cells |= other.new_cells;
  turns += other.turns;
  pairs.merge(other.pairs);
  names.insert(other.names.begin(), other.names.end());
}

void Direction::begin() {
  programs_ = 0;
  reached_.reset();
  aims_.fill(0);
  report_ = {};
}

// Of the cells that were not reached one of those that were aimed at least.
std::optional<models::Cell> Direction::draw_aim(Random& random) const {
  std::vector<unsigned> least;
  uint8_t aims = kMostAims;
  for (unsigned i = 0; i < models::kCells; ++i) {
    if (!all_reachable()[i] || reached_[i] || aims_[i] > aims || aims_[i] == kMostAims) continue;
    if (aims_[i] < aims) least.clear();
    aims = aims_[i];
    least.push_back(i);
  }
  if (least.empty()) return std::nullopt;
  return models::cell_at(least[random.below(static_cast<uint32_t>(least.size()))]);
}

void Direction::program(uint64_t index, Program& out) {
  index_ = index;
  aim_.reset();
  hit_ = false;
  candidates_.clear();
  source_.at(index, out);
  const uint64_t number = programs_++;
  if (how_ != Directing::on || !source_.draws_programs()) return;
  if (number < kUndirected || number % 2 == 0) return;
  Random random(derive_seed(source_.seed(), kSketchPurpose, index));
  aim_ = draw_aim(random);
  if (!aim_) return;
  ++aims_[models::index_of(*aim_)];
  ++report_.sketches;
  sketch(*aim_, out, random, sketch_);
  staging_.set(sketch_.stages);
  out = sketch_.program;
}

// The one seen least: what many programs show will come again.
std::optional<Direction::Candidate> Direction::next_turn() {
  std::erase_if(candidates_, [&](const Candidate& candidate) { return !report_.pairs.wants(candidate.pair); });
  const auto rarest = std::ranges::min_element(
      candidates_, {}, [&](const Candidate& candidate) { return report_.pairs.runs_with(candidate.pair.sites); });
  if (rarest == candidates_.end()) return std::nullopt;
  const Candidate found = *rarest;
  candidates_.erase(rarest);
  return found;
}

Plan Direction::plan(uint32_t k, uint32_t yields) {
  turns_ = false;
  schedule_ = k;
  Plan plan = plan_of(source_.seed(), strategy_, index_, k, schedules_, yields);
  if (how_ != Directing::off) plan.pairs = &watch_;
  if (how_ != Directing::on) return plan;
  if (aim_) {
    // First without any other switch; then among others.
    if (k == 0) plan.kind = Plan::Kind::baseline;
    plan.holding = &staging_;
    return plan;
  }
  if (k % 2 == 0) return plan;
  const auto candidate = next_turn();
  if (!candidate) return plan;
  ++report_.turns;
  turns_ = true;
  turning_ = candidate->pair.sites;
  turn_round_.aim(candidate->pair, watch_);
  plan = candidate->plan;
  plan.holding = &turn_round_;
  return plan;
}

Case Direction::record(Target& target, const Program& program, Plan plan) {
  plan.record = true;
  RunResult run;
  target.run(program, plan, run);
  return {program, std::move(run.schedule)};
}

void Direction::learn(const Plan& plan, const models::CellSet* cells) {
  if (plan.pairs != nullptr) {
    for (const SeenPair& pair : watch_.seen()) {
      if (report_.pairs.see(pair))
        for (const Site site : {pair.sites.first, pair.sites.second}) report_.names.emplace(site, watch_.name_of(site));
      // What a held thread led to is not led to by the plan alone.
      if (how_ == Directing::on && plan.holding == nullptr && report_.pairs.wants(pair))
        candidates_.push_back({pair, plan});
    }
  }
  if (turns_) report_.pairs.tried(turning_, turn_round_.came_first());
  if (cells == nullptr) return;
  if (aim_) {
    if (!hit_ && (*cells)[models::index_of(*aim_)]) {
      hit_ = true;
      ++report_.hits;
    }
    report_.cells |= *cells;
    report_.new_cells |= *cells & ~reached_;
  }
  reached_ |= *cells;
}

}  // namespace rxcheck
