// SPDX-License-Identifier: Apache-2.0
//
// Which operations are still to take effect on the path that a search is on, and whether what they returned can still
// come about: from what the object holds, or from what another operation that is left, and was called in time, leaves
// behind. Of each list only the first member that is left is ever asked for.
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
  // Lists of operations by number, and of each operation the places that it has in them.
  struct Lists {
    struct Place {
      uint32_t list;
      uint32_t at;
    };
    std::vector<uint32_t> begin;  // one more than lists
    std::vector<uint32_t> items;
    std::vector<uint32_t> cursor;  // nothing before it is left
    std::vector<uint32_t> places_begin;
    std::vector<Place> places;
  };
  struct Member {
    uint32_t list;
    uint32_t operation;
  };
  // `members` stand in the order in which lists are to have them.
  static Lists lists_of(uint32_t lists, std::span<const Member> members, size_t operations);
  uint32_t first_left(Lists& lists, uint32_t list);
  static void put_back(Lists& lists, uint32_t operation);
  void find_sources(std::span<const uint32_t> by_call);
  bool can_come(uint32_t object, uint32_t observer);

  const Model& model_;
  std::span<const TimedOperation> operations_;
  std::span<const Traits> traits_;
  std::vector<uint8_t> done_;
  std::vector<uint32_t> need_of_;  // a value's number among those that are needed; kNone
  Lists observers_;                // by object, in order of returns
  Lists needers_;                  // by number of the needed value, in order of returns
  Lists sources_;                  // those that may lead to a needed value, in order of calls
  Lists other_sources_;            // by object, in order of calls: those that may lead to many
};

}  // namespace rxcheck::linear
