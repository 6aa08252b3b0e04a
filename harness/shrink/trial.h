// SPDX-License-Identifier: Apache-2.0
//
// Tries candidates: runs each exactly under its schedule and asks whether the fingerprint is still there. Counts every
// run against a budget, so that what shrinking does depends on no clock. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

class Trial {
 public:
  Trial(Target& target, Judge& judge, std::string fingerprint, uint64_t budget, std::function<bool()> stop);

  // True if the case, replayed exactly, shows the fingerprint; it then gets the schedule that the run recorded. A run
  // that left its schedule never counts.
  bool exact(Case& candidate);

  // As `exact`, but the points need only be alike to those that the choices name.
  bool alike(Case& candidate, Likeness likeness);

  // As `exact`; where choices are not met, without these.
  bool met(Case& candidate);

  // As `met`; then without any choice, and last under short seeded searches. For edits of the program, after which the
  // old schedule may no longer fit.
  bool mended(Case& candidate);

  // As `exact`, outside the budget: afterwards `history` and `divergence` are those of this case.
  bool confirm(Case& candidate);

  // A schedule of at most `limit` switches under which the case shows the fingerprint, from `runs` seeded runs.
  bool search(Case& candidate, unsigned runs, unsigned limit);

  uint64_t tried() const { return tried_; }
  bool exhausted() const;
  const std::string& fingerprint() const { return fingerprint_; }

  // Of the last run that showed the fingerprint.
  const Divergence& divergence() const { return divergence_; }
  const History& history() const { return accepted_; }

 private:
  enum class Answer { same, other, left };
  Answer run(const Case& candidate, const Plan& plan);
  Answer run_unbounded(const Case& candidate, const Plan& plan);
  Answer replay(Case& candidate, Answer (Trial::*how)(const Case&, const Plan&) = &Trial::run,
                Likeness likeness = Likeness::exact);

  Target& target_;
  Judge& judge_;
  std::string fingerprint_;
  uint64_t budget_;
  std::function<bool()> stop_;
  uint64_t tried_ = 0;
  uint32_t yields_ = 400;
  RunResult result_;
  History accepted_;
  Divergence divergence_;
};

}  // namespace rxcheck
