// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_generate.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/campaign/block.h"
#include "harness/campaign/corpus_reduce.h"
#include "harness/campaign/direction.h"

namespace rxcheck {

namespace {

constexpr uint64_t kReduceBudget = 10'000;  // runs for each program

Behaviours difference(const Behaviours& all, const Behaviours& known) {
  Behaviours rest;
  std::ranges::set_difference(all, known, std::back_inserter(rest));
  return rest;
}

void add_to(Behaviours& known, const Behaviours& more) {
  Behaviours all;
  std::ranges::set_union(known, more, std::back_inserter(all));
  known = std::move(all);
}

Offer offer_of(const Case& shown, const std::string& origin) {
  return {origin, corpus_file_of({shown.program, shown.schedule})};
}

}  // namespace

std::vector<Offer> generate_new(const Generation& generation, Behaviours shown, const CorpusWorkshop& workshop) {
  const ProgramSource source(generation.seed, {}, generation.accepted);
  Direction direction(source, Strategy::mix, kDefaultSchedules, Directing::on);
  std::vector<Offer> offers;
  Program program;
  RunResult result;
  for (uint64_t i = 0; i < generation.programs; ++i) {
    if (workshop.stop && workshop.stop()) break;
    if (i % kBlockPrograms == 0) direction.begin();
    direction.program(i, program);
    uint32_t yields = 0;
    for (uint32_t k = 0; k < kDefaultSchedules; ++k) {
      const Plan plan = direction.plan(k, yields);
      workshop.target.run(program, plan, result);
      if (k == 0) yields = result.yields;
      const auto found = workshop.judge.judge(result);
      const bool clean = verdict_of(result, found) == Verdict::clean;
      const models::CellSet cells = workshop.judge.cells();
      const Behaviours fresh = clean ? difference(behaviours_of(workshop.judge), shown) : Behaviours{};
      direction.learn(plan, clean ? &cells : nullptr);
      if (fresh.empty()) continue;
      Case small = Direction::record(workshop.target, program, plan);
      // As it was written down it must show the same, or it is of no use.
      const Look look = look_at(workshop.target, workshop.judge, ProgramFile{small.program, small.schedule});
      if (look.verdict != Verdict::clean || !std::ranges::includes(look.behaviours, fresh)) continue;
      small = reduce_showing(workshop.target, workshop.judge, std::move(small), fresh, kReduceBudget);
      add_to(shown, look_at(workshop.target, workshop.judge, ProgramFile{small.program, small.schedule}).behaviours);
      offers.push_back(offer_of(small, fmt::format("seed {} program {}", generation.seed, i)));
    }
    if (workshop.progress) workshop.progress(i + 1);
  }
  return offers;
}

}  // namespace rxcheck
