// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/engine/feedback.h"

#include <algorithm>
#include <vector>

#include "driver/protocol/rxcheck_events.h"

namespace rxcheck::fuzz {

namespace {

// libFuzzer looks at what lies in this section after each run, and clears it before.
__attribute__((section("__libfuzzer_extra_counters"), used)) uint8_t tables[kBehaviours + kComparisons];

// Called by the drivers. `site` is where the comparison is.
void __attribute__((ms_abi))
compared(unsigned long long site, unsigned long long left, unsigned long long right, unsigned bytes) {
  tell_comparison(site, left, right, bytes);
  const uint64_t differ = left ^ right;
  uint32_t equal = 0;
  while (equal < bytes && (differ >> (8 * equal) & 0xff) == 0) ++equal;
  // Nothing equal is where everybody begins.
  if (equal != 0) comparisons()[(site * 8 + equal - 1) * 0x9e3779b97f4a7c15 >> 51] = 1;
}

}  // namespace

std::span<uint8_t> behaviours() { return std::span(tables).first(kBehaviours); }
std::span<uint8_t> comparisons() { return std::span(tables).subspan(kBehaviours); }

size_t watch_drivers(std::span<void* const> coverage_tables, std::span<void* const> comparison_slots) {
  std::vector<std::span<uint8_t>> counters;
  std::vector<std::span<const uintptr_t>> places;
  for (void* exported : coverage_tables) {
    const auto* table = static_cast<const RX_COVERAGE_TABLE*>(exported);
    counters.emplace_back(table->CountersStart, table->CountersStop);
    places.emplace_back(static_cast<const uintptr_t*>(table->PcsStart), static_cast<const uintptr_t*>(table->PcsStop));
  }
  for (void* slot : comparison_slots) *static_cast<RX_COMPARED*>(slot) = &compared;
  return watch_edges(counters, places);
}

}  // namespace rxcheck::fuzz
