// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/shrink.h"

#include "harness/shrink/passes.h"
#include "harness/shrink/trial.h"

namespace rxcheck {

std::optional<Shrunk> shrink(Target& target, Judge& judge, const Case& start, const std::string& fingerprint,
                             const ShrinkOptions& options) {
  Trial trial(target, judge, fingerprint, options.budget, options.stop);
  Shrunk result;
  Case& current = result.smallest = start;
  if (!trial.exact(current)) return std::nullopt;

  bool smaller = true;
  while (smaller && !trial.exhausted()) {
    smaller = passes::remove_choices(trial, current);
    smaller = passes::fuse_choices(trial, current) || smaller;
    smaller = passes::remove_operations(trial, current) || smaller;
    smaller = passes::merge_actors(trial, current) || smaller;
    smaller = passes::make_plainer(trial, current) || smaller;
    // These two cost most and find least: only when the others are through.
    if (!smaller) smaller = passes::move_operations(trial, current);
    if (!smaller) smaller = passes::find_fewer_switches(trial, current);
  }
  result.minimal = !trial.exhausted();
  trial.confirm(current);
  result.divergence = trial.divergence();
  result.history = trial.history();
  result.operations = static_cast<unsigned>(current.program.operations.size());
  result.actors = actors_used(current.program);
  result.switches = switches_in(current.schedule);
  result.candidates_tried = trial.tried();
  return result;
}

}  // namespace rxcheck
