// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/plan.h"

#include <iterator>
#include <span>

#include "harness/core/random.h"
#include "harness/explore/generator.h"

namespace rxcheck {

namespace {

// Purposes of derive_seed. They are part of what a seed means: never change one.
constexpr uint64_t kProgramPurpose = 0x70726f67;
constexpr uint64_t kPlanPurpose = 0x706c616e;
constexpr uint64_t kLearnPurpose = 0x6c65726e;
constexpr unsigned kLearningPrograms = 256;

struct Way {
  Plan::Kind kind;
  uint32_t amount;  // random: period; pct: depth
};
// Few switches and many, by chance and by priorities: no single way finds all kinds of race.
constexpr Way kRandomWays[] = {{Plan::Kind::random, 4},
                               {Plan::Kind::random, 16},
                               {Plan::Kind::random, 8},
                               {Plan::Kind::random, 64},
                               {Plan::Kind::random, 32}};
constexpr Way kPctWays[] = {{Plan::Kind::pct, 2}, {Plan::Kind::pct, 3}, {Plan::Kind::pct, 4}};
constexpr Way kPosWays[] = {{Plan::Kind::pos, 0}};
constexpr Way kFairWays[] = {{Plan::Kind::fair, 2}, {Plan::Kind::fair, 3}, {Plan::Kind::fair, 4}};
constexpr uint32_t kPatience = 64;  // yield points
constexpr Way kMixWays[] = {{Plan::Kind::random, 8},  {Plan::Kind::pct, 3},    {Plan::Kind::random, 32},
                            {Plan::Kind::pct, 2},     {Plan::Kind::random, 4}, {Plan::Kind::pct, 4},
                            {Plan::Kind::random, 16}, {Plan::Kind::random, 64}};

std::span<const Way> ways_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::random:
      return kRandomWays;
    case Strategy::pct:
      return kPctWays;
    case Strategy::pos:
      return kPosWays;
    case Strategy::fair:
      return kFairWays;
    case Strategy::mix:
    case Strategy::portfolio:
      break;
  }
  return kMixWays;
}

// None, one alone, or about half of them.
VariantSet draw_variants(Random& random, VariantSet accepted) {
  VariantSet drawn;
  if (random.chance(1, 2)) return drawn;
  std::vector<Variant> all;
  for (unsigned i = 0; i < kVariants; ++i)
    if (accepted.has(static_cast<Variant>(i))) all.push_back(static_cast<Variant>(i));
  if (random.chance(1, 2)) {
    drawn.add(all[random.below(static_cast<uint32_t>(all.size()))]);
    return drawn;
  }
  for (const Variant variant : all)
    if (random.chance(1, 2)) drawn.add(variant);
  return drawn;
}

}  // namespace

std::optional<Strategy> parse_strategy(std::string_view name) {
  for (const Strategy strategy : kStrategies)
    if (name == name_of(strategy)) return strategy;
  return std::nullopt;
}

std::string_view name_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::random:
      return "random";
    case Strategy::pct:
      return "pct";
    case Strategy::pos:
      return "pos";
    case Strategy::fair:
      return "fair";
    case Strategy::portfolio:
      return "portfolio";
    case Strategy::mix:
      break;
  }
  return "mix";
}

ProgramSource::ProgramSource(uint64_t seed, std::vector<Program> given, VariantSet accepted)
    : seed_(seed), given_(std::move(given)), accepted_(accepted) {
  for (Program& program : given_)
    for (Operation& op : program.operations) op.expected.reset();
}

void ProgramSource::at(uint64_t index, Program& out) const {
  if (!given_.empty()) {
    out = given_[index % given_.size()];
    return;
  }
  Random random(derive_seed(seed_, kProgramPurpose, index));
  generate(random, GeneratorOptions{}, out);
  // One program in sixteen is refused an allocation: early or late, a program makes some hundred.
  if (index % 16 == 7) out.low_memory = 1 + random.below(random.chance(1, 2) ? 24 : 160);
  if (!accepted_.empty()) out.variants = draw_variants(random, accepted_);
}

std::vector<Program> ProgramSource::for_learning() const {
  std::vector<Program> programs(kLearningPrograms);
  for (uint64_t i = 0; i < kLearningPrograms; ++i) {
    Random random(derive_seed(seed_, kLearnPurpose, i));
    generate(random, GeneratorOptions{}, programs[i]);
  }
  programs.insert(programs.end(), given_.begin(), given_.end());
  return programs;
}

Plan plan_of(uint64_t seed, Strategy strategy, uint64_t program, uint32_t schedule, uint32_t schedules,
             uint32_t yields) {
  // A portfolio gives each program of a few in a row another strategy: what one is bad at another is good at.
  constexpr Strategy kPortfolio[] = {Strategy::mix, Strategy::pos, Strategy::random, Strategy::pct};
  if (strategy == Strategy::portfolio) strategy = kPortfolio[program % std::size(kPortfolio)];
  const auto ways = ways_of(strategy);
  const uint64_t index = program * schedules + schedule;
  const Way& way = ways[index % ways.size()];
  Plan plan;
  plan.kind = way.kind;
  plan.seed = derive_seed(seed, kPlanPurpose, index);
  if (way.kind == Plan::Kind::random) plan.period = way.amount;
  if (way.kind == Plan::Kind::pct || way.kind == Plan::Kind::fair) plan.depth = way.amount;
  if (way.kind == Plan::Kind::fair) plan.period = kPatience;
  if (yields != 0) plan.expected_yields = yields;
  return plan;
}

}  // namespace rxcheck
