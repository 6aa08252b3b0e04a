// SPDX-License-Identifier: Apache-2.0
//
// Sees which pairs of conflicting accesses a run makes, and in which order: two sites in the drivers that touch the
// same eight bytes for two threads, at least one writes, and no third thread's write comes between. Of each ordered
// pair it keeps one occurrence, with all that is needed to turn it round in a run that begins alike
// (harness/explore/turn_round.h).
//
// What orders two accesses is told by vector clocks, as in race_detector.h, but locks order nothing here: who comes
// second to a lock could have come first. A pair that anything else orders (a request handed over, a thread started,
// an event waited for) says so, and is not worth a try: now and then it could be turned all the same, because another
// unit of the semaphore would have done. Nor is a pair whose first access was made before anybody else could know of
// the memory: by the thread that touched it first, which had given no lock back since. Slower than a run without it:
// every access is looked at. Deterministic; no address reaches a result.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/explore/run_table.h"
#include "harness/explore/vector_clock.h"
#include "harness/nt/executive.h"

namespace rxcheck {

// A place in a driver, the same in every run and process: its number in the order of loading, then the offset in it.
using Site = uint32_t;
// "RxDispatch+0x1c".
std::string name_of_site(Site site, const nt::Executive& executive);

struct SitePair {
  Site first = 0;
  Site second = 0;

  SitePair reversed() const { return {second, first}; }
  uint64_t key() const { return static_cast<uint64_t>(first) << 32 | second; }
  friend bool operator==(const SitePair&, const SitePair&) = default;
};

struct SeenPair {
  SitePair sites;
  bool ordered = false;     // by something else than a lock, or by the memory's creation
  unsigned thread = 0;      // that came first
  uint64_t from_yield = 0;  // it must be held from this yield point on to be kept from its access, and from its locks
  uint64_t cell = 0;        // the eight bytes
};

class PairWatch : public nt::AccessSink {
 public:
  // A run begins. REQUIRES: the executive outlives it.
  void begin(nt::Executive& executive);
  // Whether somebody else than the thread makes the second access of this pair, in the run that begins next. Holds for
  // one run.
  void expect(const SeenPair& pair);
  bool met() const { return met_; }

  // In the order in which they were seen first.
  const std::vector<SeenPair>& seen() const { return seen_; }
  std::string name_of(Site site) const { return name_of_site(site, *executive_); }

  void touch(unsigned thread, uint64_t object, nt::Touch how, const void* site) override;
  void access(unsigned thread, const void* address, uint32_t size, nt::MemoryUse use, const void* site) override;
  void synchronize(unsigned thread, uint64_t object, nt::Sync how) override;
  void barrier() override;

 private:
  static constexpr uint32_t kNone = ~0u;
  struct Use {
    Site site = 0;
    unsigned thread = 0;
    uint32_t time = 0;
    uint64_t from_yield = 0;
    bool writes = false;
    bool unpublished = false;  // nobody else could know of the memory
    uint32_t next = kNone;
  };
  // Memory that a thread has to itself: from its first touch until another touches it or the first gives a lock back.
  struct Block {
    unsigned owner = 0;
    uint32_t unlocks = 0;  // of the owner, at its first touch
    bool shared = false;
  };
  // Eight bytes: the uses that no other thread's write parts from now.
  struct Cell {
    uint32_t uses = kNone;
    uint32_t block = kNone;  // index in blocks_
  };

  void use_cell(uint64_t number, Use& use, const void* address);
  bool touch_block(Cell& cell, unsigned thread, const void* address);
  void report(const Use& first, const Use& second, uint64_t cell);
  bool is_of_lock(unsigned thread, uint64_t object) const;
  Site site_of(const void* address) const;

  nt::Executive* executive_ = nullptr;
  std::array<VectorClock, VectorClock::kThreads> threads_;
  std::array<uint64_t, VectorClock::kThreads> locked_from_{};  // the yield point before the first lock that is held
  std::array<uint32_t, VectorClock::kThreads> unlocks_{};
  std::unordered_map<uint64_t, VectorClock> objects_;
  RunTable<Cell> cells_;
  RunTable<uint32_t> block_at_;  // by where a block begins: its index in blocks_, and 1
  std::vector<Block> blocks_;
  std::vector<Use> uses_;
  RunTable<uint32_t> index_;  // of seen_, by the sites' key
  std::vector<SeenPair> seen_;
  SeenPair expected_;
  bool expects_ = false;
  bool expects_next_ = false;
  bool met_ = false;
};

}  // namespace rxcheck
