// SPDX-License-Identifier: Apache-2.0
//
// What an exploration keeps of an execution so that the next one need not work out again what both begin with: an
// execution begins as the one before, up to the choice that differs, and that is most of it. Up to there its threads go
// on in the same order, nobody is asked, and what they touch is only compared. Then what was known there is put back.
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
    uint64_t touched;  // a hash of all that was touched, and of who could run
    TransitionWatch::State watch;
  };
  std::vector<Mark> marks;
  std::vector<uint8_t> threads;  // who ran at each decision
};

}  // namespace rxcheck
