// SPDX-License-Identifier: Apache-2.0
//
// Where nobody need be given the chance to come between two steps of a thread, so that an exploration can take them for
// one. A section under a spin lock whose data all threads touch only under that lock goes as one step, and then its
// lock orders nothing: the data do (Lipton, "Reduction: a method of proving properties of parallel programs", CACM
// 1975: what can be moved later, at most one step that cannot be moved, what can be moved earlier).
//
// Which steps can be moved is not known beforehand, so it is taken for granted until an execution shows the opposite,
// and then the exploration begins anew, knowing it (Stoller and Cohen, "Optimistic Synchronization-Based State-Space
// Reduction", TACAS 2003: as long as there is a first execution that breaks the assumption, the reduced exploration
// meets it). Learned, and never forgotten until begin():
// - racing positions: what is done there meets a conflicting access that no lock keeps apart, as both threads hold it,
//   and nothing orders that an exploration turns round, too (vector clocks: conflicting accesses, waits; not locks, as
//   the order of two sections that have nothing else in common is not explored); or it touches what is no memory: the
//   history, whether somebody can go on;
// - split sections: somebody had to be given a chance between the acquisition of a lock at this position and its
//   release. Then the lock orders: two such sections, and one of them and any other, but not two others.
//
//   movers.begin();
//   each execution: begin_execution(), and for each step of a thread
//     if (stays(...)) or after choose(...): touch() whatever the step touches
//   if (learned()) the exploration begins anew.
//
// A position is a number that means the same code in every execution; kHarness is a place of which nothing is known.
// Not thread-safe. Threads are numbers below 32.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_set>
#include <vector>

#include "harness/explore/object_numbers.h"
#include "harness/explore/unordered_sets.h"
#include "harness/nt/access_record.h"
#include "harness/nt/lock_order.h"

namespace rxcheck {

class Movers {
 public:
  static constexpr uint64_t kHarness = 0;

  // The spin lock before which a thread stands. Locks of one class are learned about together.
  struct Lock {
    uint32_t lock_class;
    bool free;
  };

  // Forgets all, what was learned too.
  void begin();
  void begin_execution();
  // Between two transitions: what is known now can be come back to. Marks count from 0 in each execution.
  void mark();
  // The next execution begins as this one did, up to this mark. REQUIRES: there is one, and nothing was learned.
  void back_to(size_t mark);
  // The running thread comes to a step, or begins one without being asked. True if nobody need come before.
  bool stays(unsigned thread, uint64_t position, std::optional<Lock> lock);
  // This thread goes on: others had the chance to. Its next step is where it came to last.
  void choose(unsigned thread);
  // The running thread's step touches this. How an exploration is to be told; not at all, if it is a lock that orders
  // nothing. `lock_class` is of a lock only.
  std::optional<nt::Touch> touch(unsigned thread, uint64_t object, nt::Touch how, uint32_t lock_class = 0);
  // Nothing could go on, and something outside has changed that.
  void barrier();
  // Nobody can go on: who holds a lock keeps it for ever.
  void stuck();
  // This execution has shown something new.
  bool learned() const { return learned_ || sets_.learned(); }
  // To be asked about each touch before touch() is told.
  UnorderedSets& sets() { return sets_; }
  // What a thread knows of each, in numbers of touches by each; its own are all that it has made, and one. REQUIRES: it
  // has been chosen in this execution.
  std::span<const uint32_t> clock(unsigned thread) const { return {lines_[thread].clock.data(), threads_}; }
  size_t racing_positions() const { return racing_count_; }
  size_t split_sections() const { return sections_.size(); }

