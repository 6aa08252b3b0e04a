// SPDX-License-Identifier: Apache-2.0
//
// From a run that fails to what is reported and kept: the run is confirmed (harness/campaign/confirm.h), made small
// (harness/shrink/shrink.h) and put into words and a program file. Whoever finds something asks here: campaigns,
// explorations, the hunt of mutants, the search for what a history shows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/campaign/run_folder.h"
#include "harness/core/program_text.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck {

inline constexpr uint64_t kShrinkBudget = 50'000;  // runs per finding

struct Finding {
  Verdict verdict = Verdict::divergent;  // divergent, drift or nondeterministic
  std::string fingerprint;
  std::string clause;
  std::string summary;
  std::string repro;  // path
  unsigned operations = 0;
  unsigned actors = 0;
  unsigned switches = 0;
  uint64_t occurrences = 0;
};

struct Investigated {
  bool repeats() const { return finding.verdict != Verdict::nondeterministic; }

  Finding finding;         // without a path and a count; its summary says why if it does not repeat
  ProgramFile file;        // the smallest case that shows it, without title and provenance
  bool replays = true;     // false for a target without yield points, whose runs no schedule can name
  History history;         // of the run that confirmed it
  std::string guest_said;  // RunResult::guest_said of that run
};

struct InvestigateOptions {
  bool shrinks = true;
  std::function<bool()> stop{};  // true ends the shrinking early
};

// `plan` of the run of `program` that showed the fingerprint. A target without yield points does not shrink.
Investigated investigate(Target& target, Judge& judge, const Program& program, const Plan& plan,
                         const std::string& fingerprint, const InvestigateOptions& options = {});

// Puts it into the folder, under its summary: the program file, or the history of what does not replay, and what the
// guest said. Returns the path as RunFolder::keep does.
std::string keep(const Investigated& investigated, RunFolder& folder,
                 const std::function<void(const std::string&)>& note);

}  // namespace rxcheck
