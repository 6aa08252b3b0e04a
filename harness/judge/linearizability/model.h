// SPDX-License-Identifier: Apache-2.0
//
// A sequential specification: what an object does when operations happen one after another. It may be nondeterministic:
// a step leads to any number of states, none if the operation cannot return what it returned. States are numbers that
// the model hands out, equal for equal states, so that a search compares and keeps numbers only.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck::linear {

using State = uint32_t;
inline constexpr uint32_t kNone = 0xffffffff;

// What a search may know about an operation without making a step. Everything but `object` may be left as it is: the
// search then finds the same, later. A *value* is a number for what an object holds (Model::value).
struct Traits {
  uint32_t object = 0;     // operations on different objects commute and say nothing about each other
  uint32_t needs = kNone;  // the only value of the object from which it can return what it returned
  uint32_t makes = kNone;  // the only value that it leaves behind if the value before does not lead to what it leaves
  bool pure = false;       // leaves every state as it is
};

class Model {
 public:
  virtual ~Model() = default;

  virtual State initial() = 0;
  virtual Traits traits(const TimedOperation& operation) = 0;
  // May say more of them, knowing that there are no other operations. Nobody waits for the result of `unbound` (an
  // index, or kNone).
  virtual void refine(std::span<const TimedOperation> /*operations*/, std::span<Traits> /*traits*/,
                      uint32_t /*unbound*/) {}
  // Appends the states after the operation. An operation without a return (kNever) or result (kUnknown) may have
  // returned anything. REQUIRES: `traits` are those of the operation.
  virtual void step(State state, const TimedOperation& operation, const Traits& traits,
                    std::vector<State>& successors) = 0;

  virtual uint32_t value(State state, uint32_t object) const = 0;
  virtual uint32_t objects() const { return 1; }
  virtual uint32_t values() const = 0;  // every value is below
  // Whether operations whose `makes` is not given can lead the object from `value` to `needs`.
  virtual bool leads_to(uint32_t value, uint32_t needs) const = 0;
  // Bytes that states take by now.
  virtual uint64_t bytes() const { return 0; }

  // In words, for people. `before` are the operations that took effect, in order, and `state` where they led.
  virtual std::string text_of(const TimedOperation& operation) const = 0;
  virtual std::string why_refused(std::span<const TimedOperation> before, State state,
                                  const TimedOperation& operation) const = 0;
};

}  // namespace rxcheck::linear
