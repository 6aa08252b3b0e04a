// SPDX-License-Identifier: Apache-2.0
//
// Follows a written schedule: at the yield point that the next choice names it goes where the choice says; everywhere
// else the baseline. A choice that is never met, or whose line cannot run when it is met, means that the run has left
// the schedule. Which points count as the named one is a matter of likeness (harness/core/schedule.h).
#pragma once

#include <functional>
#include <vector>

#include "harness/nt/executive.h"
#include "harness/nt/scheduler.h"

namespace rxcheck {

class Replayer : public nt::Scheduler {
 public:
  // REQUIRES: both outlive the run. Interns the names of the schedule in the executive's.
  void begin(const Schedule& schedule, nt::Executive& executive, Likeness likeness = Likeness::exact);

  unsigned choices_met() const { return next_; }
  // The choices that were met and departed from the baseline. One that was met where a run that follows no names has no
  // yield point stands at the next.
  const std::vector<Departure>& departures() const { return departures_; }
  bool left() const { return left_ || next_ < choices_.size(); }

  uint64_t first_question() override { return nt::kNever; }
  unsigned preempt(unsigned current, uint32_t, uint64_t, uint64_t&) override { return current; }
  unsigned pick(uint32_t, unsigned baseline) override { return baseline; }
  bool by_name() const override { return true; }
  unsigned preempt_at(const nt::Point& point, unsigned current, uint32_t runnable) override;
  unsigned pick_at(const nt::Point& point, uint32_t runnable, unsigned baseline) override;

 private:
  struct Target {
    nt::Point at;
    Choice::Kind kind;
    Line to;
    uint32_t met = 0;  // points alike so far; not kept for exact ones, which carry their occurrence
  };
  bool matches(const nt::Point& point, Choice::Kind kind);
  bool is_alike(const nt::Point& point, const Target& target);
  // Without its offset: "RxCx", "rxrdbss.sys!RxWork".
  uint32_t whole_object(uint32_t object);
  void note(Choice::Kind kind, uint64_t at, unsigned instead_of, uint32_t runnable, unsigned chosen);
  // The thread that the next choice goes to, or -1: then the schedule is left.
  int take(uint32_t runnable);

  nt::Executive* executive_ = nullptr;
  Likeness likeness_ = Likeness::exact;
  std::vector<Target> choices_;
  std::vector<uint32_t> whole_objects_;  // by object, 0 where not looked up yet; ids of the executive's names
  std::vector<Departure> departures_;
  uint64_t yields_ = 0;  // before the latest question
  uint64_t picks_ = 0;
  unsigned next_ = 0;
  bool left_ = false;
};

}  // namespace rxcheck
