// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_cover.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace rxcheck {

std::vector<bool> cover(std::span<const CoverItem> items, const Behaviours& shown) {
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, {}, [&](size_t i) { return std::tuple(!items[i].always, items[i].bytes, items[i].digest); });
  // How many of those that are kept show it. Looked up only, so no order of the table reaches the result.
  std::unordered_map<uint64_t, unsigned> times;
  for (const uint64_t behaviour : shown) ++times[behaviour];
  std::vector<bool> kept(items.size());
  for (const size_t i : order) {
    const Behaviours& all = *items[i].behaviours;
    kept[i] = items[i].always || std::ranges::any_of(all, [&](uint64_t one) { return !times.contains(one); });
    if (!kept[i]) continue;
    for (const uint64_t behaviour : all) ++times[behaviour];
  }
  std::ranges::reverse(order);
  for (const size_t i : order) {
    if (!kept[i] || items[i].always) continue;
    const Behaviours& all = *items[i].behaviours;
    if (std::ranges::any_of(all, [&](uint64_t one) { return times[one] == 1; })) continue;
    kept[i] = false;
    for (const uint64_t behaviour : all) --times[behaviour];
  }
  return kept;
}

}  // namespace rxcheck
