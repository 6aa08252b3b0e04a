// SPDX-License-Identifier: Apache-2.0
//
// Iterative preemption bounding (Musuvathi and Qadeer, "Iterative Context Bounding for Systematic Testing of
// Multithreaded Programs", PLDI 2007): all schedules with no departure from the baseline, then all with one, with two,
// and so on. A departure is another thread than the baseline's, where the running one could have gone on or not; so a
// choice at a wait counts, too (as a delay does in Emmi, Qadeer and Rakamaric, "Delay-Bounded Scheduling", POPL 2011).
//
//   bounding.begin();
//   do run under it; while (bounding.more(most));
//
// Between two runs everything must be the same but for the scheduler. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/nt/scheduler.h"

namespace rxcheck {

class PreemptionBounding : public nt::Scheduler {
 public:
  // Forgets everything; the next run is the baseline.
  void begin();
  // Makes ready for the next schedule; false if all with at most `most` departures have been run.
  bool more(unsigned most);
  // Departures of the schedules that are being run; all with fewer have been.
  unsigned bound() const { return bound_; }

  // A run begins.
  uint64_t first_question() override;
  unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) override;
  unsigned pick(uint32_t runnable, unsigned baseline) override;
  bool asks_always() const override { return true; }

 private:
  // One departure of the current schedule: which decision, and who of those that could run there instead.
  struct Departure {
    size_t decision = 0;
    unsigned thread = 0;
  };
  // What could have been done otherwise in a decision.
  struct Decision {
    uint32_t others;
  };
  unsigned decide(unsigned baseline, uint32_t runnable);
  bool advance(size_t level);

  unsigned bound_ = 0;
  std::vector<Departure> departures_;             // of the current schedule, in order; all but the last by prefix
  std::vector<std::vector<Decision>> decisions_;  // by number of departures before: what that prefix's run offered
  size_t decision_ = 0;
  size_t next_departure_ = 0;
  std::vector<Decision> seen_;  // in this run
};

}  // namespace rxcheck
