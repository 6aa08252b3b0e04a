// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/pct_bound.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rxcheck {

namespace {

constexpr double kLogMissUnit = 0x1p-40;

uint64_t saturating_sum(uint64_t a, uint64_t b) { return a > std::numeric_limits<uint64_t>::max() - b ? ~0ull : a + b; }

uint64_t in_units(double log_miss) {
  const double units = log_miss / kLogMissUnit;
  return units < 0x1p63 ? static_cast<uint64_t>(units) : ~0ull;  // certain, whatever else is added
}

// The bin's lower edge is not above what is in it.
uint16_t bin_of(double detection) {
  return static_cast<uint16_t>(std::ceil(-std::log2(detection) * PctTally::kBinsAnOctave));
}
double lower_edge(uint16_t bin) { return std::exp2(-static_cast<double>(bin) / PctTally::kBinsAnOctave); }

}  // namespace

double pct_bound(uint32_t lines, uint32_t points, uint32_t depth) {
  if (lines == 0 || points == 0) return 0;
  return 1 / (static_cast<double>(lines) * std::pow(static_cast<double>(points), depth - 1));
}

void ProgramGuarantee::add(uint32_t lines, uint32_t points, uint32_t depth) {
  const double bound = pct_bound(lines, points, depth);
  if (bound == 0) return;
  depths_ |= 1u << std::min(depth, 31u);
  for (unsigned bug = 1; bug <= std::min(depth, kBugDepths); ++bug) log_miss_[bug - 1] -= std::log1p(-bound);
}

double ProgramGuarantee::detection(unsigned depth) const { return -std::expm1(-log_miss(depth)); }

void PctTally::add_schedule(uint32_t yields, uint32_t points) {
  ++schedules;
  overran += yields > points;
}

void PctTally::add_program(const ProgramGuarantee& program) {
  for (unsigned depth = 1; depth <= kBugDepths; ++depth) {
    Depth& all = depths[depth - 1];
    all.log_miss = saturating_sum(all.log_miss, in_units(program.log_miss(depth)));
    if (!program.covers(depth)) continue;
    ++all.programs;
    ++all.bins[bin_of(program.detection(depth))];
  }
}

void PctTally::merge(const PctTally& other) {
  schedules += other.schedules;
  overran += other.overran;
  for (unsigned i = 0; i < kBugDepths; ++i) {
    depths[i].programs += other.depths[i].programs;
    depths[i].log_miss = saturating_sum(depths[i].log_miss, other.depths[i].log_miss);
    for (const auto& [bin, count] : other.depths[i].bins) depths[i].bins[bin] += count;
  }
}

double PctTally::least(unsigned depth) const {
  const auto& bins = depths[depth - 1].bins;
  return bins.empty() ? 0 : lower_edge(bins.rbegin()->first);
}

double PctTally::median(unsigned depth) const {
  const Depth& all = depths[depth - 1];
  uint64_t above = 0;  // programs in the bins so far, the best ones first
  for (const auto& [bin, count] : all.bins) {
    above += count;
    if (above * 2 >= all.programs) return lower_edge(bin);
  }
  return 0;
}

double PctTally::in_every_program(unsigned depth) const {
  return -std::expm1(-static_cast<double>(depths[depth - 1].log_miss) * kLogMissUnit);
}

}  // namespace rxcheck
