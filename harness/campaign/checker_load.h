// SPDX-License-Identifier: Apache-2.0
//
// What the benchmark of the history checker works on: made histories of 5,000 calls and returns by 100
// processes, some of which never return: a few on one key, a few on ten keys in one state.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/judge/linearizability/kv_model.h"
#include "harness/judge/linearizability/timed_history.h"

namespace rxcheck {

class CheckerLoad {
 public:
  explicit CheckerLoad(uint64_t seed);

  // Searches all histories; the steps of the models that this took.
  uint64_t search_all() const;
  // As many steps, without a search: the orders that it finds, followed again and again.
  void follow_orders(uint64_t steps) const;

 private:
  struct Load {
    linear::TimedHistory history;
    std::shared_ptr<const linear::KvTexts> texts;
    std::vector<linear::Traits> traits;
    std::vector<uint32_t> order;
  };
  std::vector<std::unique_ptr<Load>> loads_;
};

}  // namespace rxcheck
