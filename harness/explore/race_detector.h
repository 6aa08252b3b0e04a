// SPDX-License-Identifier: Apache-2.0
//
// Finds data races by happens-before: two uses of a byte that no chain of synchronizations orders, one of which writes,
// and which are not both marked. What counts as a race is in docs/data-races.md. Precise for the run that it is shown:
// the first race is a race, and a run without one has none.
//
// After Flanagan and Freund, "FastTrack: Efficient and Precise Dynamic Race Detection" (PLDI 2009): an epoch, a thread
// and its time, stands for a use, and is compared with one component of a clock. FastTrack keeps one epoch of the last
// write and one, or a clock, of reads. Uses are of more than two kinds here, so a variable keeps a list of those epochs
// that no later use makes superfluous: nearly always one or two. A variable is a set of bytes within eight that have
// always been used together; it is split when a use covers a part of it, so small neighbours are never taken for one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/explore/run_table.h"
#include "harness/explore/vector_clock.h"
#include "harness/nt/access_record.h"

namespace rxcheck {

// Two uses race if they are not ordered and this.
constexpr bool can_race(nt::MemoryUse one, nt::MemoryUse other) {
  using Use = nt::MemoryUse;
  const auto marked = [](Use use) { return use != Use::read && use != Use::write && use != Use::free; };
  return !(nt::reads_only(one) && nt::reads_only(other)) && !(marked(one) && marked(other));
}

class RaceDetector {
 public:
  struct Access {
    uint8_t thread = 0;
    nt::MemoryUse use = nt::MemoryUse::read;
    uint32_t line = 0;           // for whom the thread works; the caller's
    const void* site = nullptr;  // the caller's
  };
  struct Race {
    uint64_t address;  // of the first byte that both use
    Access earlier;
    Access later;
  };

  RaceDetector() { begin(); }
  // Forgets everything. Keeps memory.
  void begin();

  // Interlocked uses of one address synchronize those who make them. REQUIRES: thread < VectorClock::kThreads.
  std::optional<Race> access(const Access& access, uint64_t address, uint32_t size);
  void acquire(unsigned thread, uint64_t object);
  void release(unsigned thread, uint64_t object);
  // Everything before happens before everything after, whoever does it.
  void barrier();

 private:
  static constexpr uint32_t kNone = ~0u;
  struct Epoch {
    Access access;
    uint32_t time = 0;
    uint32_t next = kNone;
  };
  struct Variable {
    uint8_t bytes = 0;  // a bit each
    uint32_t epochs = kNone;
    uint32_t next = kNone;  // of the same eight bytes
  };
  struct Block {                        // 64 bytes, so that long uses look up few places
    std::array<uint32_t, 8> variables;  // of each eight bytes
    Block() { variables.fill(kNone); }
  };

  void use_cell(uint32_t& variables, uint64_t number, uint8_t bytes, const Access& access, std::optional<Race>& race);
  const Access* use_variable(Variable& variable, const Access& access);
  void split(uint32_t variable, uint8_t bytes);
  uint32_t new_epoch(const Access& access, uint32_t time, uint32_t next);

  std::vector<VectorClock> threads_;
  RunTable<VectorClock> objects_;
  RunTable<Block> blocks_;  // by address / 64
  std::vector<Variable> variables_;
  std::vector<Epoch> epochs_;
  uint32_t free_epochs_ = kNone;
};

}  // namespace rxcheck
