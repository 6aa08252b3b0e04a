// SPDX-License-Identifier: Apache-2.0
//
// Which behaviours trials have shown, and how many trials each, in bounded memory. Only behaviours whose hash lies
// under a threshold are kept; when there are more than fit, the threshold is halved. What is kept is thus a uniform
// sample of all behaviours, whatever their frequency, and each that is kept was counted from its first trial on (the
// idea of Gibbons, "Distinct Sampling for Highly-Accurate Answers to Distinct Values Queries", VLDB 2001). What a
// sample says depends on the trials alone, not on the order in which parts of them are merged.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/campaign/good_turing.h"

namespace rxcheck {

class BehaviourSample {
 public:
  struct Entry {
    uint64_t hash = 0;
    uint64_t first = 0;   // trial that showed it
    uint32_t trials = 0;  // that showed it; 0: the place is free
    uint32_t latest = 0;  // while trials are added: the low bits of the latest that showed it

    friend bool operator==(const Entry&, const Entry&) = default;
  };
  // 24 bytes each in a table that is at most half full: 24 MiB. Ten million programs show about 400,000.
  static constexpr uint64_t kMost = 1u << 19;
  static constexpr unsigned kMostThinned = 63;

  explicit BehaviourSample(uint64_t most = kMost) : most_(most) {}

  // What trial `trial` showed, or some of it. REQUIRES: not less than the trial before.
  void add(uint64_t trial, std::span<const uint64_t> behaviours);
  // REQUIRES: the two have no trial in common, and the same `most`.
  void merge(const BehaviourSample& other);

  uint64_t trials() const { return trials_; }
  // One behaviour in 2^thinned is kept.
  unsigned thinned() const { return thinned_; }
  // Estimates for all behaviours; exact as long as nothing is thinned. Thinned, trials_with_a_new is at most that.
  Discovery discovery() const;
  // How many behaviours the first 1, 2, 4, ... trials had shown, counted from trial `begin`; the last number is that of
  // all trials.
  std::vector<uint64_t> curve(uint64_t begin) const;

  // In the order of their hashes, without `latest`.
  std::vector<Entry> entries() const;
  // A sample from its parts, for its way through a pipe.
  // REQUIRES: thinned <= kMostThinned.
  static BehaviourSample from_parts(uint64_t trials, unsigned thinned, std::span<const Entry> entries);

 private:
  bool keeps(uint64_t hash) const { return thinned_ == 0 || hash >> (64 - thinned_) == 0; }
  Entry& place_of(uint64_t hash);
  void grow();
  void thin();
  void put(Entry& known, const Entry& entry);

  uint64_t most_;
  uint64_t trials_ = 0;
  uint64_t latest_ = 0;
  unsigned thinned_ = 0;
  uint64_t size_ = 0;
  std::vector<Entry> table_;  // open addressing by the hash's low bits; its size is a power of two
};

}  // namespace rxcheck
