// SPDX-License-Identifier: Apache-2.0
//
// The only source of chance in rxcheck: xoshiro256** (Blackman and Vigna, "Scrambled linear
// pseudorandom number generators", 2018), seeded through splitmix64. Our own, so that a seed means the same
// program on every platform and standard library. Not thread-safe; a stream belongs to one run.
#pragma once

#include <array>
#include <cstdint>

namespace rxcheck {

// One step of splitmix64; also a good 64-bit mixer.
constexpr uint64_t mix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// Derives an independent stream: the same (seed, purpose, index) gives the same stream everywhere.
constexpr uint64_t derive_seed(uint64_t seed, uint64_t purpose, uint64_t index) {
  return mix64(mix64(mix64(seed) ^ purpose) ^ index);
}

class Random {
 public:
  explicit constexpr Random(uint64_t seed) {
    for (auto& word : state_) {
      seed += 0x9e3779b97f4a7c15ULL;
      word = mix64(seed);
    }
  }

  constexpr uint64_t next() {
    const uint64_t result = rotl(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound). REQUIRES: bound > 0. Multiply-shift: the bias is below 2^-32 for any bound < 2^32.
  constexpr uint32_t below(uint32_t bound) {
    return static_cast<uint32_t>(((next() >> 32) * static_cast<uint64_t>(bound)) >> 32);
  }

  // True with probability numerator/denominator.
  constexpr bool chance(uint32_t numerator, uint32_t denominator) { return below(denominator) < numerator; }

 private:
  static constexpr uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  std::array<uint64_t, 4> state_{};
};

}  // namespace rxcheck
