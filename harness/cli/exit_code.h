// SPDX-License-Identifier: Apache-2.0
//
// The tool's exit codes. They are a contract with scripts: never change one.
#pragma once

#include "harness/judge/verdict.h"

namespace rxcheck::cli {

enum ExitCode : int {
  kExitClean = 0,
  kExitUsage = 64,
  kExitInput = 65,  // unreadable or invalid input; an output that exists already
  kExitTimeout = 70,
  kExitMemory = 71,
  kExitInterrupted = 72,
  kExitIncomplete = 75,  // lab fault, left-schedule, nondeterministic, incomplete or unknown
  kExitDivergent = 77,   // also drift on our own driver, a surviving mutant, an illegal history
};

constexpr ExitCode exit_code_of(Verdict verdict, bool own_driver) {
  switch (verdict) {
    case Verdict::clean:
      return kExitClean;
    case Verdict::divergent:
      return kExitDivergent;
    case Verdict::drift:
      return own_driver ? kExitDivergent : kExitClean;
    case Verdict::nondeterministic:
    case Verdict::left_schedule:
    case Verdict::lab_fault:
    case Verdict::incomplete:
      return kExitIncomplete;
  }
  return kExitIncomplete;
}

// Of several results the one that a script must know first.
constexpr ExitCode worse_of(ExitCode one, ExitCode other) {
  return static_cast<int>(one) > static_cast<int>(other) ? one : other;
}

}  // namespace rxcheck::cli
