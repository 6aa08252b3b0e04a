// SPDX-License-Identifier: Apache-2.0
//
// The format `jepsen-log`: what Jepsen logs about one register. The grammar is in docs/checker.md.
//
//   INFO  jepsen.util - 4  :invoke  :cas  [1 4]
//
// A line of type :info says that nobody knows: it is skipped, and the operation stays open, for ever if nothing else
// is said of it. A compare-and-set that fails found another value; a read that fails returned something that is not
// known; a write cannot fail.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

// The word that the register holds at first.
inline constexpr std::string_view kNilWord = "nil";

// Operations for CasRegisterModel. `name` is the file's, for the place of an error.
Result<TimedHistory> read_jepsen_log(std::string_view text, const std::string& name);

}  // namespace rxcheck::linear
