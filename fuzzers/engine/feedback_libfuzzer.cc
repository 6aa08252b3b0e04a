// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer's side: inline-8bit-counters and pc-table, and the section of extra counters (feedback.cc).
#include "fuzzers/engine/feedback.h"

extern "C" void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop);
extern "C" void __sanitizer_cov_pcs_init(const uintptr_t* start, const uintptr_t* stop);
extern "C" void __sanitizer_cov_trace_cmp2(uint16_t left, uint16_t right);
extern "C" void __sanitizer_cov_trace_cmp4(uint32_t left, uint32_t right);
extern "C" void __sanitizer_cov_trace_cmp8(uint64_t left, uint64_t right);

namespace rxcheck::fuzz {

size_t watch_edges(std::span<const std::span<uint8_t>> counters, std::span<const std::span<const uintptr_t>> places) {
  size_t edges = 0;
  for (size_t i = 0; i < counters.size(); ++i) {
    __sanitizer_cov_8bit_counters_init(counters[i].data(), counters[i].data() + counters[i].size());
    __sanitizer_cov_pcs_init(places[i].data(), places[i].data() + places[i].size());
    edges += counters[i].size();
  }
  return edges;
}

void tell_comparison(uint64_t, uint64_t left, uint64_t right, uint32_t bytes) {
  if (bytes == 2) __sanitizer_cov_trace_cmp2(static_cast<uint16_t>(left), static_cast<uint16_t>(right));
  if (bytes == 4) __sanitizer_cov_trace_cmp4(static_cast<uint32_t>(left), static_cast<uint32_t>(right));
  if (bytes == 8) __sanitizer_cov_trace_cmp8(left, right);
}

void begin_run() {}
void end_run() {}

}  // namespace rxcheck::fuzz
