// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/pool.h"

#include <sys/mman.h>

#include <cstdlib>

namespace rxcheck::nt {

namespace {
void* reserve(uint64_t size) {
  void* got = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) std::abort();  // 260 MB of address space: without it nothing can run
  return got;
}
constexpr uint64_t kGap = 16;
constexpr uint64_t kShadowSize = kLowEnd / 8 + 8;  // eight are read at a time
}  // namespace

Pool::Pool()
    : arena_(map_low(kArenaSize)),
      owners_(static_cast<uint32_t*>(reserve(kArenaSize / 64 * sizeof(uint32_t)))),
      shadow_(static_cast<uint8_t*>(reserve(kShadowSize))) {
  std::memset(shadow_of(0), kClosed, kArenaSize >> 3);
  reset();
}

Pool::~Pool() {
  munmap(arena_, kArenaSize);
  munmap(owners_, kArenaSize / 64 * sizeof(uint32_t));
  munmap(shadow_, kShadowSize);
}

void Pool::reset() {
  std::memset(shadow_of(0), kClosed, used_ >> 3);
  used_ = kGap;
  allocations_.clear();
}

const FieldSet* Pool::yields_of(uint32_t tag) {
  KnownFields& known = known_fields_[(tag * 0x9e3779b1u) >> 26];
  if (known.tag != tag) {
    const auto fields = fields_.find(tag);
    known = {tag, fields == fields_.end() ? nullptr : &fields->second};
  }
  return known.fields;
}

void* Pool::allocate(uint32_t size, uint32_t tag, bool driver) {
  const uint64_t rounded = (static_cast<uint64_t>(size) + kGap + 15) & ~15ull;
  if (size == 0 || used_ + rounded > capacity_) return nullptr;
  uint8_t* base = arena_ + used_;
  const FieldSet* yields = yields_of(tag);
  const auto before = static_cast<uint32_t>(allocations_.size());
  for (uint64_t granule = (used_ + 63) >> 6; granule < (used_ + rounded + 63) >> 6; ++granule)
    owners_[granule] = before;
  allocations_.push_back({base, size, tag, false, driver, false, Allocation::kNoRecord, yields});
  open(allocations_.back());
  used_ += rounded;
  return base;
}

void Pool::open(const Allocation& allocation) {
  const uint32_t size = allocation.size;
  uint8_t* shadow = shadow_of(offset_of(allocation.base));
  std::memset(shadow, kOpen, size >> 3);
  if (allocation.yields != nullptr) allocation.yields->mark(shadow, size >> 3, kOpenYield);
  if ((size & 7) != 0) shadow[size >> 3] = kPartial;  // the gap behind it is closed already
  std::memset(allocation.base, 0xA5, size);
}

void* Pool::hand_out_again(Allocation& allocation) {
  allocation.freed = false;
  open(allocation);
  return allocation.base;
}

void Pool::mark_request(Allocation& allocation, uint32_t record, Shadow kind) {
  allocation.record = record;
  std::memset(shadow_of(offset_of(allocation.base)), kind, allocation.size >> 3);
}

void Pool::mark_paged(Allocation& allocation) {
  allocation.paged = true;
  std::memset(shadow_of(offset_of(allocation.base)), kPaged, allocation.size >> 3);
}

void Pool::release(Allocation& allocation) {
  allocation.freed = true;
  std::memset(shadow_of(offset_of(allocation.base)), kClosed, (allocation.size + 7) >> 3);
}

std::string tag_name(uint32_t tag) {
  std::string name;
  for (int i = 0; i < 4; ++i) {
    const char c = static_cast<char>(tag >> (8 * i));
    name.push_back(c > ' ' && c < 0x7f ? c : (c == ' ' ? '_' : '?'));
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

}  // namespace rxcheck::nt
