// SPDX-License-Identifier: Apache-2.0
//
// Checks a recorded history against a sequential specification: `ok`, `illegal` with an explanation, or `unknown` with
// the reason. The parts into which the model falls (keys) are judged one by one, within one budget. Deterministic: the
// budget is steps and bytes, never time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

enum class Answer : uint8_t { ok, illegal, unknown };
std::string_view name_of(Answer answer);

struct CheckOptions {
  bool partition = true;
  uint64_t steps = 2'000'000'000;
  uint64_t bytes = uint64_t{896} << 20;
  bool explain = true;
};

// An operation in words: what it did, or why it was refused.
struct ToldOperation {
  uint32_t process = 0;
  uint32_t call_line = 0;
  uint32_t return_line = 0;  // 0 if it does not return
  std::string text;
};

struct Explanation {
  std::string part;         // "key `3`"; empty if there is only one
  uint32_t accepted = 0;    // operations of the part whose returns can be explained
  uint32_t operations = 0;  // of the part
  ToldOperation last;       // whose return cannot
  std::vector<ToldOperation> refused;
  std::vector<ToldOperation> smallest;
  bool minimal = false;
};

struct Checked {
  Answer answer = Answer::unknown;
  std::string reason;  // empty if ok
  uint64_t operations = 0;
  uint64_t steps = 0;           // of the model, without those of the explanation
  uint64_t configurations = 0;  // remembered
  std::optional<Explanation> explanation;
};

// Histories of KvModel's and of CasRegisterModel's operations.
Checked check_kv(const TimedHistory& history, const CheckOptions& options);
Checked check_cas_register(const TimedHistory& history, const CheckOptions& options);

}  // namespace rxcheck::linear
