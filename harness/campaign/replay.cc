// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/replay.h"

#include <fmt/format.h>

#include "harness/core/digest.h"
#include "harness/core/history_text.h"
#include "harness/explore/race_watch.h"
#include "harness/shrink/nearby.h"
#include "harness/targets/shadow.h"

namespace rxcheck {

namespace {

std::string fingerprint_of(const std::optional<Divergence>& found) { return found ? found->fingerprint : ""; }

}  // namespace

Replayed replay(Target& target, Judge& judge, const ProgramFile& file, unsigned repeat) {
  Replayed result;
  if (!file.schedule.choices.empty() && !follows_schedules(target)) {
    result.verdict = Verdict::incomplete;
    result.message = fmt::format("the {} target has no yield points and cannot follow a schedule; use --target inproc",
                                 target.name());
    return result;
  }
  if (file.program.low_memory != 0 && !follows_schedules(target)) {
    result.verdict = Verdict::incomplete;
    result.message = fmt::format("the {} target allocates nothing and cannot refuse an allocation; use --target inproc",
                                 target.name());
    return result;
  }
  if (file.expectation && file.expectation->clause == kDataRace && !target.detect_races(true)) {
    result.verdict = Verdict::incomplete;
    result.message = fmt::format("the {} target does not see data races; use --target inproc", target.name());
    return result;
  }
  Plan plan = Plan::replaying(file.schedule);
  plan.record = true;
  for (unsigned i = 1; i <= repeat; ++i) {
    target.run(file.program, plan, result.run);
    auto found = judge.judge(result.run);
    const Verdict verdict = verdict_of(result.run, found);
    std::string trace = sha256_hex(canonical_trace(result.run.history));
    const bool same = trace == result.trace_sha256 && verdict == result.verdict &&
                      fingerprint_of(found) == fingerprint_of(result.divergence);
    if (i > 1 && !same) {
      result.verdict = Verdict::nondeterministic;
      result.message = fmt::format("run {} of {} was not like the one before it", i, repeat);
      return result;
    }
    result.divergence = std::move(found);
    result.verdict = verdict;
    result.trace_sha256 = std::move(trace);
  }
  result.message = result.run.lab_message;
  if (result.verdict == Verdict::left_schedule) {
    result.divergence.reset();
    if (file.expectation && !file.expectation->fingerprint.empty())
      result.nearby =
          find_nearby(target.searcher(), judge, {file.program, file.schedule}, file.expectation->fingerprint);
  }
  return result;
}

}  // namespace rxcheck
