// SPDX-License-Identifier: Apache-2.0
//
// A history as text: actors side by side, one event a row, time downwards. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/core/history.h"

namespace rxcheck::cli {

struct TimelineOptions {
  unsigned width = 120;
  std::multimap<size_t, std::string> notes;  // before which event, and what: across all columns
  size_t broken = static_cast<size_t>(-1);   // the event to mark; events.size() for the end
};

// Lines without newlines. A line that is marked begins with ">>", a note with "--".
std::vector<std::string> timeline(const History& history, const TimelineOptions& options);

}  // namespace rxcheck::cli
