// SPDX-License-Identifier: Apache-2.0
//
// The history file, .rxh: the operations of a run (the environment's as actor 0, after the program's), then `events`
// and one line an event. The grammar is in docs/format-rxh.md. parse(print(history)) == history. Pure but for `load`.
//
//   a1.2 call
//   a1.2 effect open value=1
//   a3.1 callout cancel_routine r1 A
//
// An event line names the operation, the event, then its target, routine and status if it has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/history.h"
#include "harness/core/result.h"

namespace rxcheck {

inline constexpr unsigned kHistoryFormatVersion = 1;
inline constexpr size_t kMaxHistoryFileBytes = 16 << 20;

// How the operations of a program are referred to: by line ("a1.2") and by what they produce ("f1", or "").
struct OperationNames {
  std::vector<std::string> lines;
  std::vector<std::string> resources;
};
OperationNames operation_names(const Program& program);

// "effect", "callout" or "upcall" (the mini-redirector calls the engine); empty for what the harness itself records.
std::string_view group_of(EventKind kind);
// One event in words, without a newline. Never fails: an index that names no operation is written "?7", which does not
// parse.
std::string text_of(const Event& event, const OperationNames& names);

// All events as text, one a line. This is what `trace_sha256` hashes.
std::string canonical_trace(const History& history);

// REQUIRES: the operations are valid and the events name them.
std::string print(const History& history);
Result<History> parse_history(std::string_view text, const std::string& name);
Result<History> load_history(const std::string& path);

}  // namespace rxcheck
