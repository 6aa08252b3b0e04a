// SPDX-License-Identifier: Apache-2.0
#include "fuzzers/program/from_program.h"

#include <algorithm>
#include <array>

#include "harness/explore/themes.h"

namespace rxcheck::fuzz {

namespace {

constexpr unsigned kBytes = 256;

// Which known path each path of the program becomes: itself, or the next of its kind that is free. Empty if there are
// too many.
std::vector<std::string> known_paths(const std::vector<std::string>& paths) {
  using explore::kPaths;
  std::array<bool, kPaths.size()> taken{};
  const auto take = [&](size_t i) {
    taken[i] = true;
    return std::string(kPaths[i]);
  };
  std::vector<std::string> renamed(paths.size());
  for (size_t i = 0; i < paths.size(); ++i) {
    const auto same = std::ranges::find(kPaths, paths[i]);
    if (same != kPaths.end()) renamed[i] = take(static_cast<size_t>(same - kPaths.begin()));
  }
  for (size_t i = 0; i < paths.size(); ++i) {
    if (!renamed[i].empty()) continue;
    const bool denied = paths[i].starts_with(kPaths[explore::kDeniedPath]);
    size_t free = 0;
    while (free < kPaths.size() && (taken[free] || (free == explore::kDeniedPath) != denied || kPaths[free][1] == 0))
      ++free;
    if (free == kPaths.size()) return {};
    renamed[i] = take(free);
  }
  return renamed;
}

}  // namespace

unsigned ways() {
  unsigned count = 1;
  while (count < kBytes && decode(std::array<uint8_t, 2>{0, static_cast<uint8_t>(count)}).way != 0) ++count;
  return count;
}

std::vector<Input> inputs_like(const Program& program) {
  std::vector<Input> found;
  Program plain = program;
  plain.title.clear();
  plain.variants = {};
  for (Operation& op : plain.operations) op.expected.reset();
  plain.paths = known_paths(program.paths);
  if (plain.paths.size() != program.paths.size()) return found;
  tidy_paths(plain);
  for (unsigned byte = 0; byte < kBytes; ++byte) {
    Input input = decode(std::array<uint8_t, 1>{static_cast<uint8_t>(byte)});
    if (encode(input).front() != byte) break;  // the rows begin anew
    if (input.program.connections.size() != plain.connections.size()) continue;
    const bool same_names = input.program.connections == plain.connections;
    std::vector<Connection> names = std::move(input.program.connections);
    input.program = plain;
    input.program.connections = std::move(names);
    // Whatever an input cannot say is not there when it is read again.
    if (plain.low_memory > UINT8_MAX || why_invalid(input.program)) continue;
    const auto has_actor = [](const Operation& op) { return op.actor <= kInputActors; };
    if (!std::ranges::all_of(plain.operations, has_actor) || !(decode(encode(input)) == input)) continue;
    found.insert(same_names ? found.begin() : found.end(), std::move(input));
  }
  return found;
}

}  // namespace rxcheck::fuzz
