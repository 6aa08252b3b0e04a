// SPDX-License-Identifier: Apache-2.0
//
// Why a switch breaks something, and what would have prevented it: the two accesses whose order it turns round, the
// section of the stopped line that it falls into, and the lock that would exclude it. The section is found by
// experiment: the switch is moved, access by access, until the run does not diverge any more (after "delta debugging"
// of schedules: Choi and Zeller, "Isolating Failure-Inducing Thread Schedules", ISSTA 2002).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/program_text.h"
#include "harness/explore/conflict.h"
#include "harness/judge/judge.h"
#include "harness/targets/target.h"

namespace rxcheck::cli {

enum class Remedy : uint8_t {
  none,       // no two accesses to one piece of memory were found
  keep,       // the line that ran meanwhile frees the memory, which the stopped line must hold on to
  take_lock,  // the line that ran meanwhile holds a lock, which the stopped line must take
  take_too,   // the stopped line holds a lock, which the other must take
  hold_on,    // both take it, and the stopped line gives it back in between
  one_lock,   // they hold different locks
  order       // neither holds any, or a common one does not tell who is first
};

struct Cause {
  size_t choice = 0;                    // index in the schedule
  std::optional<LoggedAccess> before;   // the section's beginning: the last access that must come before the switch
  std::optional<LoggedAccess> own;      // of the stopped line, which comes too late
  bool own_is_done = false;             // no: it came before the switch, and was not over
  std::optional<LoggedAccess> other;    // of the line that ran meanwhile
  std::optional<LoggedAccess> decided;  // the access (or call) right after the latest placement that diverges
  // By experiment: with the switch before the section, and after it, the run is clean.
  bool earlier_is_clean = false;
  bool later_is_clean = false;
  unsigned placements = 0;  // at which it diverges
  Remedy remedy = Remedy::none;
  std::optional<LockAtAccess> lock;       // of the remedy
  bool one_section = false;               // `before` and `own` belong together: one function, field or lock
  std::optional<LoggedAccess> elsewhere;  // order: the same field, accessed under a lock
};

// One for each choice at `choices`, those first that a lock or a reference would exclude, then those with the fewest
// places; that only say which of two requests is first come last. REQUIRES: the file, replayed, diverges; the target is
// `inproc`.
std::vector<Cause> causes_of(Target& target, Judge& judge, const ProgramFile& file, const std::vector<size_t>& choices);

// The last that the actor did in a driver, by any of its lines, before the divergence shows; nothing if that is not
// known. REQUIRES: as above.
std::optional<LoggedAccess> last_access(Target& target, const ProgramFile& file, const Divergence& divergence);

}  // namespace rxcheck::cli
