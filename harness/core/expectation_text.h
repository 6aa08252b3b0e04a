// SPDX-License-Identifier: Apache-2.0
//
// The line `expect VERDICT [CLAUSE ["FINGERPRINT"]]` of a program file, whatever the surface: what a run of the file
// shows. Pure.
#pragma once

#include <optional>
#include <string>

#include "harness/core/result.h"
#include "harness/core/text_file.h"

namespace rxcheck {

struct Expectation {
  std::string verdict;      // one of the seven verdicts
  std::string clause;       // the clause or the executive's rule, one word; may be empty
  std::string fingerprint;  // printable ASCII; may be empty, and is if `clause` is

  friend bool operator==(const Expectation&, const Expectation&) = default;
};

// The whole line, with its LF.
std::string expectation_line(const Expectation& expectation);
// REQUIRES: the line's first word is `expect`. The error has no place yet.
Result<Expectation> read_expectation(const TextLine& line);

}  // namespace rxcheck
