// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/behaviours.h"

#include "harness/core/random.h"

namespace rxcheck {

void behaviours_of(const History& history, std::vector<uint64_t>& lives) {
  constexpr uint64_t kByAnother = 1u << 8;
  lives.clear();
  for (const Operation& op : history.program.operations)
    lives.push_back(mix64(static_cast<uint64_t>(op.kind) | static_cast<uint64_t>(op.level) << 8 |
                          static_cast<uint64_t>(op.asynchronous) << 16));
  for (const Event& event : history.events) {
    const uint64_t what = static_cast<uint64_t>(event.status) << 32 | static_cast<uint64_t>(event.kind);
    if (event.operation < lives.size()) lives[event.operation] = mix64(lives[event.operation] ^ what);
    if (event.target < lives.size() && event.target != event.operation)
      lives[event.target] = mix64(lives[event.target] ^ what ^ kByAnother);
  }
}

}  // namespace rxcheck
