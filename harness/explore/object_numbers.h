// SPDX-License-Identifier: Apache-2.0
//
// Numbers the objects that threads touch from 0, in the order in which they are met: an exploration looks one up for
// every access of every execution, so this is a flat table with linear probing. Not thread-safe.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace rxcheck {

class ObjectNumbers {
 public:
  void clear() {
    slots_.assign(kFirstSlots, {});
    count_ = 0;
  }
  uint32_t size() const { return count_; }
  // The object's number; a new one is size() before the call. REQUIRES: object != 0.
  uint32_t of(uint64_t object) {
    size_t at = home(object);
    while (slots_[at].object != object) {
      if (slots_[at].object == 0) return add(object);
      at = (at + 1) & (slots_.size() - 1);
    }
    return slots_[at].number;
  }

 private:
  static constexpr size_t kFirstSlots = 4096;  // a power of two, as all sizes are
  struct Slot {
    uint64_t object = 0;
    uint32_t number = 0;
  };
  size_t home(uint64_t object) const { return (object * 0x9e3779b97f4a7c15ull) >> 32 & (slots_.size() - 1); }
  void place(const Slot& slot) {
    size_t at = home(slot.object);
    while (slots_[at].object != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
  uint32_t add(uint64_t object) {
    if (count_ * 2 >= slots_.size()) {
      const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
      for (const Slot& slot : old)
        if (slot.object != 0) place(slot);
    }
    place({object, count_});
    return count_++;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);
  uint32_t count_ = 0;
};

}  // namespace rxcheck
