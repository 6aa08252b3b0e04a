// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/pair_watch.h"

#include <fmt/format.h>

#include <utility>

namespace rxcheck {

namespace {

constexpr unsigned kImageShift = 24;
constexpr unsigned kMostUses = 16;  // of one cell: who comes later is not kept

}  // namespace

std::string name_of_site(Site site, const nt::Executive& executive) {
  const nt::PeImage* image = executive.images()[(site >> kImageShift) - 1];
  const uint32_t rva = site & ((1u << kImageShift) - 1);
  const auto& symbol = image->symbol_at(image->base() + rva - 1);
  return fmt::format("{}+{:#x}", symbol.name, rva - symbol.rva);
}

void PairWatch::begin(nt::Executive& executive) {
  executive_ = &executive;
  for (unsigned i = 0; i < VectorClock::kThreads; ++i) {
    threads_[i] = {};
    threads_[i].tick(i);
  }
  locked_from_.fill(0);
  unlocks_.fill(0);
  objects_.clear();
  cells_.begin();
  block_at_.begin();
  blocks_.clear();
  uses_.clear();
  index_.begin();
  seen_.clear();
  expects_ = std::exchange(expects_next_, false);
  met_ = false;
}

void PairWatch::expect(const SeenPair& pair) {
  expected_ = pair;
  expects_next_ = true;
}

Site PairWatch::site_of(const void* address) const {
  const auto& images = executive_->images();
  for (unsigned i = 0; i < images.size(); ++i)
    if (images[i]->contains(address))
      return (i + 1) << kImageShift | static_cast<uint32_t>(static_cast<const uint8_t*>(address) - images[i]->base());
  return 0;
}

// Of the locks that the running thread holds: what it gives back orders nothing.
bool PairWatch::is_of_lock(unsigned thread, uint64_t object) const {
  const uint64_t address = object & ((1ull << 56) - 1);
  for (const nt::HeldLock& lock : executive_->thread(thread).locks.all())
    if (address - lock.address <= 1) return true;  // a resource has two names (writers and readers)
  return false;
}

void PairWatch::touch(unsigned thread, uint64_t, nt::Touch how, const void*) {
  if (how == nt::Touch::acquire && executive_->thread(thread).locks.empty())
    locked_from_[thread] = executive_->yields();
}

void PairWatch::synchronize(unsigned thread, uint64_t object, nt::Sync how) {
  if (how == nt::Sync::acquire) {
    if (executive_->thread(thread).locks.empty()) locked_from_[thread] = executive_->yields();
    const auto it = objects_.find(object);
    if (it != objects_.end()) threads_[thread].join(it->second);
  } else if (!is_of_lock(thread, object)) {
    objects_[object].join(threads_[thread]);
    threads_[thread].tick(thread);
  } else {
    ++unlocks_[thread];
  }
}

void PairWatch::barrier() {
  VectorClock all;
  for (const VectorClock& thread : threads_) all.join(thread);
  for (unsigned i = 0; i < VectorClock::kThreads; ++i) {
    threads_[i] = all;
    threads_[i].tick(i);
  }
}

void PairWatch::report(const Use& first, const Use& second, uint64_t cell) {
  if (first.site == second.site) return;
  const SitePair sites{first.site, second.site};
  const bool ordered = first.unpublished || first.time <= threads_[second.thread][first.thread];
  const SeenPair pair{sites, ordered, first.thread, first.from_yield, cell};
  const auto [at, fresh] = index_.at(sites.key());
  if (fresh) {
    at = static_cast<uint32_t>(seen_.size());
    seen_.push_back(pair);
  } else if (seen_[at].ordered && !ordered) {
    seen_[at] = pair;
  }
}

// False once others may know of the memory.
bool PairWatch::touch_block(Cell& cell, unsigned thread, const void* address) {
  if (cell.block == kNone) {
    nt::Pool& pool = executive_->pool();
    const nt::Allocation* allocation = pool.contains(address) ? pool.find(address) : nullptr;
    const auto [index, fresh] = block_at_.at(allocation == nullptr ? 0 : reinterpret_cast<uintptr_t>(allocation->base));
    if (fresh) {
      index = static_cast<uint32_t>(blocks_.size());
      blocks_.push_back({thread, unlocks_[thread], allocation == nullptr});
    }
    cell.block = index;
  }
  Block& block = blocks_[cell.block];
  block.shared = block.shared || block.owner != thread || block.unlocks != unlocks_[thread];
  return !block.shared;
}

void PairWatch::use_cell(uint64_t number, Use& use, const void* address) {
  Cell& cell = cells_.at(number).first;
  use.unpublished = touch_block(cell, use.thread, address);
  unsigned kept = 0;
  bool known = false;
  for (uint32_t* at = &cell.uses; *at != kNone;) {
    Use& earlier = uses_[*at];
    if (earlier.thread != use.thread && (earlier.writes || use.writes)) report(earlier, use, number);
    if (earlier.thread != use.thread && use.writes) {
      *at = earlier.next;
      continue;
    }
    if (earlier.thread == use.thread && earlier.site == use.site && earlier.writes == use.writes) {
      const uint32_t next = earlier.next;
      earlier = use;
      earlier.next = next;
      known = true;
    }
    at = &earlier.next;
    ++kept;
  }
  if (known || kept >= kMostUses) return;
  uses_.push_back(use);
  uses_.back().next = cell.uses;
  cell.uses = static_cast<uint32_t>(uses_.size() - 1);
}

void PairWatch::access(unsigned thread, const void* address, uint32_t size, nt::MemoryUse how, const void* site) {
  const Site place = site == nullptr ? 0 : site_of(site);
  if (place == 0 || size == 0) return;
  const bool locked = !executive_->thread(thread).locks.empty();
  Use use;
  use.site = place;
  use.thread = thread;
  use.time = threads_[thread][thread];
  use.from_yield = locked ? locked_from_[thread] : executive_->yields();
  use.writes = !nt::reads_only(how);
  const uint64_t first = reinterpret_cast<uintptr_t>(address) >> 3;
  const uint64_t last = (reinterpret_cast<uintptr_t>(address) + size - 1) >> 3;
  if (expects_ && thread != expected_.thread && place == expected_.sites.second && expected_.cell >= first &&
      expected_.cell <= last)
    met_ = true;
  for (uint64_t number = first; number <= last; ++number) use_cell(number, use, address);
}

}  // namespace rxcheck
