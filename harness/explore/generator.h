// SPDX-License-Identifier: Apache-2.0
//
// Makes programs. A program is built operation by operation against a rough sequential picture of what would be
// connected, open, pending and referenced, so that most operations do something; the picture decides nothing about what
// is right. Each program draws a theme, a weighting of the kinds of operation that keeps it in one neighbourhood
// (requests, deletes, connects, ...), or uniform weights of which some kinds are left out (Groce et al., "Swarm
// testing", ISSTA 2012). What an operation uses is mostly new and mostly made by another actor: races need two who
// reach for one thing.
//
// The same random stream gives the same program on every platform. Pure; a generated program is always valid.
#pragma once

#include "harness/core/program.h"
#include "harness/core/random.h"

namespace rxcheck {

struct GeneratorOptions {
  unsigned actors = 3;                 // at most; 1..kMaxActors
  unsigned operations_per_actor = 10;  // most programs come near actors * operations_per_actor in all
  unsigned connections = 3;            // at most; 1..3
};

// Overwrites `out` and reuses its memory: no allocation once `out` has held a program of this size.
void generate(Random& random, const GeneratorOptions& options, Program& out);

}  // namespace rxcheck
