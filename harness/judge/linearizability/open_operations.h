// SPDX-License-Identifier: Apache-2.0
//
// A history in the order of its returns: at each return, which operations are open and may take effect to explain it.
// An operation that returns has a bit (a *slot*) while it is open, so that what took effect among the open ones fits
// into a few words however long the history is. One that never returns has a bit of its own for good. Immutable.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "harness/judge/linearizability/model.h"

namespace rxcheck::linear {

struct OpenOperations {
  std::vector<uint32_t> returns;  // operations that return, in order
  std::vector<uint32_t> slots;    // by operation; of those that never return the index into `pending`
  uint32_t slot_count = 0;

  // Of return i, the operations on its object that are open then: open[open_begin[i]..open_begin[i + 1]). First those
  // that change nothing, then the operation itself, then those that make what it needs, then the others in order of
  // their returns.
  std::vector<uint32_t> open_begin;
  std::vector<uint32_t> open;

  // Those that never return and change something, in order of their calls; of each the one before it that is alike
  // (an index into `pending`, kNone for none); and how many were called before return i. The others are indices into
  // `pending`: those that may take effect on any value, and those that need one, by that.
  std::vector<uint32_t> pending;
  std::vector<uint32_t> alike_before;
  std::vector<uint32_t> pending_count;
  std::vector<uint32_t> pending_on_any;
  std::vector<std::pair<uint32_t, uint32_t>> pending_on;  // the value, then the index

  uint64_t bytes() const;
};

// `max_bytes` bounds what it takes: false if that is not enough.
bool find_open_operations(std::span<const TimedOperation> operations, std::span<const Traits> traits,
                          uint64_t max_bytes, OpenOperations& found);

}  // namespace rxcheck::linear
