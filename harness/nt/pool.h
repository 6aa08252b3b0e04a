// SPDX-License-Identifier: Apache-2.0
//
// The executive's pool: one arena, handed out upwards and not reused within a program unless the executive asks for it,
// so that every use after free, overrun and double free is seen at the byte, and every object has the same number in
// every run. Between programs only the part that was used is cleared. Allocations are separated by at least 16 bytes
// that belong to nobody.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/nt/low_map.h"

namespace rxcheck::nt {

// Which 8-byte fields of a kind of object are yield points: one bit a field, up to kFields fields.
struct FieldSet {
  static constexpr unsigned kFields = 512;
  uint64_t bits[kFields / 64] = {};

  bool has(uint64_t field) const { return field < kFields && ((bits[field >> 6] >> (field & 63)) & 1) != 0; }
  // Sets the byte of each field that is among the first `count`.
  void mark(uint8_t* bytes, uint64_t count, uint8_t value) const {
    for (unsigned word = 0; word < kFields / 64 && word * 64ull < count; ++word)
      for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
        const uint64_t field = word * 64ull + static_cast<unsigned>(std::countr_zero(left));
        if (field >= count) return;
        bytes[field] = value;
      }
  }
  // Returns true if it was new. Fields beyond the limit are ignored.
  bool add(uint64_t field) {
    if (field >= kFields || has(field)) return false;
    bits[field >> 6] |= 1ull << (field & 63);
    return true;
  }
};

struct Allocation {
  static constexpr uint32_t kNoRecord = ~0u;

  uint8_t* base = nullptr;
  uint32_t size = 0;
  uint32_t tag = 0;  // four characters, first in the low byte, as in ExAllocatePoolWithTag
  bool freed = false;
  bool driver = false;          // allocated by a driver: must be freed by it
  bool paged = false;           // may not be touched at DISPATCH_LEVEL
  uint32_t record = kNoRecord;  // of a request: its number. Kept here, because drivers can write the request
  const FieldSet* yields = nullptr;

  bool is_request() const { return record != kNoRecord; }
};

class Pool {
 public:
  static constexpr uint64_t kArenaSize = 64ull << 20;

  Pool();
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Forgets all allocations. Memory is handed out filled with 0xA5, so that nothing leaks from one program into the
  // next.
  void reset();

  // nullptr if the arena is exhausted.
  void* allocate(uint32_t size, uint32_t tag, bool driver);

  // Memory that is not handed out yet, too.
  bool contains(const void* address) const { return offset_of(address) < kArenaSize; }
  // The allocation whose bytes or following gap the address lies in; nullptr for memory of nobody.
  Allocation* find(const void* address) {
    const uint64_t offset = offset_of(address);
    if (offset >= used_) return nullptr;
    uint32_t count = owners_[offset >> 6];
    while (count < allocations_.size() && allocations_[count].base <= address) ++count;
    return count == 0 ? nullptr : &allocations_[count - 1];
  }
  std::vector<Allocation>& allocations() { return allocations_; }
  uint64_t offset_of(const void* address) const {
    return static_cast<uint64_t>(static_cast<const uint8_t*>(address) - arena_);
  }
  uint64_t used() const { return used_; }

  // What may be done with 8 bytes: kOpen for all memory that is not ours to judge as well, kOpenYield where a line may
  // be interrupted, kClosed for memory that is freed or nobody's, kPartial for the end of an allocation whose size is
  // no multiple of 8, kRequest for an IRP, kLayered for one that drivers pass down,
  // kPaged for paged pool.
  enum Shadow : uint8_t {
    kOpen = 0,
    kOpenYield = 1,
    kClosed = 0x80,
    kPartial = 0x81,
    kRequest = 0x82,
    kPaged = 0x83,
    kLayered = 0x84
  };
  // REQUIRES: the address is below kLowEnd.
  uint8_t shadow(const void* address) const { return shadow_[reinterpret_cast<uint64_t>(address) >> 3]; }
  const signed char* shadow_map() const { return reinterpret_cast<const signed char*>(shadow_); }
  // A line may be interrupted at this field of an image.
  void mark_yield(const void* address) { shadow_[reinterpret_cast<uint64_t>(address) >> 3] = kOpenYield; }

  // What may be done with the 8 bytes that each a range touches, all in one: 0 if it is kOpen throughout, kNotOpen has
  // a bit of it if any is neither kOpen nor kOpenYield. A range that is open is of one allocation. REQUIRES:
  // contains(address).
  static constexpr uint64_t kNotOpen = 0x8080'8080'8080'8080;
  uint64_t shadows(const void* address, uint32_t size) const {
    if (offset_of(address) + size >= used_) return kNotOpen;
    const uint8_t* at = shadow_ + (reinterpret_cast<uint64_t>(address) >> 3);
    uint64_t count = ((reinterpret_cast<uint64_t>(address) & 7) + (size != 0 ? size : 1) + 7) >> 3;
    uint64_t all = 0;
    uint64_t eight = 0;
    for (; count > 8; count -= 8, at += 8) {
      std::memcpy(&eight, at, 8);
      all |= eight;
    }
    std::memcpy(&eight, at, 8);
    return all | eight << (64 - 8 * count);
  }

  // The allocation is of paged pool.
  void mark_paged(Allocation& allocation);
  // Not more than so many bytes are handed out from here on. For tests.
  void set_capacity(uint64_t bytes) { capacity_ = bytes; }
  // The allocation holds the request of this number. REQUIRES: its size is a multiple of 8.
  void mark_request(Allocation& allocation, uint32_t record, Shadow kind);
  // From here on the allocation's memory is forbidden. REQUIRES: not freed yet.
  void release(Allocation& allocation);
  // It is handed out again, as it was the first time. REQUIRES: freed.
  void* hand_out_again(Allocation& allocation);

  // The fields of objects with this tag at which a line may be interrupted. Kept over reset().
  FieldSet& yield_fields(uint32_t tag) {
    known_fields_ = {};
    return fields_[tag];
  }
  const std::unordered_map<uint32_t, FieldSet>& all_yield_fields() const { return fields_; }
  void clear_yield_fields() {
    known_fields_ = {};
    fields_.clear();
  }

 private:
  // The fields of objects with this tag, nullptr if there are none.
  const FieldSet* yields_of(uint32_t tag);
  // Its bytes may be touched, and hold what nobody has written.
  void open(const Allocation& allocation);
  uint8_t* shadow_of(uint64_t offset) { return shadow_ + (reinterpret_cast<uint64_t>(arena_ + offset) >> 3); }

  uint8_t* arena_;
  uint32_t* owners_;  // one entry every 64 bytes: how many allocations begin before them
  uint8_t* shadow_;   // one entry every 8 bytes of all memory below kLowEnd
  uint64_t used_ = 0;
  uint64_t capacity_ = kArenaSize;
  std::vector<Allocation> allocations_;
  std::unordered_map<uint32_t, FieldSet> fields_;
  // What yields_of() has found, by tag: there are few, and each is asked for often.
  struct KnownFields {
    uint32_t tag = 0;
    const FieldSet* fields = nullptr;
  };
  std::array<KnownFields, 64> known_fields_{};
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
