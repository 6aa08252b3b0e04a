// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/nearby.h"

#include "harness/shrink/trial.h"

namespace rxcheck {

namespace {
constexpr uint64_t kBudget = 5'000;
constexpr int kFurthest = 3;
}  // namespace

std::optional<Case> find_nearby(Target& target, Judge& judge, const Case& left, const std::string& fingerprint) {
  Trial trial(target, judge, fingerprint, kBudget, {});
  for (size_t i = 0; i < left.schedule.choices.size(); ++i) {
    for (int distance = 1; distance <= kFurthest; ++distance) {
      for (const int step : {-distance, distance}) {
        Case candidate = left;
        uint32_t& occurrence = candidate.schedule.choices[i].at.occurrence;
        if (step < 0 && occurrence <= static_cast<uint32_t>(-step)) continue;
        occurrence += static_cast<uint32_t>(step);
        if (trial.exact(candidate)) return candidate;
      }
    }
  }
  Case candidate = left;
  if (trial.mended(candidate)) return candidate;
  return std::nullopt;
}

}  // namespace rxcheck
