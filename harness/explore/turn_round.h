// SPDX-License-Identifier: Apache-2.0
//
// Turns the order of two conflicting accesses round. The run begins as the one in which the pair was seen, under the
// same scheduler; the thread that came first is held before its access, or before the first of the locks that it held
// there, until another has made the second access. Then it goes on at once.
//
// It is given up if nobody but the held thread could go on: the other one waits for it. So it is after long patience.
// Whether the order was turned is the PairWatch's to say.
#pragma once

#include "harness/explore/holding.h"
#include "harness/explore/pair_watch.h"

namespace rxcheck {

class TurnRound : public Holding {
 public:
  // For the runs from the next one on. `watch` must watch them, and outlive them.
  void aim(const SeenPair& pair, PairWatch& watch) {
    pair_ = pair;
    watch_ = &watch;
  }
  // The other came to its access while the first was held.
  bool came_first() const { return came_first_; }

 protected:
  void start() override {
    watch_->expect(pair_);
    phase_ = Phase::before;
    came_first_ = false;
    hurry_ = false;
  }
  void look(unsigned, uint64_t yields) override {
    if (phase_ == Phase::before && yields >= pair_.from_yield) phase_ = Phase::holds;
    if (phase_ != Phase::holds) return;
    if (watch_->met()) {
      phase_ = Phase::over;
      came_first_ = hurry_ = true;
    } else if (yields > pair_.from_yield + kPatience) {
      phase_ = Phase::over;
    }
  }
  uint32_t held() const override { return phase_ == Phase::holds ? 1u << pair_.thread : 0; }
  unsigned preferred() override {
    if (!hurry_) return kNobody;
    hurry_ = false;
    return pair_.thread;
  }
  unsigned give_way(uint32_t) override {
    phase_ = Phase::over;
    return pair_.thread;
  }
  uint64_t next_look(uint64_t yields) const override {
    if (phase_ == Phase::over) return nt::kNever;
    return phase_ == Phase::before && pair_.from_yield > yields ? pair_.from_yield : yields + 1;
  }

 private:
  static constexpr uint64_t kPatience = 4'000;  // yield points: a program of 30 operations meets about 2,000
  enum class Phase : uint8_t { before, holds, over } phase_ = Phase::before;
  SeenPair pair_;
  PairWatch* watch_ = nullptr;
  bool came_first_ = false;
  bool hurry_ = false;
};

}  // namespace rxcheck
