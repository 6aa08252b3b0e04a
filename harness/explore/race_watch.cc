// SPDX-License-Identifier: Apache-2.0
#include "harness/explore/race_watch.h"

#include <fmt/format.h>

#include <utility>

#include "harness/core/schedule_text.h"

namespace rxcheck {

using nt::MemoryUse;

namespace {

std::string_view word_for(MemoryUse use) {
  switch (use) {
    case MemoryUse::read:
      return "read";
    case MemoryUse::marked_read:
      return "volatile read";
    case MemoryUse::interlocked_read:
      return "interlocked read";
    case MemoryUse::write:
      return "write";
    case MemoryUse::marked_write:
      return "volatile write";
    case MemoryUse::interlocked:
      return "interlocked write";
    case MemoryUse::free:
      return "free";
  }
  return "";
}

uint32_t packed(const nt::Work& work) {
  return static_cast<uint32_t>(work.actor) << 24 | static_cast<uint32_t>(work.worker) << 16 | work.ordinal;
}

std::string text_of_line(uint32_t line) {
  return text_of(Line{static_cast<uint8_t>(line >> 24), static_cast<uint8_t>(line >> 16 & 0xff),
                      static_cast<uint16_t>(line & 0xffff)});
}

}  // namespace

void RaceWatch::begin(nt::Executive& executive, nt::AccessSink* also) {
  executive_ = &executive;
  also_ = also;
  detector_.begin();
}

void RaceWatch::barrier() {
  if (also_ != nullptr) also_->barrier();
  detector_.barrier();
}

void RaceWatch::touch(unsigned thread, uint64_t object, nt::Touch how, const void* site) {
  if (also_ != nullptr) also_->touch(thread, object, how, site);
  if (how == nt::Touch::acquire) detector_.acquire(thread, object);
  if (how == nt::Touch::release) detector_.release(thread, object);
}

void RaceWatch::synchronize(unsigned thread, uint64_t object, nt::Sync how) {
  if (also_ != nullptr) also_->synchronize(thread, object, how);
  if (how == nt::Sync::acquire)
    detector_.acquire(thread, object);
  else
    detector_.release(thread, object);
}

void RaceWatch::access(unsigned thread, const void* address, uint32_t size, MemoryUse use, const void* site) {
  if (also_ != nullptr) also_->access(thread, address, size, use, site);
  const RaceDetector::Access access{static_cast<uint8_t>(thread), use, packed(executive_->running().work), site};
  if (const auto race = detector_.access(access, reinterpret_cast<uintptr_t>(address), size)) report(*race);
}

void RaceWatch::use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) {
  if (also_ != nullptr) also_->use_set(thread, set, entry, use);
}

std::string RaceWatch::name_of(const RaceDetector::Access& access) const {
  const std::string function = executive_->function_at(access.site);
  return fmt::format("{} in {}", word_for(access.use), function.empty() ? "the executive" : function);
}

// The thread is never resumed after it: nothing may be left on its stack that owns memory.
void RaceWatch::report(const RaceDetector::Race& race) { executive_->violate(broken_by(race)); }

nt::Broken RaceWatch::broken_by(const RaceDetector::Race& race) const {
  const std::string object = executive_->name_of_object(race.address);
  std::string one = name_of(race.earlier), other = name_of(race.later);
  std::string text = fmt::format("nothing orders the {} for {} and the {} for {}, of {}", one,
                                 text_of_line(race.earlier.line), other, text_of_line(race.later.line), object);
  if (other < one) std::swap(one, other);
  return {std::string(kDataRace), fmt::format("{} {}, {}", object, one, other), "", std::move(text), 0xffff};
}

}  // namespace rxcheck
