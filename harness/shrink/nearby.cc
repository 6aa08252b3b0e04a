// SPDX-License-Identifier: Apache-2.0
#include "harness/shrink/nearby.h"

#include <limits>

#include "harness/shrink/trial.h"

namespace rxcheck {

namespace {

constexpr uint64_t kBudget = 20'000;
constexpr int kFurthest = 3;
constexpr unsigned kSearch = 4'000;

// Other occurrences of one point at a time.
bool shifted(Trial& trial, const Case& left, Case& found) {
  for (size_t i = 0; i < left.schedule.choices.size(); ++i) {
    for (int distance = 1; distance <= kFurthest; ++distance) {
      for (const int step : {-distance, distance}) {
        found = left;
        uint32_t& occurrence = found.schedule.choices[i].at.occurrence;
        if (step < 0 && occurrence <= static_cast<uint32_t>(-step)) continue;
        occurrence += static_cast<uint32_t>(step);
        if (trial.exact(found)) return true;
      }
    }
  }
  return false;
}

// How many points that are alike a choice is tried at: all combinations of them stay within a few thousand runs.
uint32_t most_points(size_t switches) {
  if (switches <= 1) return 64;
  return switches == 2 ? 32 : switches == 3 ? 12 : switches <= 5 ? 4 : 1;
}

// From the choice `index` on, every switch at each of the first points that are alike to its own.
bool alike(Trial& trial, const Case& left, size_t index, uint32_t most, Likeness likeness, Case& found) {
  if (index == left.schedule.choices.size()) {
    found = left;
    return trial.alike(found, likeness);
  }
  Case candidate = left;
  Choice& choice = candidate.schedule.choices[index];
  if (choice.kind == Choice::Kind::pick) return alike(trial, candidate, index + 1, most, likeness, found);
  for (uint32_t occurrence = 1; occurrence <= most && !trial.exhausted(); ++occurrence) {
    choice.at.occurrence = occurrence;
    if (alike(trial, candidate, index + 1, most, likeness, found)) return true;
  }
  return false;
}

}  // namespace

std::optional<Case> find_nearby(Target& target, Judge& judge, const Case& left, const std::string& fingerprint) {
  Trial trial(target, judge, fingerprint, kBudget, {});
  Case found;
  if (shifted(trial, left, found)) return found;
  const uint32_t most = most_points(switches_in(left.schedule));
  for (const Likeness likeness : {Likeness::any_offset, Likeness::any_function})
    if (alike(trial, left, 0, most, likeness, found)) return found;
  found = left;
  if (trial.mended(found)) return found;
  found = left;
  if (trial.search(found, kSearch, std::numeric_limits<unsigned>::max())) return found;
  return std::nullopt;
}

}  // namespace rxcheck
