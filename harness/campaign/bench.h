// SPDX-License-Identifier: Apache-2.0
//
// Benchmarks of the harness itself. Each measures against a baseline in the same run, in turns, so that a noisy machine
// hurts both; values are medians over rounds of a fixed amount of work.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace rxcheck {

struct Measured {
  double value = 0;
  std::optional<double> baseline;  // in the same unit
};

struct Benchmark {
  std::string_view name;
  std::string_view unit;
  std::string_view what;  // one line: what is measured, against what
  Result<Measured> (*run)();
  bool only_by_name = false;  // takes long, or what not every machine has: its name, or what stands before its dash
};

std::span<const Benchmark> benchmarks();

}  // namespace rxcheck
