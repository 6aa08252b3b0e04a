// SPDX-License-Identifier: Apache-2.0
//
// The views of one history, found by serial in constant time whatever the serials are. Keeps its memory between
// histories.
#pragma once

#include <algorithm>
#include <vector>

#include "models/reference/state.h"

namespace rxcheck::models::reference {

class ViewTable {
 public:
  void clear() {
    views_.clear();
    std::fill(slots_.begin(), slots_.end(), kNone);
  }

  // The index of the view with this serial, or kNone.
  uint16_t find(uint32_t serial) const {
    for (size_t at = serial & mask();; at = (at + 1) & mask()) {
      if (slots_[at] == kNone) return kNone;
      if (views_[slots_[at]].serial == serial) return slots_[at];
    }
  }

  // REQUIRES: find(serial) == kNone. Returns kNone if there are too many.
  uint16_t add(uint32_t serial) {
    if (views_.size() >= kNone - 1) return kNone;
    if (views_.size() * 2 >= slots_.size()) grow();
    views_.push_back({});
    views_.back().serial = serial;
    return insert(static_cast<uint16_t>(views_.size() - 1));
  }

  View& operator[](uint16_t index) { return views_[index]; }
  const View& operator[](uint16_t index) const { return views_[index]; }
  size_t size() const { return views_.size(); }

 private:
  size_t mask() const { return slots_.size() - 1; }

  uint16_t insert(uint16_t index) {
    size_t at = views_[index].serial & mask();
    while (slots_[at] != kNone) at = (at + 1) & mask();
    return slots_[at] = index;
  }

  void grow() {
    slots_.assign(slots_.size() * 2, kNone);
    for (size_t i = 0; i < views_.size(); ++i) insert(static_cast<uint16_t>(i));
  }

  std::vector<View> views_;
  std::vector<uint16_t> slots_ = std::vector<uint16_t>(32, kNone);  // a power of two
};

}  // namespace rxcheck::models::reference
