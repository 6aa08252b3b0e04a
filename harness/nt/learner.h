// SPDX-License-Identifier: Apache-2.0
//
// Learns at which fields a switch can matter: those that two actors reach in one object, at least one writing, with no
// lock held in common. The state machine of Savage, Burrows, Nelson, Sobalvarro and Anderson, "Eraser: A Dynamic Data
// Race Detector for Multithreaded Programs" (TOCS 1997), section 3, with actors in the place of threads: the lines of
// one actor follow each other. Accesses that a common lock protects cannot be interleaved with each other, so no yield
// point is lost by leaving them out.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

namespace rxcheck::nt {

struct HeldLock {
  uintptr_t address;
  bool exclusive;
  bool spin = false;  // a spin lock; else a resource or mutex
  // Holding it keeps normal APCs away by itself, or needs it no more than a mutant does.
  bool self_guarding = false;
};

class Learner {
 public:
  // An access by `actor` to the 8 bytes at `address`. Returns true if the field is now known to conflict.
  bool access(uintptr_t address, bool writes, uint8_t actor, std::span<const HeldLock> locks);
  // Between programs: objects are new.
  void forget_objects() { cells_.clear(); }

 private:
  static constexpr unsigned kMaxLocks = 4;
  enum class Phase : uint8_t { exclusive, shared, modified };
  struct Cell {
    Phase phase = Phase::exclusive;
    uint8_t actor = 0;
    uint8_t lock_count = 0;
    bool written = false;
    uintptr_t locks[kMaxLocks] = {};
  };
  std::unordered_map<uintptr_t, Cell> cells_;
};

}  // namespace rxcheck::nt
