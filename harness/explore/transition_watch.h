// SPDX-License-Identifier: Apache-2.0
//
// Whether a thread can go on is an object for partial-order reduction, too: who changes it touches it, and so does the
// thread's first transition after a wait. Works it out from what could run at each decision, and asks the Dpor.
#pragma once

#include <bit>
#include <cstdint>

#include "harness/explore/dpor.h"

namespace rxcheck {

class TransitionWatch {
 public:
  // REQUIRES: `dpor` outlives it.
  void begin(Dpor& dpor) {
    dpor_ = &dpor;
    begins_anew();
  }
  // As Dpor::next. `held_up` are threads that can go on but for a lock: for those the lock says all. REQUIRES: the last
  // transition's other touches have been told.
  unsigned next(uint32_t runnable, uint32_t held_up, unsigned preferred) {
    end(runnable | held_up);
    const unsigned thread = dpor_->next(runnable, preferred);
    if (thread == Dpor::kNobody) return thread;
    current_ = thread;
    if ((waiting_ >> thread & 1) != 0) dpor_->touch(object_of(thread), nt::Touch::wake);
    waiting_ &= ~(1u << thread);
    return thread;
  }
  // The last transition is over, and these can run, or could but for a lock.
  void end(uint32_t runnable) {
    if (current_ != Dpor::kNobody) {
      for (uint32_t left = (runnable ^ could_run_) & ~(1u << current_); left != 0; left &= left - 1) {
        const auto i = static_cast<unsigned>(std::countr_zero(left));
        dpor_->touch(object_of(i), (runnable >> i & 1) != 0 ? nt::Touch::enable : nt::Touch::disable);
      }
      if ((runnable >> current_ & 1) == 0) {
        dpor_->touch(object_of(current_), nt::Touch::write);
        waiting_ |= 1u << current_;
      }
    }
    could_run_ = runnable;
  }
  // Nobody can run, and these would if they could.
  void stuck(uint32_t threads) {
    for (uint32_t left = threads & waiting_; left != 0; left &= left - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(left));
      dpor_->stuck(i, object_of(i), nt::Touch::wake);
    }
  }
  // Nothing could run, and something else has changed that.
  void begins_anew() {
    could_run_ = 0;
    waiting_ = ~0u;
    current_ = Dpor::kNobody;
  }

 private:
  static uint64_t object_of(unsigned thread) { return nt::object_name(nt::ObjectKind::thread, thread); }

  Dpor* dpor_ = nullptr;
  uint32_t could_run_ = 0;  // at the last decision
  uint32_t waiting_ = ~0u;  // threads whose next transition is the first after a wait
  unsigned current_ = Dpor::kNobody;
};

}  // namespace rxcheck
