// SPDX-License-Identifier: Apache-2.0
//
// A finding counts only if it repeats: the run is done again and recorded, and its recorded schedule replayed twice;
// all three must show the same fingerprint and the same trace, event for event. Everything that wants to know whether a
// run repeats asks here.
#pragma once

#include <string>

#include "harness/judge/judge.h"
#include "harness/shrink/edit.h"
#include "harness/targets/target.h"

namespace rxcheck {

struct Confirmation {
  bool repeats = false;
  std::string why_not;  // in words, if it does not
  Case failing;         // the program and, if the target has yield points, its recorded schedule
  History history;
  std::string guest_said;  // RunResult::guest_said
  Divergence divergence;   // if it repeats
};

Confirmation confirm(Target& target, Judge& judge, const Program& program, Plan plan, const std::string& fingerprint);

}  // namespace rxcheck
