// SPDX-License-Identifier: Apache-2.0
//
// What an execution says about the order of its history. An exploration need not run a program once more to see two
// events of the history the other way round, if nothing else tells the two orders apart: writing the history down
// changes nothing that a thread could read, so the events are observed, and no thread's step depends on them (compare
// Aronis, Jonsson, Lång, Sagonas, "Optimal Dynamic Partial Order Reduction with Observers", TACAS 2018). So one
// execution stands for all that have its steps in another order, as far as their conflicts, and the spin locks that
// they hold, allow it. LinearExtensions makes their histories.
//
// Told during the execution, step by step, what each knows of the others (vector clocks, from Movers), which events it
// makes and which spin locks it takes and gives back. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rxcheck {

class EventOrder {
 public:
  static constexpr uint8_t kOutside = 0xff;  // no thread: all that was comes before it, and it before all that will be

  struct LockUse {
    uint64_t lock;
    bool taken;  // else given back
  };
  // From where a lock is taken to where it is given back: steps of one thread, by number.
  struct Section {
    uint64_t lock;
    uint32_t first;
    uint32_t last = kNever;
  };
  static constexpr uint32_t kNever = ~0u;
  // What nothing can come between. Of events and locks that step at `first` in the history or in locks().
  struct Step {
    uint8_t thread = kOutside;
    uint32_t begin = 0;  // its thread's own time when it began
    uint32_t first_clock = 0;
    uint32_t clocks = 0;  // of as many threads; of others it knows nothing
    uint32_t first_event = 0;
    uint32_t events = 0;
    uint32_t first_lock = 0;
    uint32_t locks = 0;
  };

  void begin();
  // Between two steps: what was told so far can be come back to. Marks count from 0 since begin().
  void mark();
  void back_to(size_t mark);
  // A step of this thread begins. REQUIRES: none is under way.
  void begin_step(unsigned thread, uint32_t own_time);
  // The next event of the history is made, which has `events` so far.
  void event(size_t events);
  void use_lock(uint64_t lock, bool taken);
  // The step under way is over, if there is one: it knows so much of each thread.
  void end_step(std::span<const uint32_t> clock);
  // Nothing could go on, and something outside has changed that. The history has `events` so far.
  void barrier(size_t events);
  // The execution is over.
  void end(size_t events) { barrier(events); }

  // Whether each of so many events is of a step.
  bool covers(size_t events) const;
  const std::vector<Step>& steps() const { return steps_; }
  std::span<const LockUse> locks(const Step& step) const { return {locks_.data() + step.first_lock, step.locks}; }
  const std::vector<Section>& sections() const { return sections_; }  // in the order in which they begin
  // Whether a section comes before another of the same lock, and that not only because it did here: then all of it
  // does. REQUIRES: it ended before the other began; they are of two threads.
  bool precedes(const Section& earlier, const Section& later) const {
    return later.last != kNever && knows(steps_[later.last], steps_[earlier.first]);
  }
  // Whether something that the earlier step has done, or its thread has since, is known to the later one. REQUIRES:
  // they are of two threads.
  bool knows(const Step& later, const Step& earlier) const {
    if (earlier.thread >= later.clocks) return false;
    return clocks_[later.first_clock + earlier.thread] >= earlier.begin;
  }

 private:
  struct Mark {
    size_t steps, clocks, locks, sections;
    uint32_t told;
  };

  std::vector<Step> steps_;
  std::vector<uint32_t> clocks_;
  std::vector<LockUse> locks_;
  std::vector<Section> sections_;
  std::vector<Mark> marks_;
  bool open_ = false;  // a step is under way
  uint32_t told_ = 0;  // events
};

}  // namespace rxcheck
