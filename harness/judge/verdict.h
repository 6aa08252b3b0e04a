// SPDX-License-Identifier: Apache-2.0
//
// What a run is found to be. Plain data.
//
// A *fingerprint* says which defect it is by meaning: "C46/request pended cancelled/set_routine" is the clause (or the
// executive's rule), the abstract state of the object concerned and the kind of operation. It never holds an address, a
// stack, a function or a number that a rebuild, a seed or the removal of an unrelated operation would change; but a
// data race is named by its field and its two functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/history.h"

namespace rxcheck {

enum class Verdict : uint8_t {
  clean,             // the run is what the contract allows and the twin predicts
  divergent,         // the reference model or the executive refuses it, or it is not what a scenario expects
  drift,             // allowed, but not what the shadow model does
  nondeterministic,  // the same program and schedule did not give the same run
  left_schedule,     // a choice of the schedule was not met: says nothing about the driver
  lab_fault,         // the harness could not do its part
  incomplete,        // the target cannot run this; the message names what is missing
};

std::string_view name_of(Verdict verdict);  // "left-schedule"

struct Divergence {
  Verdict verdict = Verdict::divergent;  // or drift
  std::string clause;  // "C46", the executive's rule ("use-after-free"), or "expectation"; for drift "shadow" if no
                       // clause fixes it
  std::string fingerprint;
  std::string summary;  // one line for people, without the clause
  std::string expected;
  std::string observed;
  size_t event = 0;  // index into History::events; events.size() if something never happened
  uint16_t operation = kNoOperation;
};

// "a2.3", the third operation of actor 2; "a0.1" for the environment's first; "-" for none.
std::string label_of(const Program& program, uint16_t operation);
// "set_routine"; "-" for none.
std::string_view kind_of(const Program& program, uint16_t operation);

}  // namespace rxcheck
