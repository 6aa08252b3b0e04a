// SPDX-License-Identifier: Apache-2.0
//
// A hash table with open addressing for what lives as long as one run: forgetting everything costs nothing. Values are
// found by a number; their order in the table means nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/core/random.h"

namespace rxcheck {

template <typename Value>
class RunTable {
 public:
  // Forgets everything. Keeps memory.
  void begin() {
    if (slots_.empty()) slots_.resize(kFirst);
    used_ = 0;
    if (++run_ != 0) return;
    slots_.assign(slots_.size(), {});
    run_ = 1;
  }
  // The value of a key, and whether it is new: then it is a default one. Good until the next call.
  std::pair<Value&, bool> at(uint64_t key) {
    if (used_ * 2 >= slots_.size()) grow();
    const size_t mask = slots_.size() - 1;
    for (size_t i = mix64(key) & mask;; i = (i + 1) & mask) {
      Slot& slot = slots_[i];
      if (slot.run != run_) {
        slot = {key, run_, Value{}};
        ++used_;
        return {slot.value, true};
      }
      if (slot.key == key) return {slot.value, false};
    }
  }

 private:
  static constexpr size_t kFirst = 1 << 12;
  struct Slot {
    uint64_t key = 0;
    uint32_t run = 0;  // in which it was used
    Value value{};
  };

  void grow() {
    const std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.size() * 2, {});
    used_ = 0;
    for (const Slot& slot : old)
      if (slot.run == run_) at(slot.key).first = slot.value;
  }

  std::vector<Slot> slots_;
  size_t used_ = 0;
  uint32_t run_ = 0;
};

}  // namespace rxcheck
