// SPDX-License-Identifier: Apache-2.0
//
// What a fuzzing engine is told of a run, the same for libFuzzer (feedback_libfuzzer.cc) and AFL++ (feedback_afl.cc):
//
//   edges        the counters that the drivers carry (driver/hook/coverage.c)
//   comparisons  how many low bytes of two compared values are equal, for drivers that were built to tell; so that a
//                value of four bytes is found byte by byte, whatever the engine knows of comparisons
//   behaviour    what a target itself calls new: it names it by a hash
//
// Comparisons and behaviour share tables of a fixed size: hashes may collide, which costs an input, never a finding.
// One target a process; not thread-safe.
#pragma once

#include <cstdint>
#include <span>

namespace rxcheck::fuzz {

inline constexpr uint32_t kBehaviours = 1 << 15;
inline constexpr uint32_t kComparisons = 1 << 13;

// Non-zero: met in this run. libFuzzer reads and clears them by itself.
std::span<uint8_t> behaviours();
std::span<uint8_t> comparisons();

inline void met(uint64_t hash) { behaviours()[(hash * 0x9e3779b97f4a7c15) >> 49] = 1; }

// The drivers' edges are counted from now on. Returns how many there are.
size_t watch_edges(std::span<const std::span<uint8_t>> counters, std::span<const std::span<const uintptr_t>> places);
// The engine's own way with a comparison: it puts the one value where it finds the other in an input.
void tell_comparison(uint64_t site, uint64_t left, uint64_t right, uint32_t bytes);
// Around each run.
void begin_run();
void end_run();

// The edge counters of loaded drivers, which export them (RxCoverage), and their comparisons if they tell them
// (RxCompared). Returns how many edges there are; 0 if the drivers count none.
size_t watch_drivers(std::span<void* const> coverage_tables, std::span<void* const> comparison_slots);

}  // namespace rxcheck::fuzz
