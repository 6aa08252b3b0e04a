// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/mutant_hunt.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>

#include "harness/campaign/finding.h"
#include "harness/campaign/target_choice.h"
#include "harness/campaign/wire.h"
#include "harness/core/program_text.h"
#include "harness/explore/race_watch.h"
#include "harness/targets/inproc.h"

namespace rxcheck {

namespace {

constexpr uint64_t kProgramsAfterDrift = 2'000;
constexpr uint64_t kProgramsInVain = 5'000;  // per seed, for a mutant that is not expected to be found

std::vector<std::string> drivers_of(const std::string& id) {
  const std::string folder = beside_executable("driver/mutants/" + id + "/");
  return {folder + "rxrdbss.sys", folder + "rxprobe.sys"};
}

// Why a guest with the mutant does not show at the first try what was found in process; nothing if it does.
std::optional<std::string> not_shown_by(const std::string& target, const TargetChoice& hunted, const ProgramFile& repro,
                                        const std::string& fingerprint) {
  TargetChoice choice = hunted;
  choice.name = target;
  auto guest = open_target(choice);
  if (!guest) return guest.error().text();
  Plan plan = Plan::replaying(repro.schedule);
  RunResult run;
  (*guest)->run(repro.program, plan, run);
  const auto found = Judge().judge(run);
  if (found && found->fingerprint == fingerprint) return std::nullopt;
  if (!run.lab_message.empty()) return fmt::format("{} in process; on {}: {}", fingerprint, target, run.lab_message);
  return fmt::format("{} in process; on {} it shows {}", fingerprint, target,
                     found ? found->fingerprint : "a clean run");
}

// Fills in what the shrunk repro says.
void describe(MutantResult& result, Target& target, Judge& judge, const ProgramSource& source, const Kill& kill,
              const TargetChoice& choice, const MutantOptions& options) {
  Program program = kill.directed.program;
  const bool directed = !program.operations.empty();
  if (!directed) source.at(kill.position.program, program);
  const Plan plan = directed ? Plan::replaying(kill.directed.schedule) : kill.plan;
  result.clause = kill.divergence.clause;
  result.drift = kill.divergence.verdict == Verdict::drift;
  result.summary = kill.divergence.summary;
  Investigated found = investigate(target, judge, program, plan, kill.divergence.fingerprint);
  if (!found.repeats()) {
    result.problem = found.finding.summary;
    return;
  }
  result.summary = found.finding.summary;
  if (options.target != choice.name && kill.divergence.clause != kDataRace)  // which is seen in process only
    if (auto why = not_shown_by(options.target, choice, found.file, kill.divergence.fingerprint)) result.problem = *why;
  result.operations = found.finding.operations;
  result.switches = found.finding.switches;
  found.file.provenance = Provenance{source.seed(), kill.position.program, kill.position.schedule};
  result.repro = print(found.file);
}

}  // namespace

std::optional<Kill> first_divergence(Target& target, Judge& judge, const ProgramSource& source, uint64_t programs,
                                     Directing directing) {
  Direction direction(source, Strategy::mix, kDefaultSchedules, directing);
  Program program;
  RunResult run;
  uint64_t runs = 0;
  std::optional<Kill> drift;
  for (uint64_t i = 0; i < programs; ++i) {
    if (drift && i > drift->position.program + kProgramsAfterDrift) break;
    if (i % kBlockPrograms == 0) direction.begin();
    direction.program(i, program);
    uint32_t yields = 0;
    for (uint32_t k = 0; k < kDefaultSchedules; ++k) {
      const Plan plan = direction.plan(k, yields);
      target.run(program, plan, run);
      ++runs;
      if (k == 0) yields = run.yields;
      auto found = judge.judge(run);
      const bool clean = verdict_of(run, found) == Verdict::clean;
      direction.learn(plan, clean ? &judge.cells() : nullptr);
      if (!found || (found->verdict != Verdict::divergent && drift)) continue;
      Kill kill{{i, k}, {}, runs, std::move(*found), {}};
      if (direction.departs())
        kill.directed = Direction::record(target, program, plan);
      else
        kill.plan = plan;
      kill.plan.pairs = nullptr;
      if (kill.divergence.verdict == Verdict::divergent) return kill;
      drift = std::move(kill);
    }
  }
  return drift;
}

MutantResult hunt(const std::string& id, const MutantOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  MutantResult result;
  result.id = id;
  result.note = note_of(id);
  const uint64_t programs =
      result.note.kind == MutantNote::Kind::none ? options.programs : std::min(options.programs, kProgramsInVain);
  std::vector<uint64_t> runs;
  for (uint64_t seed = 1; seed <= options.seeds && result.problem.empty(); ++seed) {
    TargetChoice choice;
    choice.drivers = drivers_of(id);
    choice.access_yields = options.access_yields;
    choice.races = options.races || result.note.races;
    auto target = open_target(choice);
    if (!target) {
      result.problem = target.error().text();
      break;
    }
    const ProgramSource source(seed);
    target->learn(source.for_learning(), seed);
    Judge judge;
    const auto hunt_begin = std::chrono::steady_clock::now();
    const auto kill =
        first_divergence(**target, judge, source, programs, options.directed ? Directing::on : Directing::off);
    result.schedules_run += kill ? kill->runs : programs * kDefaultSchedules;
    if (!kill) continue;
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - hunt_begin).count();
    result.worst_s = std::max(result.worst_s, took);
    runs.push_back(kill->runs);
    if (runs.size() == 1) describe(result, **target, judge, source, *kill, choice, options);
  }
  result.seeds_killed = runs.size();
  result.killed = runs.size() == options.seeds && result.problem.empty();
  std::ranges::sort(runs);
  if (!runs.empty()) result.schedules_to_kill = runs[runs.size() / 2];
  if (!runs.empty()) result.worst_schedules = runs.back();
  result.hunts = std::move(runs);
  result.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

std::string to_bytes(const MutantResult& result) {
  WireWriter out;
  for (const std::string* text :
       {&result.id, &result.clause, &result.summary, &result.repro, &result.problem, &result.note.reason})
    out.text(*text);
  for (const uint64_t number :
       {uint64_t{result.killed}, uint64_t{result.drift}, static_cast<uint64_t>(result.note.kind), result.seeds_killed,
        result.schedules_to_kill, std::bit_cast<uint64_t>(result.elapsed_s), uint64_t{result.operations},
        uint64_t{result.switches}, result.worst_schedules, std::bit_cast<uint64_t>(result.worst_s),
        result.schedules_run, uint64_t{result.hunts.size()}})
    out.number(number);
  for (const uint64_t schedules : result.hunts) out.number(schedules);
  return out.take();
}

Result<MutantResult> mutant_from_bytes(std::string_view bytes) {
  WireReader in(bytes);
  MutantResult result;
  for (std::string* text :
       {&result.id, &result.clause, &result.summary, &result.repro, &result.problem, &result.note.reason})
    *text = in.text();
  result.killed = in.number() != 0;
  result.drift = in.number() != 0;
  result.note.kind = static_cast<MutantNote::Kind>(in.number());
  result.seeds_killed = in.number();
  result.schedules_to_kill = in.number();
  result.elapsed_s = std::bit_cast<double>(in.number());
  result.operations = static_cast<unsigned>(in.number());
  result.switches = static_cast<unsigned>(in.number());
  result.worst_schedules = in.number();
  result.worst_s = std::bit_cast<double>(in.number());
  result.schedules_run = in.number();
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left) result.hunts.push_back(in.number());
  if (!in.done()) return Error{"a worker's report is damaged", "", ""};
  return result;
}

}  // namespace rxcheck
