// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/checker_load.h"

#include "harness/core/random.h"
#include "harness/judge/linearizability/made_history.h"
#include "harness/judge/linearizability/search.h"

namespace rxcheck {

namespace {

constexpr linear::SearchLimits kLimits{1'000'000'000, uint64_t{512} << 20};
constexpr unsigned kHistories = 4;

}  // namespace

CheckerLoad::CheckerLoad(uint64_t seed) {
  for (unsigned i = 0; i < kHistories; ++i) {
    Random random(derive_seed(seed, 0, i));
    linear::MadeHistory wanted;
    wanted.operations = 2500;
    wanted.processes = 100;
    wanted.lost_permille = 20;
    wanted.keys = i % 2 == 0 ? 1 : 10;
    auto load = std::make_unique<Load>();
    load->history = make_kv_history(random, wanted);
    load->texts = std::make_shared<const linear::KvTexts>(load->history);
    linear::KvStoreModel model(load->texts);
    for (const auto& each : load->history.operations) load->traits.push_back(model.traits(each));
    load->order = search(model, load->history.operations, kLimits).order;
    loads_.push_back(std::move(load));
  }
}

uint64_t CheckerLoad::search_all() const {
  uint64_t steps = 0;
  for (const auto& load : loads_) {
    linear::KvStoreModel model(load->texts);
    steps += search(model, load->history.operations, kLimits).steps;
  }
  return steps;
}

void CheckerLoad::follow_orders(uint64_t steps) const {
  std::vector<linear::State> next;
  for (uint64_t done = 0; done < steps;) {
    for (const auto& load : loads_) {
      linear::KvStoreModel model(load->texts);
      linear::State state = model.initial();
      for (const uint32_t each : load->order) {
        next.clear();
        model.step(state, load->history.operations[each], load->traits[each], next);
        if (++done == steps || next.empty()) return;
        state = next[0];
      }
    }
  }
}

}  // namespace rxcheck
