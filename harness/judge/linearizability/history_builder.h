// SPDX-License-Identifier: Apache-2.0
//
// Puts the calls and returns of a file together into operations, whatever the format. A process has one operation at a
// time. Moments are numbers of calls and returns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "harness/core/result.h"
#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

inline constexpr uint64_t kMaxProcess = 0xffffffff;

class HistoryBuilder {
 public:
  explicit HistoryBuilder(TimedHistory& history) : history_(history) {}

  // `operation` has everything but moments and lines.
  std::optional<Error> call(TimedOperation operation, unsigned line);
  // The operation of the process that returns now, for its result to be set. `function` is what the return names.
  Result<TimedOperation*> ret(uint32_t process, uint32_t function, unsigned line);
  // The process will not say more about its operation: a later call of it is no error.
  void give_up(uint32_t process);

 private:
  struct OpenCall {
    size_t operation;
    bool given_up = false;
  };
  TimedHistory& history_;
  std::unordered_map<uint32_t, OpenCall> open_;  // by process; looked up, never walked
  uint32_t moment_ = 0;
};

}  // namespace rxcheck::linear
