// SPDX-License-Identifier: Apache-2.0
//
// Which operations are still to take effect on the path that a search is on, and whether what they returned can still
// come about. Of each list (the observers of an object, those that need or make a value, those that overwrite an
// object) only the first member that is left is ever asked for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/judge/linearizability/model.h"

namespace rxcheck::linear {

class Outlook {
 public:
  // `unbound` is an operation whose result nobody waits for; kNone for none.
  Outlook(const Model& model, std::span<const TimedOperation> operations, std::span<const Traits> traits,
          uint32_t unbound);

  bool is_done(uint32_t operation) const { return done_[operation] != 0; }
  void take(uint32_t operation) { done_[operation] = 1; }
  void untake(uint32_t operation);

  // Whether the step of `object` from one value to another leaves a result behind that cannot come about any more.
  bool is_hopeless(uint32_t object, uint32_t from, uint32_t to);

 private:
  // Lists of operations, by a number below a bound.
  struct Lists {
    std::vector<uint32_t> begin;  // one more than lists
    std::vector<uint32_t> items;
    std::vector<uint32_t> cursor;    // nothing before it is left
    std::vector<uint32_t> position;  // of an operation; kNone if it is in no list
  };
  template <typename NumberOf>
  Lists lists_of(uint32_t bound, std::span<const uint32_t> order, NumberOf number_of) const;
  uint32_t first_left(Lists& lists, uint32_t number);
  static void put_back(Lists& lists, uint32_t number, uint32_t operation);
  bool can_come(uint32_t object, uint32_t observer);

  const Model& model_;
  std::span<const TimedOperation> operations_;
  std::span<const Traits> traits_;
  std::vector<uint8_t> done_;
  Lists observers_;    // by object, in order of returns
  Lists needers_;      // by value, in order of returns
  Lists makers_;       // by value, in order of calls
  Lists overwriters_;  // by object, in order of calls
};

}  // namespace rxcheck::linear
