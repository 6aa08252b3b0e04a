// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/visited.h"

#include <algorithm>

#include "harness/core/random.h"

namespace rxcheck::linear {

namespace {

constexpr size_t kFirstTable = 1 << 10;

}  // namespace

Visited::Visited(size_t open_words, size_t pending_words, uint64_t max_bytes)
    : open_words_(open_words),
      pending_words_(pending_words),
      stride_(2 + open_words + pending_words),
      max_bytes_(max_bytes),
      table_(kFirstTable) {}

uint64_t Visited::hash(uint64_t head, const uint64_t* bits) const {
  uint64_t hash = mix64(head);
  for (size_t i = 0; i < open_words_; ++i) hash = mix64(hash ^ bits[i]);
  return hash;
}

Visited::Order Visited::compare(const uint64_t* record, const uint64_t* bits) const {
  uint64_t only_record = 0, only_bits = 0;
  for (size_t i = open_words_; i < open_words_ + pending_words_; ++i) {
    only_record |= record[i] & ~bits[i];
    only_bits |= bits[i] & ~record[i];
  }
  if (only_record == 0) return Order::fewer;
  return only_bits == 0 ? Order::more : Order::neither;
}

bool Visited::has_room() {
  const uint64_t block_bytes = (uint64_t{1} << kBlockBits) * stride_ * sizeof(uint64_t);
  const uint64_t bytes = (blocks_.size() + 1) * block_bytes + table_.size() * sizeof(uint64_t) + other_bytes_;
  return bytes <= max_bytes_ && count_ < 0xfffffffe;
}

bool Visited::grow() {
  // Both tables exist for a moment.
  const uint64_t blocks = blocks_.size() * (uint64_t{1} << kBlockBits) * stride_ * sizeof(uint64_t);
  if (blocks + table_.size() * 3 * sizeof(uint64_t) + other_bytes_ > max_bytes_) return false;
  std::vector<uint64_t> larger(table_.size() * 2);
  const size_t mask = larger.size() - 1;
  for (const uint64_t entry : table_) {
    if (entry == 0) continue;
    const uint64_t* data = record(static_cast<uint32_t>(entry) - 1);
    size_t at = hash(data[0], data + 1) & mask;
    while (larger[at] != 0) at = (at + 1) & mask;
    larger[at] = entry;
  }
  table_ = std::move(larger);
  return true;
}

Visited::Added Visited::add(uint32_t next_return, uint32_t state, std::span<const uint64_t> bits) {
  const uint64_t head = uint64_t{next_return} << 32 | state;
  const uint64_t hashed = hash(head, bits.data());
  const size_t mask = table_.size() - 1;
  size_t at = hashed & mask;
  uint32_t first = 0;  // index + 1 of the first record with the same head and open words
  for (; table_[at] != 0; at = (at + 1) & mask) {
    if (((table_[at] ^ hashed) & kUpper) != 0) continue;
    const auto index = static_cast<uint32_t>(table_[at]);
    const uint64_t* data = record(index - 1);
    if (data[0] != head || !std::equal(data + 1, data + 1 + open_words_, bits.begin())) continue;
    first = index;
    break;
  }
  bool is_kept = false;
  for (uint32_t each = first, before = 0; each != 0;) {
    uint64_t* data = record(each - 1);
    const auto next = static_cast<uint32_t>(data[stride_ - 1] >> 32);
    ++compared_;
    const Order order = compare(data + 1, bits.data());
    if (order == Order::fewer) {
      last_ = each - 1;
      return Added::known;
    }
    if (order == Order::more && !is_kept) {  // takes its place
      last_ = each - 1;
      std::ranges::copy(bits, data + 1);
      data[stride_ - 1] |= kUndecided;
      is_kept = true;
    } else if (order == Order::more) {
      uint64_t& link = record(before - 1)[stride_ - 1];
      link = (link & ~kUpper) | uint64_t{next} << 32;
      each = next;
      continue;
    }
    before = each;
    each = next;
  }
  if (is_kept) return Added::yes;
  if (count_ == blocks_.size() << kBlockBits) {
    if (!has_room()) return Added::no_memory;
    blocks_.push_back(std::make_unique_for_overwrite<uint64_t[]>((size_t{1} << kBlockBits) * stride_));
  }
  last_ = count_++;
  uint64_t* data = record(last_);
  data[0] = head;
  std::ranges::copy(bits, data + 1);
  data[stride_ - 1] = kUndecided;
  if (first != 0) {  // behind the first, which the table names
    uint64_t& next = record(first - 1)[stride_ - 1];
    data[stride_ - 1] |= next & kUpper;
    next = (next & ~kUpper) | uint64_t{count_} << 32;
    return Added::yes;
  }
  table_[at] = (hashed & kUpper) | count_;
  if (++heads_ * uint64_t{4} > table_.size() * uint64_t{3} && !grow()) return Added::no_memory;
  return Added::yes;
}

}  // namespace rxcheck::linear
