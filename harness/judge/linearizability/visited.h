// SPDX-License-Identifier: Apache-2.0
//
// The configurations that a search has been in (Lowe, "Testing for linearizability", 2017, section 4), kept exactly:
// the return that is next to be explained, the state, and which of the operations open at that moment have taken
// effect. Operations that never return are kept apart: a configuration in which fewer of them took effect can do
// whatever one with more can, so it stands for both. One flat table over records of a fixed size; nothing is allocated
// but blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace rxcheck::linear {

class Visited {
 public:
  // Words of 64 bits for the open operations that return and for those that never do.
  Visited(size_t open_words, size_t pending_words, uint64_t max_bytes);

  enum class Added : uint8_t { yes, known, no_memory };
  // `bits` are the open words, then the pending words. `last` is then the configuration, or the one that stands for it.
  Added add(uint32_t next_return, uint32_t state, std::span<const uint64_t> bits);
  uint32_t last() const { return last_; }

  // The object on which the configuration fails; kUndecided at first.
  static constexpr uint32_t kUndecided = 0xffffffff;
  void set_blame(uint32_t index, uint32_t object) {
    record(index)[stride_ - 1] = object | (record(index)[stride_ - 1] & kUpper);
  }
  uint32_t blame_of(uint32_t index) { return static_cast<uint32_t>(record(index)[stride_ - 1]); }

  uint64_t size() const { return count_; }
  // Pairs of pending sets compared so far: work that is not in the model's steps.
  uint64_t compared() const { return compared_; }
  // Bytes that others may take from the budget.
  void set_other_bytes(uint64_t bytes) { other_bytes_ = bytes; }

 private:
  // A record: [next return, state], the bits, and [the index + 1 of the next record that differs in its pending words
  // only, the blame].
  static constexpr uint64_t kUpper = 0xffffffff00000000ULL;
  static constexpr size_t kBlockBits = 10;
  uint64_t* record(uint32_t index) {
    return &blocks_[index >> kBlockBits][(index & ((1u << kBlockBits) - 1)) * stride_];
  }
  // Whether fewer pending operations (or as many) took effect in the record than in the bits, or more.
  enum class Order : uint8_t { fewer, more, neither };
  Order compare(const uint64_t* record, const uint64_t* bits) const;
  bool has_room();
  bool grow();
  uint64_t hash(uint64_t head, const uint64_t* bits) const;

  size_t open_words_, pending_words_, stride_;
  uint64_t max_bytes_, other_bytes_ = 0, compared_ = 0;
  uint32_t count_ = 0, heads_ = 0, last_ = 0;
  std::vector<uint64_t> table_;  // upper half of the hash, then the index + 1; 0 is free
  std::vector<std::unique_ptr<uint64_t[]>> blocks_;
};

}  // namespace rxcheck::linear
