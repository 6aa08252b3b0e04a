// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/pool.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>

namespace rxcheck::nt {

namespace {
void* reserve(uint64_t size) {
  void* got = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (got == MAP_FAILED) std::abort();  // 80 MB of address space: without it nothing can run
  return got;
}
constexpr uint64_t kGap = 16;
}  // namespace

Pool::Pool()
    : arena_(static_cast<uint8_t*>(reserve(kArenaSize))),
      owners_(static_cast<uint32_t*>(reserve(kArenaSize / 16 * sizeof(uint32_t)))),
      shadow_(static_cast<uint8_t*>(reserve(kArenaSize / 8))) {
  used_ = kGap;
}

Pool::~Pool() {
  munmap(arena_, kArenaSize);
  munmap(owners_, kArenaSize / 16 * sizeof(uint32_t));
  munmap(shadow_, kArenaSize / 8);
}

void Pool::reset() {
  std::memset(owners_, 0, (used_ >> 4) * sizeof(uint32_t));
  std::memset(shadow_, kClosed, used_ >> 3);
  used_ = kGap;
  allocations_.clear();
}

void* Pool::allocate(uint32_t size, uint32_t tag, bool driver) {
  const uint64_t rounded = (static_cast<uint64_t>(size) + kGap + 15) & ~15ull;
  if (size == 0 || used_ + rounded > capacity_) return nullptr;
  uint8_t* base = arena_ + used_;
  auto fields = fields_.find(tag);
  allocations_.push_back({base, size, tag, false, driver, false, fields == fields_.end() ? nullptr : &fields->second});
  const auto index = static_cast<uint32_t>(allocations_.size());
  for (uint64_t granule = used_ >> 4; granule < (used_ + rounded) >> 4; ++granule) owners_[granule] = index;
  uint8_t* shadow = shadow_ + (used_ >> 3);
  std::memset(shadow, kOpen, size >> 3);
  if ((size & 7) != 0) shadow[size >> 3] = kPartial;
  if (const FieldSet* yields = allocations_.back().yields)
    for (uint32_t field = 0; field < (size >> 3) && field < FieldSet::kFields; ++field)
      if (yields->has(field)) shadow[field] = kOpenYield;
  used_ += rounded;
  std::memset(base, 0xA5, size);
  return base;
}

void Pool::mark_request(const Allocation& allocation, Shadow kind) {
  std::memset(shadow_ + (offset_of(allocation.base) >> 3), kind, allocation.size >> 3);
}

void Pool::mark_paged(Allocation& allocation) {
  allocation.paged = true;
  std::memset(shadow_ + (offset_of(allocation.base) >> 3), kPaged, allocation.size >> 3);
}

void Pool::release(Allocation& allocation) {
  allocation.freed = true;
  std::memset(shadow_ + (offset_of(allocation.base) >> 3), kClosed, (allocation.size + 7) >> 3);
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
