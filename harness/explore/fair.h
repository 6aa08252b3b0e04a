// SPDX-License-Identifier: Apache-2.0
//
// A fair mode for code that spins: another scheduler's choices, but a line that has run past so many yield points while
// others could run is passed over until each of those has run (after Musuvathi and Qadeer, "Fair Stateless Model
// Checking", PLDI 2008, section 3, with yield points in the place of explicit yields). Without it a scheduler by
// priorities lets a line that waits in a loop for another's store run for ever.
#pragma once

#include <cstdint>

#include "harness/nt/scheduler.h"

namespace rxcheck {

class Fair : public nt::Scheduler {
 public:
  // `inner` makes the choices, and must be ready for a run. REQUIRES: it outlives the run; patience >= 1.
  void begin(nt::Scheduler& inner, uint64_t patience);

  uint64_t first_question() override;
  bool by_object() const override { return inner_->by_object(); }
  void stands_before(unsigned thread, uint64_t object, nt::Touch how) override {
    inner_->stands_before(thread, object, how);
  }
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;

 private:
  unsigned took(unsigned thread, uint64_t yields);

  nt::Scheduler* inner_ = nullptr;
  uint64_t patience_ = 0;
  uint64_t inner_question_ = nt::kNever;
  uint64_t since_ = 0;        // yield point at which the running line began
  uint32_t passed_over_ = 0;  // lines that have had their share
  unsigned running_ = ~0u;
};

}  // namespace rxcheck
