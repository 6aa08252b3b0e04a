// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/race_detector.h"

#include <algorithm>
#include <array>
#include <bit>

namespace rxcheck {

using nt::MemoryUse;
using nt::object_name;
using nt::ObjectKind;

namespace {

constexpr unsigned kUses = 7;
static_assert(static_cast<unsigned>(MemoryUse::free) == kUses - 1);

// For each use a bit for each other.
using UseTable = std::array<uint8_t, kUses>;
constexpr bool has(const UseTable& table, MemoryUse one, MemoryUse other) {
  return (table[static_cast<unsigned>(one)] >> static_cast<unsigned>(other) & 1) != 0;
}

constexpr UseTable kRaces = [] {
  UseTable table{};
  for (unsigned one = 0; one < kUses; ++one)
    for (unsigned other = 0; other < kUses; ++other)
      if (can_race(static_cast<MemoryUse>(one), static_cast<MemoryUse>(other)))
        table[one] = static_cast<uint8_t>(table[one] | 1u << other);
  return table;
}();

// What races with the second races with the first, too.
constexpr UseTable kCovers = [] {
  UseTable table{};
  for (unsigned one = 0; one < kUses; ++one)
    for (unsigned other = 0; other < kUses; ++other)
      if ((kRaces[other] & ~kRaces[one]) == 0) table[one] = static_cast<uint8_t>(table[one] | 1u << other);
  return table;
}();

}  // namespace

void RaceDetector::begin() {
  threads_.assign(VectorClock::kThreads, {});
  for (unsigned i = 0; i < VectorClock::kThreads; ++i) threads_[i].tick(i);
  objects_.begin();
  blocks_.begin();
  variables_.clear();
  epochs_.clear();
  free_epochs_ = kNone;
}

void RaceDetector::acquire(unsigned thread, uint64_t object) { threads_[thread].join(objects_.at(object).first); }

void RaceDetector::release(unsigned thread, uint64_t object) {
  objects_.at(object).first.join(threads_[thread]);
  threads_[thread].tick(thread);
}

void RaceDetector::barrier() {
  VectorClock all;
  for (const VectorClock& thread : threads_) all.join(thread);
  for (unsigned i = 0; i < VectorClock::kThreads; ++i) {
    threads_[i] = all;
    threads_[i].tick(i);
  }
}

uint32_t RaceDetector::new_epoch(const Access& access, uint32_t time, uint32_t next) {
  if (free_epochs_ == kNone) {
    epochs_.push_back({access, time, next});
    return static_cast<uint32_t>(epochs_.size() - 1);
  }
  const uint32_t at = free_epochs_;
  free_epochs_ = epochs_[at].next;
  epochs_[at] = {access, time, next};
  return at;
}

// The use that it races with; else it is remembered.
const RaceDetector::Access* RaceDetector::use_variable(Variable& variable, const Access& access) {
  const VectorClock& now = threads_[access.thread];
  if (variable.epochs != kNone) {  // the thread does the same again, or less: most uses
    const Epoch& last = epochs_[variable.epochs];
    if (last.access.thread == access.thread && last.time == now[access.thread] &&
        has(kCovers, last.access.use, access.use))
      return nullptr;
  }
  for (uint32_t* at = &variable.epochs; *at != kNone;) {
    Epoch& epoch = epochs_[*at];
    const bool ordered = epoch.time <= now[epoch.access.thread];
    if (!ordered && has(kRaces, epoch.access.use, access.use)) return &epoch.access;
    if (ordered && has(kCovers, access.use, epoch.access.use)) {
      const uint32_t gone = *at;
      *at = epoch.next;
      epoch.next = free_epochs_;
      free_epochs_ = gone;
    } else {
      at = &epoch.next;
    }
  }
  variable.epochs = new_epoch(access, now[access.thread], variable.epochs);
  return nullptr;
}

// The variable keeps `bytes`; the rest of it becomes one that has been used alike.
void RaceDetector::split(uint32_t variable, uint8_t bytes) {
  Variable rest{static_cast<uint8_t>(variables_[variable].bytes & ~bytes), kNone, variables_[variable].next};
  std::vector<uint32_t> epochs;
  for (uint32_t at = variables_[variable].epochs; at != kNone; at = epochs_[at].next) epochs.push_back(at);
  for (size_t i = epochs.size(); i-- > 0;) {
    const Epoch copied = epochs_[epochs[i]];
    rest.epochs = new_epoch(copied.access, copied.time, rest.epochs);
  }
  variables_[variable].bytes &= bytes;
  variables_[variable].next = static_cast<uint32_t>(variables_.size());
  variables_.push_back(rest);
}

// Uses some of eight bytes; `race` becomes the one at the lowest address, if there is any. REQUIRES: it is empty.
void RaceDetector::use_cell(uint32_t& variables, uint64_t number, uint8_t bytes, const Access& access,
                            std::optional<Race>& race) {
  uint8_t left = bytes;
  for (uint32_t at = variables; at != kNone && left != 0; at = variables_[at].next) {
    if ((variables_[at].bytes & left) == 0) continue;
    if ((variables_[at].bytes & ~left) != 0) split(at, left);
    const uint64_t address = number * 8 + static_cast<unsigned>(std::countr_zero(variables_[at].bytes));
    if (const Access* earlier = use_variable(variables_[at], access); earlier != nullptr)
      if (!race || address < race->address) race = Race{address, *earlier, access};
    left &= static_cast<uint8_t>(~variables_[at].bytes);
  }
  if (race || left == 0) return;
  variables_.push_back({left, new_epoch(access, threads_[access.thread][access.thread], kNone), variables});
  variables = static_cast<uint32_t>(variables_.size() - 1);
}

std::optional<RaceDetector::Race> RaceDetector::access(const Access& access, uint64_t address, uint32_t size) {
  std::optional<Race> race;
  if (size == 0) return race;
  const uint64_t object = object_name(ObjectKind::memory, address);
  if (access.use == MemoryUse::interlocked || access.use == MemoryUse::interlocked_read) acquire(access.thread, object);
  const uint64_t end = address + size;
  Block* block = nullptr;
  for (uint64_t number = address >> 3; number * 8 < end; ++number) {
    const uint64_t first = std::max(address, number * 8) & 7;
    const uint64_t last = std::min(end - number * 8, uint64_t{8});
    const auto bytes = static_cast<uint8_t>((0xffu << first) & (0xffu >> (8 - last)));
    if (block == nullptr || (number & 7) == 0) block = &blocks_.at(number >> 3).first;
    use_cell(block->variables[number & 7], number, bytes, access, race);
    if (race) return race;
  }
  if (access.use == MemoryUse::interlocked) release(access.thread, object);
  return race;
}

}  // namespace rxcheck
