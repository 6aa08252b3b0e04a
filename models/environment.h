// SPDX-License-Identifier: Apache-2.0
//
// The environment: what the harness itself does (as actor 0) when no actor can go on, and at the end of a program.
// Every target uses the same rules, so that a program ends alike everywhere. `next` looks at what has happened so far
// and names the next operation of the environment, until there is none.
//
// While actors are left but none can go on ("rescue"), one step at a time: release the held connect that stands first
// in the program; else answer (complete) the first pending request among those that an actor awaits or whose handle an
// actor is closing, else the first pending request; else, if an actor waits for its `stop`, drop the first context
// reference. At the end of the program: release all held connects (and those that are held again later); answer all
// pending requests; dereference all context references; close all open files, then tree handles; `start`, if anybody
// stopped the mini-redirector; `list` every
// connection; `disconnect` with level forced every connection that list showed; `list` them again.
//
// What did not help is not tried again: a request is answered once, and a connection is released again only when the
// release before was refused, or let somebody go on; at most kMaxReleases times.
#pragma once

#include <optional>
#include <vector>

#include "harness/core/history.h"

namespace rxcheck::models {

// What the target tells the environment of the run: per operation (of History::operations) where it stands.
struct Standing {
  bool called = false;     // issued
  bool returned = false;   // returned to its actor
  bool completed = false;  // its request has completed
  uint32_t status = 0;     // of the completion (asynchronous) or the return
  bool produced = false;   // its resource exists: file or tree opened, request issued, context referenced...
  bool consumed = false;   // ...and is gone again: closed, dereferenced
  bool held = false;       // connect: the server withholds the answer
  uint32_t holds = 0;      // ...and how often it did so by now
};

class Environment {
 public:
  static constexpr unsigned kMaxReleases = 32;  // a program deletes about so often

  // Forgets everything. Keeps memory.
  void reset();

  // The next operation by actor 0, or nothing: in a rescue (`actors_left`) nothing means that nothing can help (a
  // deadlock); at the end it means that the program is over. The caller appends the operation to the history's program,
  // carries it out (at the end: until no line can go on), and calls again.
  std::optional<Operation> next(const Program& program, const std::vector<Standing>& standings, bool actors_left);

 private:
  enum class Phase : uint8_t {
    release,
    answer,
    dereference,
    close_files,
    close_trees,
    start,
    list,
    remove,
    list_again,
    over
  };

  struct Released {
    size_t operation;  // the last `release` of a connection by the environment
    uint32_t lifted;   // how many holds of that connection had ended before it
  };

  std::optional<Operation> release(const Program& program, const std::vector<Standing>& standings);
  std::optional<Operation> answer(const Program& program, const std::vector<Standing>& standings, bool urgent_only);
  // For a `stop` that waits: the first context reference that is left.
  std::optional<Operation> let_stop(const Program& program, const std::vector<Standing>& standings);
  // The first operation from cursor_ on that left a resource of this kind open.
  std::optional<Operation> give_back(const Program& program, const std::vector<Standing>& standings, Resource resource,
                                     OpKind by);
  std::optional<Operation> next_at_end(const Program& program, const std::vector<Standing>& standings);
  void enter(Phase phase);

  Phase phase_ = Phase::release;
  size_t cursor_ = 0;           // where the phase is: an operation, or a connection
  std::vector<size_t> lists_;   // per connection: the operation that lists it
  std::vector<uint8_t> tries_;  // per operation: how often its request was answered, or its connect released
  std::vector<std::optional<Released>> released_;  // per connection
};

}  // namespace rxcheck::models
