// SPDX-License-Identifier: Apache-2.0
//
// Sets that drivers keep as linked lists (driver/include/rxset.h): in which order elements came and went is not worth
// telling interleavings apart. What an update of a set touches is told as one touch of the set, of a kind that commutes
// with itself; what a look at it touches, as a read of it. So updates conflict with looks, and not with each other.
//
// That an update tells its thread nothing, and that who looks does the same whatever the order, is the driver's
// promise. The rest is taken for granted until an execution shows the opposite, and then the exploration begins anew
// with the set's memory told as it is (as in movers.h: which elements are in a set does not depend on the order of
// updates, so the reduced exploration meets what breaks this, too). Learned, and never forgotten until begin(), is
// which sets have an order after all:
// - something else touches the memory that keeps the set: its head, its elements' entries, a number that counts them;
// - the driver says that an order decides what it does next.
// Updates that no lock keeps apart are Movers' affair, which tell them as writes.
//
// Not thread-safe. Threads are numbers below 32.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "harness/nt/access_record.h"

namespace rxcheck {

class UnorderedSets {
 public:
  struct Told {
    uint64_t object;
    nt::Touch how;
  };
  // What is known of an execution, to be put back later.
  class State {
    friend class UnorderedSets;
    // What a thread does with a set, until it is done.
    struct Use {
      unsigned thread;
      uint64_t set;    // as object
      uint64_t entry;  // 0: all of them
      nt::SetUse use;
    };
    // Eight bytes that keep a set.
    struct Cell {
      uint64_t object;
      uint64_t set;
      uint64_t entry;  // of whose links they are; 0 if of no element's
    };
    std::vector<Use> uses;    // of each thread at most one
    std::vector<Cell> cells;  // few: as many as there are elements
  };

  // Forgets all, what was learned too.
  void begin();
  void begin_execution();
  const State& state() const { return now_; }
  void put_back(const State& state) { now_ = state; }
  // The thread says what it does with a set, until it is done. `entry`: the element's links; nullptr for all of them.
  void use(unsigned thread, const void* set, const void* entry, nt::SetUse use);
  // The thread touches this: how that is to be told.
  Told touch(unsigned thread, uint64_t object, nt::Touch how);
  // This execution has shown something new.
  bool learned() const { return learned_; }

 private:
  void order(uint64_t set);

  State now_;
  std::set<uint64_t> ordered_;  // sets that have an order
  bool learned_ = false;
};

}  // namespace rxcheck
