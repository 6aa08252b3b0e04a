// SPDX-License-Identifier: Apache-2.0
//
// Small concurrent histories from bytes, and a judge of them that tries every order. It shares nothing with the checker
// but the form of a history.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

// Takes bytes as long as there are any, then zeros.
class ByteSource {
 public:
  explicit ByteSource(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint32_t below(uint32_t bound) {
    if (bytes_.empty()) return 0;
    const uint32_t value = bytes_[0] % bound;
    bytes_ = bytes_.subspan(1);
    return value;
  }
  bool is_empty() const { return bytes_.empty(); }

 private:
  std::span<const uint8_t> bytes_;
};

// A history of at most `most` operations. `start(source, operation)` says what is called, `finish(source, operation)`
// what it returned. Some processes never return. Lines are numbers from 1, so that operations can be told apart.
template <typename Start, typename Finish>
void fill_history(ByteSource source, size_t most, TimedHistory& history, Start start, Finish finish) {
  constexpr uint32_t kProcesses = 4, kIdle = 0xffffffff;
  uint32_t open[kProcesses] = {kIdle, kIdle, kIdle, kIdle};
  uint32_t moment = 0, process_count = kProcesses;
  uint32_t names[kProcesses] = {0, 1, 2, 3};
  while (!source.is_empty()) {
    const uint32_t process = source.below(kProcesses);
    if (open[process] == kIdle) {
      if (history.operations.size() == most) continue;
      TimedOperation operation;
      operation.process = names[process];
      operation.call = moment++;
      operation.call_line = static_cast<uint32_t>(history.operations.size()) + 1;
      start(source, operation);
      open[process] = static_cast<uint32_t>(history.operations.size());
      history.operations.push_back(operation);
    } else if (source.below(8) == 0) {
      names[process] = process_count++;
      open[process] = kIdle;
    } else {
      TimedOperation& operation = history.operations[open[process]];
      operation.ret = moment++;
      finish(source, operation);
      open[process] = kIdle;
    }
  }
}

// Whether some order of the operations is what `apply(state, operation)`, the states that may follow, allows.
template <typename AnyState, typename Apply>
class EveryOrder {
 public:
  EveryOrder(std::span<const TimedOperation> operations, Apply apply) : operations_(operations), apply_(apply) {}

  bool explains(const AnyState& initial) { return explains(initial, 0); }

 private:
  bool explains(const AnyState& state, uint32_t done) {
    uint32_t first_return = kNever;
    for (size_t i = 0; i < operations_.size(); ++i)
      if ((done >> i & 1) == 0) first_return = std::min(first_return, operations_[i].ret);
    if (first_return == kNever) return true;
    for (size_t i = 0; i < operations_.size(); ++i) {
      if ((done >> i & 1) != 0 || operations_[i].call > first_return) continue;
      for (const AnyState& next : apply_(state, operations_[i]))
        if (explains(next, done | 1u << i)) return true;
    }
    return false;
  }

  std::span<const TimedOperation> operations_;
  Apply apply_;
};

}  // namespace rxcheck::linear
