// SPDX-License-Identifier: Apache-2.0
//
// A scheduler over another one: it holds threads back for a while, and for the rest whoever stands below decides among
// those that are not held. As long as nobody is held a run is the one that the scheduler below makes alone. What is
// held, and until when, is its heirs' matter.
//
// Where everybody who could run is held, one of them goes on to its next yield point: held threads may have the locks
// that others need.
#pragma once

#include <cstdint>

#include "harness/core/history.h"
#include "harness/nt/executive.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class Holding : public nt::Scheduler {
 public:
  // A run begins. `below` is nullptr for the baseline. REQUIRES: all outlive the run; `history` is the one it fills.
  void begin(nt::Scheduler* below, nt::Executive& executive, const History& history);

  uint64_t first_question() override;
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;
  bool by_object() const override { return below_ != nullptr && below_->by_object(); }
  void stands_before(unsigned thread, uint64_t object, nt::Touch how) override {
    if (below_ != nullptr) below_->stands_before(thread, object, how);
  }
  void begins_anew() override {
    if (below_ != nullptr) below_->begins_anew();
  }

 protected:
  static constexpr unsigned kNobody = 32;

  const nt::Executive& executive() const { return *executive_; }
  const History& history() const { return *history_; }

  virtual void start() = 0;
  // Called at each question: what has happened since the last one was done by `ran`, who was chosen there, or by
  // whoever was the only one to go on after it.
  virtual void look(unsigned ran, uint64_t yields) = 0;
  virtual uint32_t held() const = 0;  // one bit a thread
  // Who is to run now, if it can; kNobody: whoever the scheduler below says.
  virtual unsigned preferred() { return kNobody; }
  // Only held ones can run. Who does, until the next yield point.
  virtual unsigned give_way(uint32_t runnable) = 0;
  // The yield point at which it must be asked next, kNever for none.
  virtual uint64_t next_look(uint64_t yields) const = 0;

 private:
  unsigned pick_below(uint32_t allowed, unsigned baseline);

  nt::Scheduler* below_ = nullptr;
  const nt::Executive* executive_ = nullptr;
  const History* history_ = nullptr;
  uint64_t question_below_ = nt::kNever;
  unsigned ran_ = kNobody;
};

}  // namespace rxcheck
