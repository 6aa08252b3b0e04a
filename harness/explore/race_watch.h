// SPDX-License-Identifier: Apache-2.0
//
// Shows a run on the executive to a RaceDetector. The first race ends it with the rule `data-race`. The object is the
// field and what is done to it by which function, without regard to which came first, so that a race has one name
// whichever way it is met.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/explore/race_detector.h"
#include "harness/nt/executive.h"

namespace rxcheck {

inline constexpr std::string_view kDataRace = "data-race";

class RaceWatch : public nt::AccessSink {
 public:
  // `also` is told everything, too, unless it is nullptr. REQUIRES: both outlive the run.
  void begin(nt::Executive& executive, nt::AccessSink* also = nullptr);

  void touch(unsigned thread, uint64_t object, nt::Touch how, const void* site) override;
  void access(unsigned thread, const void* address, uint32_t size, nt::MemoryUse use, const void* site) override;
  void use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) override;
  void synchronize(unsigned thread, uint64_t object, nt::Sync how) override;
  void barrier() override;

 private:
  [[noreturn]] void report(const RaceDetector::Race& race);
  nt::Broken broken_by(const RaceDetector::Race& race) const;
  std::string name_of(const RaceDetector::Access& access) const;

  RaceDetector detector_;
  nt::Executive* executive_ = nullptr;
  nt::AccessSink* also_ = nullptr;
};

}  // namespace rxcheck
