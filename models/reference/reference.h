// SPDX-License-Identifier: Apache-2.0
//
// The reference model: the documented contract as a machine that reads a history event by event and refuses the first
// event that no permitted behaviour explains, naming the clause. It follows the order of effects in the history. Where
// the documentation leaves something open, it allows every choice (and holds a driver to the first one it shows,
// where the clause says so). What other code does against the documentation, a variant, it refuses unless the history
// reports that it is in force (EventKind::variants) and the user accepts it. Pure: no I/O, no clock, no threads. One
// object judges one history at a time and may be reused; reuse keeps its memory, so judging costs no allocation in the
// steady state.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/history.h"
#include "models/coverage.h"
#include "models/reference/clauses.h"

namespace rxcheck::models {

// Why a history was refused.
struct Refusal {
  ClauseId clause = 0;
  size_t event = 0;                   // index into History::events; events.size() if something never happened
  uint16_t operation = kNoOperation;  // the operation concerned
  std::string
      state;  // the model's state of the object concerned, abstract and stable: "request pended cancelled routine=A"
  std::string expected;  // in words
  std::string observed;  // in words
};

class Reference {
 public:
  explicit Reference(ClauseSet clauses = {}, VariantSet accepted = {});
  ~Reference();
  Reference(Reference&&) noexcept;
  Reference& operator=(Reference&&) noexcept;

  // Judges a whole history; nothing if it is allowed. Never throws, whatever the events say: an event that makes no
  // sense (a slot that names nothing, a completion of an operation that was never called) is refused or ignored, never
  // undefined.
  std::optional<Refusal> judge(const History& history);

  // One line about the model's state after judging, for `explain`: views and requests that are not over.
  std::string describe() const;

  // What the deletes of the history judged last have met.
  const CellSet& cells() const;

  // From now on every event's transition is written down: a hash of the kind of operation, the event with its status,
  // and the model's state of the view and request concerned just before. Off by default.
  void watch_transitions(bool on);
  // Of the history judged last, up to where it was refused; in its order, as often as they were met.
  const std::vector<uint64_t>& transitions() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rxcheck::models
