// SPDX-License-Identifier: Apache-2.0
//
// The executive's pool: one arena, handed out upwards and never reused within a program, so that every use after free,
// overrun and double free is seen at the byte, and every object has the same number in every run. Between programs only
// the part that was used is cleared. Allocations are separated by at least 16 bytes that belong to nobody.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace rxcheck::nt {

// Which 8-byte fields of a kind of object are yield points: one bit a field, up to kFields fields.
struct FieldSet {
  static constexpr unsigned kFields = 512;
  uint64_t bits[kFields / 64] = {};

  bool has(uint64_t field) const { return field < kFields && ((bits[field >> 6] >> (field & 63)) & 1) != 0; }
  // Returns true if it was new. Fields beyond the limit are ignored.
  bool add(uint64_t field) {
    if (field >= kFields || has(field)) return false;
    bits[field >> 6] |= 1ull << (field & 63);
    return true;
  }
};

struct Allocation {
  uint8_t* base = nullptr;
  uint32_t size = 0;
  uint32_t tag = 0;  // four characters, first in the low byte, as in ExAllocatePoolWithTag
  bool freed = false;
  bool driver = false;  // allocated by a driver: must be freed by it
  bool paged = false;   // may not be touched at DISPATCH_LEVEL
  const FieldSet* yields = nullptr;
};

class Pool {
 public:
  Pool();
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Forgets all allocations. Memory is handed out filled with 0xA5, so that nothing leaks from one program into the
  // next.
  void reset();

  // nullptr if the arena is exhausted.
  void* allocate(uint32_t size, uint32_t tag, bool driver);

  bool contains(const void* address) const { return offset_of(address) < used_; }
  // The allocation whose bytes or following gap the address lies in; nullptr for memory of nobody.
  Allocation* find(const void* address) {
    const uint64_t offset = offset_of(address);
    if (offset >= used_) return nullptr;
    const uint32_t index = owners_[offset >> 4];
    return index == 0 ? nullptr : &allocations_[index - 1];
  }
  std::vector<Allocation>& allocations() { return allocations_; }
  uint64_t offset_of(const void* address) const {
    return static_cast<uint64_t>(static_cast<const uint8_t*>(address) - arena_);
  }
  uint64_t used() const { return used_; }

  // What may be done with the 8 bytes at an offset below used(): kClosed for memory that is freed or nobody's, kOpen,
  // kOpenYield where a line may be interrupted, kPartial for the end of an allocation whose size is no multiple of 8,
  // kRequest for an IRP, kLayered for one that drivers pass down, kPaged for paged pool.
  enum Shadow : uint8_t {
    kClosed = 0,
    kOpen = 1,
    kOpenYield = 2,
    kPartial = 3,
    kRequest = 4,
    kPaged = 5,
    kLayered = 6
  };
  uint8_t shadow(uint64_t offset) const { return shadow_[offset >> 3]; }

  // True if all the 8 bytes that a range of at least 8 touches are kOpen. Allocations are further apart than that: it
  // is of one.
  bool all_plain(uint64_t offset, uint32_t size) const {
    const uint64_t last = (offset + size - 1) >> 3;
    if (last >= used_ >> 3) return false;
    for (uint64_t at = offset >> 3; at <= last; ++at)
      if (shadow_[at] != kOpen) return false;
    return true;
  }

  // The allocation is of paged pool.
  void mark_paged(Allocation& allocation);
  // Not more than so many bytes are handed out from here on. For tests.
  void set_capacity(uint64_t bytes) { capacity_ = bytes; }
  // The allocation holds a request. REQUIRES: its size is a multiple of 8.
  void mark_request(const Allocation& allocation, Shadow kind = kRequest);
  // From here on the allocation's memory is forbidden. REQUIRES: not freed yet.
  void release(Allocation& allocation);

  // The fields of objects with this tag at which a line may be interrupted. Kept over reset().
  FieldSet& yield_fields(uint32_t tag) { return fields_[tag]; }
  const std::unordered_map<uint32_t, FieldSet>& all_yield_fields() const { return fields_; }
  void clear_yield_fields() { fields_.clear(); }

 private:
  static constexpr uint64_t kArenaSize = 64ull << 20;
  uint8_t* arena_;
  uint32_t* owners_;  // one entry every 16 bytes: 1 + index of the allocation, 0 for nobody's
  uint8_t* shadow_;   // one entry every 8 bytes
  uint64_t used_ = 0;
  uint64_t capacity_ = kArenaSize;
  std::vector<Allocation> allocations_;
  std::unordered_map<uint32_t, FieldSet> fields_;
};

// "RxCx" for a pool tag; bytes that cannot be printed become '?'.
std::string tag_name(uint32_t tag);
constexpr uint32_t make_tag(const char (&text)[5]) {
  return static_cast<uint32_t>(static_cast<uint8_t>(text[0])) |
         static_cast<uint32_t>(static_cast<uint8_t>(text[1])) << 8 |
         static_cast<uint32_t>(static_cast<uint8_t>(text[2])) << 16 |
         static_cast<uint32_t>(static_cast<uint8_t>(text[3])) << 24;
}

}  // namespace rxcheck::nt
