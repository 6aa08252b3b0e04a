// SPDX-License-Identifier: Apache-2.0
//
// A vector clock (Mattern, "Virtual Time and Global States of Distributed Systems", 1989): how much of each thread's
// past a thread, or an object that it has released, knows of.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace rxcheck {

class VectorClock {
 public:
  static constexpr unsigned kThreads = 32;

  uint32_t operator[](unsigned thread) const { return times_[thread]; }
  void tick(unsigned thread) { ++times_[thread]; }
  // Afterwards it knows of all that `other` knows of, too.
  void join(const VectorClock& other) {
    for (unsigned i = 0; i < kThreads; ++i) times_[i] = std::max(times_[i], other.times_[i]);
  }

 private:
  std::array<uint32_t, kThreads> times_{};
};

}  // namespace rxcheck
