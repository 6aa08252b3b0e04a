// SPDX-License-Identifier: Apache-2.0
//
// AFL++'s side. Its map is one byte for each edge, a count: the drivers' counters are copied there after each run, the
// tables behind them. So one build of the drivers serves both engines.
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "fuzzers/engine/feedback.h"

// AFL++'s map of this process; 64 KiB unless more was asked for.
extern "C" uint8_t* __afl_area_ptr;
// What of comparisons it is told if it was started with `-c 0`, by the place of the call.
extern "C" void __cmplog_ins_hook2(uint16_t left, uint16_t right, uint8_t attributes);
extern "C" void __cmplog_ins_hook4(uint32_t left, uint32_t right, uint8_t attributes);
extern "C" void __cmplog_ins_hook8(uint64_t left, uint64_t right, uint8_t attributes);

namespace rxcheck::fuzz {

namespace {

constexpr size_t kMapBytes = 1 << 16;
constexpr size_t kFirst = 16;  // the runtime uses the first ones for itself

std::vector<std::span<uint8_t>>& counted() {
  static std::vector<std::span<uint8_t>> counted;
  return counted;
}

// AFL++ takes the return address for the comparison's name: a function of its own for each place, as far as they go.
using Tell = void (*)(uint64_t left, uint64_t right, uint32_t bytes);
template <size_t kPlace>
void tell_from_place(uint64_t left, uint64_t right, uint32_t bytes) {
  if (bytes == 2) __cmplog_ins_hook2(static_cast<uint16_t>(left), static_cast<uint16_t>(right), 0);
  if (bytes == 4) __cmplog_ins_hook4(static_cast<uint32_t>(left), static_cast<uint32_t>(right), 0);
  if (bytes == 8) __cmplog_ins_hook8(left, right, 0);
  asm volatile("" : : "i"(kPlace));  // neither a tail call nor one function for all
}
template <size_t... kPlaces>
constexpr std::array<Tell, sizeof...(kPlaces)> make_places(std::index_sequence<kPlaces...>) {
  return {&tell_from_place<kPlaces>...};
}
constexpr auto kTell = make_places(std::make_index_sequence<512>());

}  // namespace

void tell_comparison(uint64_t site, uint64_t left, uint64_t right, uint32_t bytes) {
  kTell[(site * 0x9e3779b97f4a7c15) >> 55](left, right, bytes);
}

size_t watch_edges(std::span<const std::span<uint8_t>> counters, std::span<const std::span<const uintptr_t>>) {
  counted().assign(counters.begin(), counters.end());
  size_t edges = 0;
  for (const auto& some : counters) edges += some.size();
  counted().push_back(behaviours());
  counted().push_back(comparisons());
  size_t needed = kFirst;
  for (const auto& some : counted()) needed += some.size();
  if (needed > kMapBytes) {
    std::fprintf(stderr, "fuzzer: %zu counters do not fit into AFL++'s map\n", needed);
    std::exit(1);
  }
  return edges;
}

// Runs in the child that AFL++'s fork server keeps. AFL++ that ends at its first crash leaves that one behind, stopped
// for ever: so it ends with the fork server.
void begin_run() {
  static const int asked = prctl(PR_SET_PDEATHSIG, SIGKILL);
  static_cast<void>(asked);
  for (const auto& some : counted()) std::ranges::fill(some, 0);
}

void end_run() {
  uint8_t* to = __afl_area_ptr + kFirst;
  for (const auto& some : counted()) {
    for (size_t i = 0; i < some.size(); ++i)
      if (some[i] != 0) to[i] = some[i];
    to += some.size();
  }
  __afl_area_ptr[0] = 1;  // an input that reaches nothing is not taken for a target without counters
}

}  // namespace rxcheck::fuzz