 private:
  static constexpr unsigned kThreads = 32;
  static constexpr unsigned kNobody = ~0u;
  static constexpr unsigned kKinds = 6;
  static constexpr unsigned kOthers = kKinds - 1;
  using Clock = std::array<uint32_t, kThreads>;
  struct Access {
    unsigned thread;
    uint32_t clock;
    uint64_t position;
    uint64_t locks;  // that the thread holds, a bit each
  };
  // What a thread knew at a touch or, of several that nothing orders, what they knew together.
  struct Known {
    unsigned thread = kNobody;
    uint32_t clock = 0;
    uint32_t others = 0;  // in clocks_; all of it if it is of several threads
  };
  static constexpr unsigned kSeveral = kThreads;
  // What is known of an object in this execution.
  struct Shadow {
    uint64_t execution = 0;  // of which it is
    // The last of each thread at each position: a later one elsewhere hides none, for each position is learned by
    // itself.
    std::vector<Access> writes;
    std::vector<Access> reads;
    // What those know who have touched it: by kind of touch, all that conflict with themselves in the last.
    std::array<Known, kKinds> known{};
    uint64_t bit = 0;  // of a lock: its own; 0 if it has none
  };
  // What a touch has changed of its object's shadow, and how that was before.
  struct Change {
    uint32_t number;  // of the object
    uint64_t execution;
    uint64_t bit;
    std::vector<Access> Shadow::*accesses = nullptr;  // where it was noted; nullptr: nowhere
    uint32_t noted = 0;                               // as which of them
    uint32_t clock = 0;                               // that one's; 0: it is new
    unsigned kind = kKinds;                           // of touch; kKinds: nothing was learned by it
    Known known{};                                    // by that kind
  };
  struct Section {
    uint32_t lock_class;
    uint64_t position;  // of the acquisition
    friend bool operator<(const Section& a, const Section& b) {
      return a.lock_class != b.lock_class ? a.lock_class < b.lock_class : a.position < b.position;
    }
  };
  struct Line {
    Clock clock{};
    uint32_t others = 0;  // in clocks_: the clock but for its own entry; 0 if that is not there yet
    uint64_t position = kHarness;
    bool racing = true;  // the position
    std::vector<Section> held;
    uint64_t locks = 0;  // as Access
  };

  struct Mark {
    size_t changes;  // before it
    uint32_t clocks_used;
    unsigned threads;
    unsigned running;
    unsigned locks_met;
    std::vector<Line> lines;
    UnorderedSets::State sets;
  };

  void take_back(const Change& change);
  void learn_from(unsigned thread, const Known& known);
  void publish(unsigned thread, Known& known);
  uint32_t keep(Clock clock);
  Shadow& shadow_of(uint64_t object);
  void note(Shadow& shadow, std::vector<Access> Shadow::*accesses, const Access& now);
  nt::Touch access(unsigned thread, Shadow& shadow, nt::Touch how);
  void meet(unsigned thread, const Access& earlier);
  void synchronize(unsigned thread, Shadow& shadow, nt::Touch how);
  std::optional<nt::Touch> touch_lock(unsigned thread, Shadow& shadow, nt::Touch how, uint32_t lock_class);
  Line& holder_of(const Shadow& lock, Line& otherwise);
  std::optional<nt::Touch> acquire(Line& line, uint32_t lock_class);
  std::optional<nt::Touch> release(Line& line, uint32_t lock_class);
  void stay_put();
  void come_to(Line& line, uint64_t position) {
    line.position = position;
    line.racing = is_racing(position);
  }
  void race_at(uint64_t position);
  void split(const Section& section);
  bool is_split(const Section& section) const { return sections_.contains(section); }
  void join(Clock& clock, const Clock& other) const;
  bool is_racing(uint64_t position);

  ObjectNumbers positions_;
  std::vector<uint8_t> racing_;  // by number of the position
  size_t racing_count_ = 0;
  std::set<Section> sections_;             // that are split
  std::unordered_set<uint32_t> ordering_;  // classes of their locks
  UnorderedSets sets_;
  nt::LockOrder order_;
  std::set<Section> nested_;  // that stand in it
  ObjectNumbers objects_;
  std::vector<Shadow> shadows_;
  std::vector<Clock> clocks_;
  uint32_t clocks_used_ = 1;
  uint32_t clocks_marked_ = 0;  // so many a mark needs as they are
  std::array<Line, kThreads> lines_;
  unsigned threads_ = 0;  // highest number seen, and one
  uint64_t execution_ = 0;
  // More stand behind those that are in use, to keep their memory.
  std::vector<Mark> marks_;
  size_t marks_used_ = 0;
  std::vector<Change> changes_;  // of this execution
  unsigned running_ = kNobody;
  bool past_ = false;   // this transition has done what cannot be moved, or given a lock back
  bool fresh_ = false;  // it had not when this step began
  bool learned_ = false;
  unsigned locks_met_ = 0;
};

}  // namespace rxcheck
