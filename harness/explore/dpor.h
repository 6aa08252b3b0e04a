// SPDX-License-Identifier: Apache-2.0
//
// Dynamic partial-order reduction: visits each Mazurkiewicz trace of a program, at least one interleaving of each, once
// to its end. Source-DPOR with sleep sets (Abdulla, Aronis, Jonsson, Sagonas, "Optimal Dynamic Partial Order
// Reduction", POPL 2014, section 4 and algorithm 1), for transitions with several touches. It knows nothing of what it
// explores: whoever executes asks it for the next thread and tells it what the thread has touched.
//
// Locks: an acquire is offered only while its lock is free, so it cannot be reversed with the release before it; the
// race is with the acquire before that (Flanagan and Godefroid, "Dynamic Partial-Order Reduction for Model Checking
// Software", POPL 2005, section 3: transitions that may be co-enabled).
//
//   dpor.begin();
//   do {
//     dpor.begin_execution();
//     while (somebody can go on && (thread = dpor.next(enabled, preferred)) != Dpor::kNobody) run it, touch();
//     dpor.end_execution();
//   } while (dpor.more());
//
// Not thread-safe. Threads are numbers below 32.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/explore/object_numbers.h"
#include "harness/nt/access_record.h"

namespace rxcheck {

class Dpor {
 public:
  static constexpr unsigned kNobody = ~0u;
  static constexpr unsigned kThreads = 32;

  // Forgets everything.
  void begin();
  // Each execution does again what the one before did, up to the choice that differs.
  void begin_execution();
  // Transitions that the next execution begins with as the last one did. Whoever can do them without asking and telling
  // begins with resume() after them.
  uint32_t known() const { return depth_ == 0 ? 0 : depth_ - 1; }
  void resume();
  // Who goes on of the threads in `enabled` (a bit each): `preferred` if nothing speaks against it. kNobody: whatever
  // comes has been seen in another order, the execution can be left. REQUIRES: enabled != 0.
  unsigned next(uint32_t enabled, unsigned preferred);
  // The transition that next() has named touches an object.
  void touch(uint64_t object, nt::Touch how);
  // Nothing could go on, and something outside makes it go on: all that was comes before all that will be.
  void barrier();
  // Nobody can go on, and this thread would touch the object so if it could: it races with whoever keeps it from that.
  void stuck(unsigned thread, uint64_t object, nt::Touch how);
  void end_execution();
  // Makes ready for the next execution; false if there is none.
  bool more();

  uint64_t complete() const { return complete_; }  // executions that were not left
  uint64_t blocked() const { return blocked_; }    // executions that were left, at a set of sleeping threads
  // How much of all that is known to be explored was, from 0 to 1: each choice counts for as much as the others at its
  // place (Knuth, "Estimating the efficiency of backtrack programs", Mathematics of Computation 1975). Choices that are
  // not known yet are missing, so it is rather too high.
  double explored_part() const;
  // The same choices led elsewhere: what is executed depends on something that is not told here.
  bool nondeterministic() const { return nondeterministic_; }
  // Whoever executes has found that out.
  void leads_elsewhere() { nondeterministic_ = true; }

 private:
  using Clock = std::array<uint32_t, kThreads>;
  static constexpr uint32_t kNone = ~0u;

  struct Touched {
    uint32_t object;  // dense
    nt::Touch how;
    friend bool operator==(const Touched&, const Touched&) = default;
  };
  using Footprint = std::vector<Touched>;
  struct Asleep {
    unsigned thread;
    Footprint footprint;  // of what it would do next
  };
  // A state on the path and the transition taken from it.
  struct Node {
    uint32_t enabled = 0;
    uint32_t backtrack = 0;  // to be explored from here, or explored
    uint32_t explored = 0;
    uint32_t asleep_mask = 0;
    std::vector<Asleep> asleep;
    size_t sleepers = 0;  // of `asleep`; more stand behind them to keep their memory
    unsigned thread = 0;
    uint32_t index = 0;         // of the transition within its thread, from 1
    uint32_t previous = kNone;  // transition of the thread
    uint32_t first_record = 0;
    Footprint footprint;
    Clock clock{};
  };
  // A touch in the chain of its object's touches.
  struct Record {
    uint32_t object;
    uint32_t event;
    uint32_t previous;
    nt::Touch how;
  };
  struct Candidate {
    uint32_t event;
    bool reversible;
  };
  // What lets an event happen, and the event before which it could have happened, too; kNone: there is none. It cannot
  // come between the two: a lock is held there, or its thread could not go on.
  struct Closed {
    uint32_t first;
    uint32_t last;
  };
  struct Floor {
    uint32_t events;  // before it
    Clock clock;
  };

  uint32_t dense(uint64_t object);
  Node& push();
  void put_to_sleep(Node& node, unsigned thread, const Footprint& footprint);
  void inherit_sleep(Node& node);
  bool independent(const Footprint& footprint, uint32_t event) const;
  void close();
  void append_records(uint32_t event);
  void order(uint32_t event);
  void find_candidates(uint32_t event, const Clock& before);
  bool is_closed(uint32_t event) const;
  void reverse(uint32_t earlier, uint32_t later, const Clock& before);
  uint32_t initials(uint32_t earlier, uint32_t later, const Clock& before) const;
  void truncate(uint32_t events);
  bool happens_before(uint32_t event, const Clock& clock) const {
    return clock[nodes_[event].thread] >= nodes_[event].index;
  }
  void join(Clock& clock, const Clock& other) const;

  std::vector<Node> nodes_;
  uint32_t depth_ = 0;     // nodes that are in use
  uint32_t position_ = 0;  // of this execution
  uint32_t replayed_ = 0;  // transitions at the beginning that were ordered in an execution before
  bool open_ = false;      // a transition is under way
  bool left_ = false;
  Footprint footprint_;  // of it
  std::vector<Record> records_;
  std::vector<uint32_t> heads_;  // by object: its last record
  ObjectNumbers objects_;
  // By object: what this transition has done with it already, a bit for each kind of touch, and which transition that
  // is.
  struct Done {
    uint64_t transition = 0;
    uint32_t kinds = 0;
  };
  std::vector<Done> done_;
  uint64_t transition_ = 0;
  std::array<uint32_t, kThreads> last_{};  // transition of each thread
  std::vector<Floor> floors_;
  std::vector<Candidate> candidates_;
  std::vector<Closed> closed_;
  unsigned threads_ = 0;  // highest number seen, and one
  uint64_t complete_ = 0;
  uint64_t blocked_ = 0;
  bool nondeterministic_ = false;
};

}  // namespace rxcheck
