// SPDX-License-Identifier: Apache-2.0
//
// What PCT guarantees (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
// Guarantees of Finding Bugs", ASPLOS 2010, section 4): with n lines and k yield points one schedule of depth d finds a
// bug of depth d in its program with probability at least 1/(n k^(d-1)). docs/clean-night.md says what our scheduler
// keeps of this, and what makes it void.
//
// Guarantees of programs are put together in whole numbers: a merge in any order gives the same. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <map>

namespace rxcheck {

inline constexpr unsigned kBugDepths = 3;  // 1, 2 and 3 are reported

// `points`: how many yield points the change points were drawn from. 0 if lines or points are not known.
double pct_bound(uint32_t lines, uint32_t points, uint32_t depth);

// Of one program, over the PCT schedules that it was run under. Schedules are independent: what one misses another may
// find. A schedule with more change points than a bug needs counts for that bug with the bound of its own depth.
class ProgramGuarantee {
 public:
  void add(uint32_t lines, uint32_t points, uint32_t depth);
  // Of a bug of this depth, 1..kBugDepths: -ln of the probability that all schedules miss it, at most.
  double log_miss(unsigned depth) const { return log_miss_[depth - 1]; }
  double detection(unsigned depth) const;
  // There was a schedule of just this depth. The shallowest that we run has depth 2, and covers depth 1, too.
  bool covers(unsigned depth) const { return (depths_ >> (depth < 2 ? 2 : depth) & 1) != 0; }

 private:
  std::array<double, kBugDepths> log_miss_{};
  uint32_t depths_ = 0;  // one bit each
};

// Over the programs of a campaign.
class PctTally {
 public:
  static constexpr unsigned kBinsAnOctave = 8;

  struct Depth {
    uint64_t programs = 0;              // that were covered
    std::map<uint16_t, uint64_t> bins;  // covered programs by detection: bin b is 2^(-b/8) or more, up to the next
    uint64_t log_miss = 0;              // of all programs together, in units of 2^-40, rounded down

    friend bool operator==(const Depth&, const Depth&) = default;
  };

  // A PCT schedule that met `yields` yield points.
  void add_schedule(uint32_t yields, uint32_t points);
  void add_program(const ProgramGuarantee& program);
  void merge(const PctTally& other);

  // The detection that every covered program has at least, and the upper median, each rounded down to a bin; 0 if there
  // is no program.
  double least(unsigned depth) const;
  double median(unsigned depth) const;
  // Of a bug that every program can show.
  double in_every_program(unsigned depth) const;

  uint64_t schedules = 0;
  uint64_t overran = 0;  // met more yield points than their change points were drawn from
  std::array<Depth, kBugDepths> depths;

  friend bool operator==(const PctTally&, const PctTally&) = default;
};

}  // namespace rxcheck
