// SPDX-License-Identifier: Apache-2.0
//
// Where the operations of a run stand (models/environment.h), by what its session sees of them: kept in one way on
// every target that drives the test mini-redirector, for the environment is to do the same on all of them. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/core/history.h"
#include "models/environment.h"

namespace rxcheck {

class Standings {
 public:
  void reset(size_t operations) { standings_.assign(operations, {}); }
  void add() { standings_.emplace_back(); }  // one of the environment's
  size_t size() const { return standings_.size(); }
  bool empty() const { return standings_.empty(); }
  const models::Standing& operator[](size_t index) const { return standings_[index]; }
  const std::vector<models::Standing>& all() const { return standings_; }
  // What a tag in the drivers' events stands for; kNoOperation if it is nobody's.
  uint16_t operation_of(uint32_t tag) const {
    return tag != 0 && tag <= size() ? static_cast<uint16_t>(tag - 1) : kNoOperation;
  }

  // What has happened to the operation. `op` is the one with this index.
  void skipped(uint16_t index) { standings_[index].returned = true; }
  void called(const Operation& op, uint16_t index);
  void sent(const Operation& op, uint16_t index);
  // Its request is over; of a close, both are.
  void completed(const Operation& op, uint16_t index, uint32_t status);
  void returned(const Operation& op, uint16_t index, uint32_t status);
  // The drivers tell an event of this operation's, about another. Returns whose standing has changed; kNoOperation if
  // nobody's has.
  uint16_t told(EventKind kind, uint16_t operation, uint16_t target);

 private:
  std::vector<models::Standing> standings_;
};

}  // namespace rxcheck
