// SPDX-License-Identifier: Apache-2.0
//
// Lets a Dpor choose the threads of the executive: what is between two decisions of the executive is a step, and
// what the executive tells its access sink is what it touches. A run that has been seen in another order is ended by
// the rule `explored-before`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/core/history.h"
#include "harness/core/random.h"
#include "harness/explore/checkpoints.h"
#include "harness/explore/dpor.h"
#include "harness/explore/transition_watch.h"
#include "harness/nt/executive.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

inline constexpr std::string_view kExploredBefore = "explored-before";

class DporScheduler : public nt::Scheduler, public nt::AccessSink {
 public:
  // `movers` and `order`: as TransitionWatch; with an order, two events of the history do not conflict. `seed`: 0 if
  // the running thread is preferred, else at some decisions anybody is. `checkpoints`: of this exploration; nullptr if
  // each execution is worked out from its beginning. REQUIRES: all outlive the run.
  void begin(Dpor& dpor, Movers* movers, EventOrder* order, Checkpoints* checkpoints, uint64_t seed,
             nt::Executive& executive, const History& history);
  // After begin(): whom the executive is to tell what threads touch; nullptr if nobody for the time being. Then this
  // sets itself when it must be told. `beside`: somebody else is told in any case, and passes it on.
  nt::AccessSink* listener(bool beside);
  // After the run: what it has shown goes to the Dpor.
  void end();
  // Who ran at each decision, for Follower. Reuses the memory of `threads`.
  void write_threads(std::vector<uint8_t>& threads) const;

  uint64_t first_question() override { return 1; }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;
  bool asks_always() const override { return true; }
  void begins_anew() override;
  void touch(unsigned thread, uint64_t object, nt::Touch how, const void* site) override;
  void access(unsigned thread, const void* address, uint32_t size, nt::MemoryUse use, const void* site) override;
  void use_set(unsigned thread, const void* set, const void* entry, nt::SetUse use) override;

 private:
  uint64_t passed_here(uint32_t runnable) const;
  void leave(uint32_t runnable);
  unsigned go_ahead(uint32_t runnable, unsigned otherwise, bool pick);
  bool is_as_before(uint32_t runnable) const;
  uint64_t steps_alike() const;
  unsigned choose(uint32_t runnable, unsigned preferred, bool pick);
  bool stays(uint32_t runnable);
  unsigned decide(uint32_t runnable, unsigned preferred, bool pick);
  void tell_stuck(uint32_t runnable);

  Dpor* dpor_ = nullptr;
  nt::Executive* executive_ = nullptr;
  EventOrder* order_ = nullptr;
  const History* history_ = nullptr;
  std::vector<Checkpoints::Decision> decisions_;  // while ahead: all that are known
  TransitionWatch watch_;
  Checkpoints* checkpoints_ = nullptr;
  bool ahead_ = false;   // this execution has done nothing yet but what the one before did
  size_t next_ = 0;      // while ahead: the next decision
  bool deaf_ = false;    // while ahead: nothing is told, or listened to
  bool away_ = false;    // ...and this is not the executive's sink
  uint64_t passed_ = 0;  // as Checkpoints::Mark, up to here
  uint64_t touched_ = 0;
  bool left_ = false;
  std::optional<Random> random_;
  uint32_t period_ = 1;  // it chooses at one decision of so many
};

}  // namespace rxcheck
