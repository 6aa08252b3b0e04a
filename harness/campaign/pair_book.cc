// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/pair_book.h"

#include <algorithm>

namespace rxcheck {

bool PairBook::see(const SeenPair& pair) {
  const auto [at, fresh] = entries_.try_emplace(lower_first(pair.sites).key());
  Entry& entry = at->second;
  (pair.sites.first < pair.sites.second ? entry.forward : entry.backward) = true;
  entry.turnable = entry.turnable || !pair.ordered;
  ++entry.runs;
  return fresh;
}

bool PairBook::wants(const SeenPair& pair) const {
  if (pair.ordered) return false;
  const auto known = entries_.find(lower_first(pair.sites).key());
  if (known == entries_.end()) return true;
  const Entry& entry = known->second;
  return !entry.both() && !entry.forced && entry.tries < kMostTries;
}

uint32_t PairBook::runs_with(const SitePair& sites) const {
  const auto known = entries_.find(lower_first(sites).key());
  return known == entries_.end() ? 0 : known->second.runs;
}

void PairBook::tried(const SitePair& sites, bool forced) {
  Entry& entry = entries_[lower_first(sites).key()];
  entry.tries = static_cast<uint8_t>(std::min(entry.tries + 1, int{kMostTries}));
  entry.forced = entry.forced || forced;
}

void PairBook::put(const SitePair& sites, const Entry& entry) {
  Entry& known = entries_[sites.key()];
  known.forward = known.forward || entry.forward;
  known.backward = known.backward || entry.backward;
  known.turnable = known.turnable || entry.turnable;
  known.forced = known.forced || entry.forced;
  known.tries = std::max(known.tries, entry.tries);
  known.runs += entry.runs;
}

void PairBook::merge(const PairBook& other) {
  for (const auto& [key, entry] : other.entries_) put({static_cast<Site>(key >> 32), static_cast<Site>(key)}, entry);
}

std::vector<std::pair<SitePair, PairBook::Entry>> PairBook::sorted() const {
  std::vector<std::pair<SitePair, Entry>> all;
  all.reserve(entries_.size());
  for (const auto& [key, entry] : entries_)
    all.push_back({{static_cast<Site>(key >> 32), static_cast<Site>(key)}, entry});
  std::ranges::sort(all, {}, [](const auto& entry) { return entry.first.key(); });
  return all;
}

PairBook::Sums PairBook::sums() const {
  Sums sums;
  for (const auto& [key, entry] : entries_) {
    const bool tried = entry.tries != 0;
    ++sums.pairs;
    sums.both += entry.both();
    sums.fixed += !entry.both() && !entry.turnable;
    sums.tried += tried;
    sums.turned += tried && entry.both();
    sums.forced += entry.forced && !entry.both();
    sums.abandoned += entry.tries == kMostTries && !entry.both() && !entry.forced;
  }
  return sums;
}

}  // namespace rxcheck
