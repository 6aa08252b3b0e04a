// SPDX-License-Identifier: Apache-2.0
//
// The passes of the shrinker. Each tries its kind of edit everywhere and returns whether it made the case smaller; a
// pass that returns false has tried every single edit of its kind without success. `current` is always a case that
// shows the fingerprint.
#pragma once

#include "harness/shrink/trial.h"

namespace rxcheck::passes {

// Fewer operations, then actors, then switches, then choices.
bool take_if_smaller(Case& current, Case&& candidate);

bool remove_choices(Trial& trial, Case& current);
// Makes one choice of two that follow each other: a line goes at once to where the line in between would have gone.
bool fuse_choices(Trial& trial, Case& current);
bool remove_operations(Trial& trial, Case& current);
// Gives all operations of one actor to another, in the list's order or in the order in which they ran.
bool merge_actors(Trial& trial, Case& current);
// Gives a single operation to another actor, where that saves a choice.
bool move_operations(Trial& trial, Case& current);
// Drops holds, bare requests, forced levels, second connections and paths, expectations, names that nobody uses.
bool make_plainer(Trial& trial, Case& current);
// Looks for another schedule with fewer switches: every small set of the points where the case switches now, to every
// line, then seeded searches. Finds what cannot be reached by leaving out, where each switch only makes up for the one
// before it.
bool find_fewer_switches(Trial& trial, Case& current);

}  // namespace rxcheck::passes
