// SPDX-License-Identifier: Apache-2.0
//
// Runs files of a corpus and says what each shows: its verdict, and as behaviours the cells that its deletes reach
// (models/coverage.h) and the transitions of the reference model (models/reference/transitions.cc).
#pragma once

#include <optional>
#include <string>

#include "harness/campaign/corpus_cover.h"
#include "harness/campaign/corpus_folder.h"
#include "harness/campaign/replay.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"
#include "models/coverage.h"

namespace rxcheck {

struct Look {
  Verdict verdict = Verdict::clean;
  std::string clause;       // "" if clean
  std::string fingerprint;  // "" if clean
  std::string message;      // of a run that proves nothing: why
  Behaviours behaviours;    // of a clean run: what a diverging driver shows is no place that a sound one can get to
  models::CellSet cells;

  // Whether it says what the file means: neither left-schedule nor a fault of the lab.
  bool proves() const { return verdict == Verdict::clean || is_divergence(); }
  bool is_divergence() const { return verdict == Verdict::divergent || verdict == Verdict::drift; }
  Expectation expectation() const;
};

// The verdict with its clause, or why there is none that counts.
std::string words_of(const Look& look);

// What the judge has seen last.
Behaviours behaviours_of(const Judge& judge);

// Transitions count if the judge watches them.
Look look_at(Target& target, Judge& judge, const ProgramFile& file);
Look look_at(Target& target, Judge& judge, const CorpusFile& file);

// What changed since the verdict was written down, in words: "was clean, is divergent C46". Nothing if the run proves
// nothing, or all is as it was; a clause or fingerprint that was not written down may be any.
std::optional<std::string> change_of_meaning(const Expectation& was, const Look& look);

}  // namespace rxcheck
