// SPDX-License-Identifier: Apache-2.0
//
// The format `porcupine-kv`: one EDN map a line, in the order of time. The grammar is in docs/checker.md.
//
//   {:process 9, :type :invoke, :f :append, :key "0", :value "x 9 0 y"}
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.h"
#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

// Operations for KvModel. `name` is the file's, for the place of an error.
Result<TimedHistory> read_porcupine_kv(std::string_view text, const std::string& name);

}  // namespace rxcheck::linear
