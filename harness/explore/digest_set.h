// SPDX-License-Identifier: Apache-2.0
//
// A set of hashes of 128 bits, as a flat table with linear probing: what was met millions of times over is remembered
// by its hash. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/core/random.h"

namespace rxcheck {

struct Digest {
  uint64_t low = 0;
  uint64_t high = 0;
  friend bool operator==(const Digest&, const Digest&) = default;
};

// Order matters...
constexpr Digest mixed(const Digest& digest, uint64_t word) {
  return {mix64(digest.low ^ word), mix64((digest.high + word) * 0xd6e8feb86659fd93ull)};
}
constexpr Digest mixed(const Digest& digest, const Digest& other) {
  return mixed(mixed(digest, other.low), other.high);
}
// ...or not.
constexpr Digest sum(const Digest& one, const Digest& other) { return {one.low + other.low, one.high + other.high}; }

class DigestSet {
 public:
  void clear() {
    slots_.assign(kFirstSlots, {});
    count_ = 0;
  }
  size_t size() const { return count_; }
  bool contains(Digest digest) const {
    if (digest == Digest{}) digest.low = 1;
    return slots_[place_of(digest)] == digest;
  }
  // False if it was there.
  bool insert(Digest digest) {
    if (digest == Digest{}) digest.low = 1;  // it marks a free slot
    if (count_ * 2 >= slots_.size()) grow();
    Digest& slot = slots_[place_of(digest)];
    if (slot == digest) return false;
    slot = digest;
    ++count_;
    return true;
  }

 private:
  static constexpr size_t kFirstSlots = 1024;  // a power of two, as all sizes are
  size_t place_of(const Digest& digest) const {
    size_t at = digest.low & (slots_.size() - 1);
    while (slots_[at] != Digest{} && slots_[at] != digest) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    const std::vector<Digest> old = std::exchange(slots_, std::vector<Digest>(slots_.size() * 2));
    for (const Digest& digest : old)
      if (digest != Digest{}) slots_[place_of(digest)] = digest;
  }

  std::vector<Digest> slots_ = std::vector<Digest>(kFirstSlots);
  size_t count_ = 0;
};

}  // namespace rxcheck
