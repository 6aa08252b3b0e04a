// SPDX-License-Identifier: Apache-2.0
//
// What is known of pairs of conflicting accesses: in which orders they were seen, and how often somebody tried to turn
// them round. A pair is tried a few times; one that does not turn then is left alone. Books of several blocks are put
// together; the result does not depend on the order. Pure.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/explore/pair_watch.h"

namespace rxcheck {

class PairBook {
 public:
  static constexpr uint8_t kMostTries = 2;
  struct Entry {
    bool forward = false;   // seen with the lower site first
    bool backward = false;  // seen with the higher site first
    bool turnable = false;  // seen where nothing but a lock ordered it
    bool forced = false;    // a try brought the second to its access while the first was held before its own
    uint8_t tries = 0;
    uint32_t runs = 0;  // in which it was seen
    bool both() const { return forward && backward; }
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  struct Sums {
    uint64_t pairs = 0;
    uint64_t both = 0;       // seen in both orders
    uint64_t fixed = 0;      // seen in one order, and always ordered by something else than a lock
    uint64_t tried = 0;      // that somebody tried to turn round
    uint64_t turned = 0;     // of these seen in both orders
    uint64_t forced = 0;     // of the others those whose second came first, and then the first did not come
    uint64_t abandoned = 0;  // tried as often as is allowed, neither turned nor forced
  };

  void clear() { entries_.clear(); }
  // True if these sites were not known in any order.
  bool see(const SeenPair& pair);
  // Whether a try is worth while: its other order was not seen, nothing fixes it here, and it was not tried in vain.
  bool wants(const SeenPair& pair) const;
  uint32_t runs_with(const SitePair& sites) const;
  void tried(const SitePair& sites, bool forced);
  void merge(const PairBook& other);
  void put(const SitePair& sites, const Entry& entry);

  size_t size() const { return entries_.size(); }
  std::vector<std::pair<SitePair, Entry>> sorted() const;  // by their sites, the lower first
  Sums sums() const;

  friend bool operator==(const PairBook&, const PairBook&) = default;

 private:
  static SitePair lower_first(const SitePair& sites) { return sites.first < sites.second ? sites : sites.reversed(); }

  std::unordered_map<uint64_t, Entry> entries_;  // by the key of the sites, the lower first
};

}  // namespace rxcheck
