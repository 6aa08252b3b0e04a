// SPDX-License-Identifier: Apache-2.0
//
// What an exploration keeps of an execution so that the next one need not work out again what both begin with: an
// execution begins as the one before, up to the choice that differs, and that is most of it. Up to there its threads go
// on in the same order, and nobody is asked but where another goes on. Then what was known there is put back. Who could
// run and how many yield points were passed is compared at each change of thread; all that was touched, in one
// execution of kComparedEvery.
//
// Belongs to one exploration, as its Dpor does, and is written by DporScheduler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/explore/transition_watch.h"

namespace rxcheck {

struct Checkpoints {
  // Before a transition; they count as Dpor's do.
  struct Mark {
    size_t decisions;  // that led there
    uint64_t passed;   // a hash of who could run and of the yield points, at each change of thread and here
    uint64_t touched;  // a hash of all that was touched
    TransitionWatch::State watch;
  };
  // Who ran on, and whether that was because the running thread could not go on.
  struct Decision {
    uint8_t thread;
    bool pick;
  };
  static constexpr uint32_t kComparedEvery = 64;
  std::vector<Mark> marks;
  std::vector<Decision> decisions;
  uint32_t executions = 0;
};

}  // namespace rxcheck
