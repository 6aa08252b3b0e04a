// SPDX-License-Identifier: Apache-2.0
//
// What `rxcheck explain` has to say of a run, before it is put into text, JSON or a page: the history, what is broken,
// which choices it takes, and what would have prevented it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/cause.h"
#include "harness/cli/command.h"
#include "harness/cli/source_lines.h"
#include "harness/cli/story.h"
#include "harness/core/program_text.h"
#include "harness/judge/judge.h"

namespace rxcheck::cli {

struct Explanation {
  Verdict verdict = Verdict::clean;
  std::optional<Divergence> divergence;
  History history;
  Schedule schedule;
  std::vector<Part> parts;  // one a choice
  std::string state;        // of the reference model
  std::string message;
  std::vector<Cause> causes;            // of the switches that decide
  std::optional<LoggedAccess> last_by;  // no switch decides: what the line that broke it did last in a driver
  std::string broken_in;                // a rule of the executive: the driver's function, if known
  SourceLines lines;
};

// What is promised, and where.
struct Promise {
  std::string sentence;
  std::string source;
};
Promise promise_of(const std::string& clause);

// Throws Failure if the target cannot be had.
Explanation explain_program(const TargetOptions& options, const std::string& path, const ProgramFile& file,
                            Judge& judge);
Explanation explain_history(const History& history, Judge& judge);

// The choices of the schedule among the events, the broken one marked.
std::vector<std::string> timeline_of(const Explanation& explanation, unsigned width);
// What the schedule has to do with it, where no switch decides; empty where one does.
std::vector<std::string> without_switch(const Explanation& explanation);

}  // namespace rxcheck::cli
