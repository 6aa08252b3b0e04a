// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/block.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/campaign/behaviours.h"
#include "harness/campaign/run_hash.h"
#include "harness/core/digest.h"
#include "harness/core/program_text.h"
#include "harness/core/random.h"

namespace rxcheck {

BlockReport BlockRunner::run(uint64_t block, const std::function<void(Position)>& watch,
                             const std::function<bool()>& stop) {
  BlockReport report;
  report.block = block;
  std::vector<uint64_t> hashes;
  direction_.begin();
  const uint64_t first = block * kBlockPrograms;
  const uint64_t last = std::min(first + kBlockPrograms, options_.programs);
  for (uint64_t i = first; i < last && !stop(); ++i) hashes.push_back(run_program(i, report, watch));
  Sha256 digest;
  digest.update(std::span<const uint64_t>(hashes));
  report.digest = digest.hex();
  report.direction = direction_.report();
  return report;
}

uint64_t BlockRunner::run_program(uint64_t index, BlockReport& report, const std::function<void(Position)>& watch) {
  direction_.program(index, program_);
  uint64_t hash = hash_of(program_);
  uint32_t yields = 0;
  schedules_seen_.clear();
  ProgramGuarantee guarantee;
  for (uint32_t k = 0; k < options_.schedules; ++k) {
    const Position position{index, k};
    watch(position);
    const Plan plan = direction_.plan(k, yields);
    target_.run(program_, plan, result_);
    if (k == 0) yields = result_.yields;
    const bool followed = result_.end == RunResult::End::finished || result_.end == RunResult::End::violation;
    const auto found = followed ? judge_.judge(result_) : std::nullopt;
    hash = mix64(hash ^ hash_of(result_, verdict_of(result_, found)));
    schedules_seen_.insert(result_.schedule_hash);
    if (followed) {
      behaviours_of(result_.history, lives_);
      report.behaviours.add(source_.trial_of(index, k, options_.schedules), lives_);
    }
    if (followed && plan.kind == Plan::Kind::pct && plan.holding == nullptr && result_.lines != 0) {
      guarantee.add(result_.lines, plan.expected_yields, plan.depth);
      report.pct.add_schedule(result_.yields, plan.expected_yields);
    }
    report.operations += program_.operations.size();
    // What a diverging driver shows is no place that a sound one can get to.
    const bool clean = verdict_of(result_, found) == Verdict::clean;
    if (clean) report.cells |= judge_.cells();
    direction_.learn(plan, clean ? &judge_.cells() : nullptr);
    if (found) count(*found, position, plan, report);
    if (!followed && report.lab_faults++ == 0)
      report.lab_message = fmt::format("program {}, schedule {}: {}", index, k, result_.lab_message);
  }
  report.pct.add_program(guarantee);
  ++report.programs;
  report.schedules += options_.schedules;
  report.distinct_schedules += schedules_seen_.size();
  return hash;
}

void BlockRunner::count(const Divergence& found, Position position, const Plan& plan, BlockReport& report) {
  report.drift += found.verdict == Verdict::drift;
  auto known = std::ranges::find(report.occurrences, found.fingerprint, &Occurrence::fingerprint);
  if (known != report.occurrences.end()) {
    ++known->count;
    return;
  }
  report.occurrences.push_back({found.fingerprint, found.verdict, position, 1, ""});
  if (!direction_.departs()) return;
  Case directed = Direction::record(target_, program_, plan);
  report.occurrences.back().directed =
      print(ProgramFile{std::move(directed.program), std::move(directed.schedule), {}, {}});
}

}  // namespace rxcheck
