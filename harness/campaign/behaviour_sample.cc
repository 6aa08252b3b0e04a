// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/behaviour_sample.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rxcheck {

namespace {

constexpr size_t kFirstSize = 1u << 12;

}  // namespace

// Where the hash is, or is to be.
BehaviourSample::Entry& BehaviourSample::place_of(uint64_t hash) {
  const size_t mask = table_.size() - 1;
  size_t at = hash & mask;
  while (table_[at].trials != 0 && table_[at].hash != hash) at = (at + 1) & mask;
  return table_[at];
}

void BehaviourSample::grow() {
  std::vector<Entry> old = std::exchange(table_, std::vector<Entry>(std::max(table_.size() * 2, kFirstSize)));
  for (const Entry& entry : old)
    if (entry.trials != 0) place_of(entry.hash) = entry;
}

void BehaviourSample::thin() {
  ++thinned_;
  size_ = 0;
  std::vector<Entry> old = std::exchange(table_, std::vector<Entry>(table_.size()));
  for (const Entry& entry : old) {
    if (entry.trials == 0 || !keeps(entry.hash)) continue;
    place_of(entry.hash) = entry;
    ++size_;
  }
}

void BehaviourSample::add(uint64_t trial, std::span<const uint64_t> behaviours) {
  if (trials_ == 0 || trial != latest_) ++trials_;
  latest_ = trial;
  const auto low_bits = static_cast<uint32_t>(trial);
  for (const uint64_t hash : behaviours) {
    if (!keeps(hash)) continue;
    if (size_ * 2 >= table_.size()) grow();
    Entry& known = place_of(hash);
    if (known.trials != 0 && known.latest == low_bits) continue;  // the same trial once more
    known.latest = low_bits;
    put(known, {hash, trial, 1, low_bits});
  }
}

// Adds what the entry says to what is known at its place, which may move then.
void BehaviourSample::put(Entry& known, const Entry& entry) {
  if (known.trials == 0) {
    known = entry;
    ++size_;
    while (size_ > most_) thin();
    return;
  }
  known.trials = known.trials > ~entry.trials ? ~0u : known.trials + entry.trials;
  known.first = std::min(known.first, entry.first);
}

void BehaviourSample::merge(const BehaviourSample& other) {
  trials_ += other.trials_;
  latest_ = std::max(latest_, other.latest_);
  while (thinned_ < other.thinned_) thin();
  for (const Entry& entry : other.table_) {
    if (entry.trials == 0 || !keeps(entry.hash)) continue;
    if (size_ * 2 >= table_.size()) grow();
    put(place_of(entry.hash), entry);
  }
}

Discovery BehaviourSample::discovery() const {
  Discovery met;
  met.trials = trials_;
  std::vector<uint64_t> alone;
  for (const Entry& entry : table_) {
    met.distinct += entry.trials != 0;
    met.twice += entry.trials == 2;
    if (entry.trials == 1) alone.push_back(entry.first);
  }
  met.once = alone.size() << thinned_;
  met.distinct <<= thinned_;
  met.twice <<= thinned_;
  std::ranges::sort(alone);
  const auto different = static_cast<uint64_t>(std::unique(alone.begin(), alone.end()) - alone.begin());
  met.trials_with_a_new = std::min(trials_, different << thinned_);
  return met;
}

std::vector<uint64_t> BehaviourSample::curve(uint64_t begin) const {
  std::vector<uint64_t> firsts;
  for (const Entry& entry : table_)
    if (entry.trials != 0) firsts.push_back(entry.first - begin);
  std::ranges::sort(firsts);
  std::vector<uint64_t> points;
  for (uint64_t first_trials = 1; first_trials < trials_; first_trials *= 2)
    points.push_back(static_cast<uint64_t>(std::ranges::lower_bound(firsts, first_trials) - firsts.begin())
                     << thinned_);
  if (trials_ != 0) points.push_back(firsts.size() << thinned_);
  return points;
}

std::vector<BehaviourSample::Entry> BehaviourSample::entries() const {
  std::vector<Entry> all;
  std::ranges::copy_if(table_, std::back_inserter(all), [](const Entry& entry) { return entry.trials != 0; });
  for (Entry& entry : all) entry.latest = 0;
  std::ranges::sort(all, {}, &Entry::hash);
  return all;
}

BehaviourSample BehaviourSample::from_parts(uint64_t trials, unsigned thinned, std::span<const Entry> entries) {
  BehaviourSample sample;
  sample.trials_ = trials;
  sample.thinned_ = thinned;
  for (const Entry& entry : entries) {
    if (sample.size_ * 2 >= sample.table_.size()) sample.grow();
    sample.put(sample.place_of(entry.hash), entry);
  }
  return sample;
}

}  // namespace rxcheck
