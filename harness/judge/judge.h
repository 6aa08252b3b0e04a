// SPDX-License-Identifier: Apache-2.0
//
// Judges a run: the executive's violation, the reference model, a scenario's expectations, then the shadow model, and
// names the first that objects. Holds the models, so that judging a clean run allocates nothing. Not thread-safe.
//
// A run that ended in a violation has a history without an end, so what never happened in it is no divergence. But an
// event that the reference refuses came before the violation and is nearer to the cause: then the clause is named and
// the rule only mentioned.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/judge/acceptance.h"
#include "harness/judge/verdict.h"
#include "harness/targets/target.h"
#include "models/reference/reference.h"
#include "models/shadow/shadow.h"

namespace rxcheck {

class Judge {
 public:
  explicit Judge(Acceptance accepted = {});

  // Nothing if the run is clean, or a lab fault. A run that left its schedule is judged by what it did.
  std::optional<Divergence> judge(const RunResult& run);
  // A history alone, as from a file: models and expectations.
  std::optional<Divergence> judge(const History& history);

  // What the deletes of the last history have met (models/coverage.h).
  const models::CellSet& cells() const { return reference_.cells(); }

  // From now on the reference's transitions are written down (models/reference/reference.h). Off by default.
  void watch_transitions(bool on) { reference_.watch_transitions(on); }
  const std::vector<uint64_t>& transitions() const { return reference_.transitions(); }

  // The reference model's state after the last history, in one line.
  std::string describe() const { return reference_.describe(); }

 private:
  std::optional<Divergence> judge_models(const History& history);

  Acceptance accepted_;
  models::Reference reference_;
  models::Shadow shadow_;
};

// What the run is: its end first (a run that left its schedule proves nothing), then what the judge found.
Verdict verdict_of(const RunResult& run, const std::optional<Divergence>& found);

}  // namespace rxcheck
