// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_state.h"

#include <algorithm>
#include <utility>

#include "harness/campaign/wire.h"

namespace rxcheck {

std::string content_of(const RunState& state) {
  WireWriter out;
  put(out, state.tally);
  out.number(state.met.size());
  for (const auto& [fingerprint, met] : state.met) {
    out.text(fingerprint);
    for (const uint64_t value : {met.first.program, uint64_t{met.first.schedule}, met.count}) out.number(value);
  }
  return out.take();
}

bool read_content(std::string_view content, RunState& state) {
  WireReader in(content);
  get(in, state.tally);
  for (uint64_t left = in.number(); left != 0 && in.ok(); --left) {
    std::string fingerprint = in.text();
    RunState::Met& met = state.met[std::move(fingerprint)];
    met.first.program = in.number();
    met.first.schedule = static_cast<uint32_t>(in.number());
    met.count = in.number();
  }
  return in.done();
}

bool earlier(const Position& a, const Position& b) {
  return a.program != b.program ? a.program < b.program : a.schedule < b.schedule;
}

BlockRange blocks_of_shard(uint64_t programs, unsigned shard, unsigned shards) {
  const uint64_t blocks = (programs + kBlockPrograms - 1) / kBlockPrograms;
  return {blocks * (shard - 1) / shards, blocks * shard / shards};
}

void RunState::meet(const std::string& fingerprint, Position first, uint64_t count) {
  const auto [known, fresh] = met.try_emplace(fingerprint, Met{first, 0});
  if (!fresh && earlier(first, known->second.first)) known->second.first = first;
  known->second.count += count;
}

void RunState::sort_findings() {
  std::ranges::sort(findings, [&](const Finding& a, const Finding& b) {
    const Position first = met[a.fingerprint].first, second = met[b.fingerprint].first;
    // Two may be met by one run of a program that is judged twice.
    return earlier(first, second) || (!earlier(second, first) && a.fingerprint < b.fingerprint);
  });
}

}  // namespace rxcheck
