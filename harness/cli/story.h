// SPDX-License-Identifier: Apache-2.0
//
// The part that each choice of a schedule plays in a run: where in the history it shows, and whether the divergence
// needs it. Both are found by running again, with fewer choices.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/core/program_text.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck::cli {

struct Part {
  size_t event = 0;      // it was made just before this event; several may share one
  bool decides = false;  // without this choice alone the divergence is gone
};

// One Part a choice. REQUIRES: the file, replayed, gives `history`. `fingerprint` may be empty: then nothing decides.
std::vector<Part> parts_of(Target& target, Judge& judge, const ProgramFile& file, const History& history,
                           const std::string& fingerprint);

// "a2.1/worker stops in RxFoo before writing RxCx+0x48; a3 goes on".
std::string words_for(const Choice& choice);

}  // namespace rxcheck::cli
