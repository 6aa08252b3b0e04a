// SPDX-License-Identifier: Apache-2.0
//
// Two accesses whose order a switch turns round: one of the line that was stopped, which then comes late, and one of
// the lines that ran meanwhile. They touch one piece of memory, and at least one writes. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/explore/access_log.h"

namespace rxcheck {

// What two logs of one program have to do with each other: `run` is the one with the switch, `onward` the same without
// it and without all choices after it. They are alike up to `turn.position`.
struct Turned {
  const std::vector<LoggedAccess>& run;
  const std::vector<LoggedAccess>& onward;
  Turn turn;
};

struct Conflict {
  size_t own = 0;    // in `onward`: of the line that was stopped
  size_t other = 0;  // in `run`: of a line that ran meanwhile
  friend bool operator==(const Conflict&, const Conflict&) = default;
};

// Whether they touch one piece of memory and one of them writes. Two fields in one word are two pieces. The memory of a
// lock is none: that somebody takes it shows in what is touched under it.
bool conflict(const LoggedAccess& one, const LoggedAccess& other);
// A call that gives a lock back.
bool gives_lock(const LoggedAccess& access);
// A call that gives memory back to the pool.
bool frees(const LoggedAccess& access);
// A lock that both hold, at least one exclusively; nullptr if there is none.
const LockAtAccess* common_lock(const LoggedAccess& one, const LoggedAccess& other);

// The first access of the stopped line at or after `from` that conflicts with one of the lines that ran meanwhile, and
// of these the last. Memory that was allocated after the switch does not count: it is not the same in the two runs.
std::optional<Conflict> first_conflict(const Turned& turned, size_t from);
// The last access of the stopped line before `until`, which is no later than the switch, in the same operation, that
// conflicts with one of the lines that ran meanwhile, and of these the first.
std::optional<Conflict> last_conflict(const Turned& turned, size_t until);

// An access to the same field of any object, other than by these two functions if there is one, under a lock that it
// holds exclusively; nullptr if there is none.
const LoggedAccess* guarded_elsewhere(const std::vector<LoggedAccess>& run, const LoggedAccess& access);

}  // namespace rxcheck
