// SPDX-License-Identifier: Apache-2.0
//
// A program made for one cell of the coverage matrix (models/coverage.h): one actor brings a view into the cell's
// lifetime and deletes it with the cell's level; a request of the view is brought into the cell's window, by others
// where the window is a race; stages (staging.h) say who waits for whom. Around it stands the beginning of a usual
// program, so that what happens in the cell differs from time to time, and after it.
//
// A sketch aims, and no more: what it reaches is the reference model's to say. Pure; the program is always valid.
#pragma once

#include <vector>

#include "harness/core/program.h"
#include "harness/core/random.h"
#include "harness/explore/staging.h"
#include "models/coverage.h"

namespace rxcheck {

struct Sketch {
  Program program;
  std::vector<Stage> stages;
};

// `usual` lends connections, variants and surroundings. Overwrites `out`.
void sketch(const models::Cell& aim, const Program& usual, Random& random, Sketch& out);

}  // namespace rxcheck
