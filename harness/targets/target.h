// SPDX-License-Identifier: Apache-2.0
//
// The one interface behind which programs run: in process, on the shadow model, later under Wine and in a VM. A target
// is not thread-safe; campaigns use one a process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/core/history.h"
#include "harness/core/result.h"
#include "harness/core/schedule.h"

namespace rxcheck {

class AccessLog;
struct Checkpoints;
class Dpor;
class Holding;
class EventOrder;
class Movers;
class PairWatch;
namespace nt {
class Scheduler;
}

// A rule of the executive that the driver broke: "use-after-free", "double-completion", "deadlock", ...
struct Violation {
  std::string rule;
  std::string object;                 // tag and offset, or what the rule is about; stable: "RxCx+0x48"
  std::string function;               // the driver's function, for people; not part of a fingerprint
  std::string text;                   // one sentence
  uint16_t operation = kNoOperation;  // for which the line was working
};

// How a run's choices are made.
struct Plan {
  enum class Kind : uint8_t {
    baseline,   // no departure
    random,     // at every yield point switch with probability 1/`period` to a random line
    pct,        // priorities with `depth` - 1 change points (Burckhardt et al., ASPLOS 2010)
    pos,        // new priorities for what conflicts (Yuan et al., CAV 2018)
    fair,       // as pct, but a line that goes on and on is passed over for a while
    replay,     // exactly `schedule`; a choice that is not met makes the run `left_schedule`
    dpor,       // as `dpor` says, which is told what threads touch
    scheduled,  // as `scheduler` says, which the caller has made ready
    follow,     // the threads in the order of `threads`, decision by decision as `dpor` makes them
    directed,   // the baseline, but actor `seed` runs first at yield point `depth`, or as soon after as it can; every
                // memory access is a yield point
  } kind = Kind::baseline;
  uint64_t seed = 0;
  uint32_t period = 16;
  uint32_t depth = 3;
  uint32_t expected_yields = 400;  // pct: estimate of the number of yield points in the run
  const Schedule* schedule = nullptr;
  Likeness likeness = Likeness::exact;  // replay
  AccessLog* log = nullptr;  // replay, exactly: follows the schedule and writes down what is touched (inproc)
  Dpor* dpor = nullptr;
  Movers* movers = nullptr;     // dpor: nullptr if each yield point is a choice
  EventOrder* order = nullptr;  // dpor with movers: is told what orders events; nullptr: all orders of events are run
  Checkpoints* checkpoints = nullptr;  // dpor: of this exploration; nullptr: each run is worked out from its beginning
  nt::Scheduler* scheduler = nullptr;
  const std::vector<uint8_t>* threads = nullptr;
  Holding* holding = nullptr;  // made ready: over the scheduler of `kind`, unless that is replay (inproc)
  PairWatch* pairs = nullptr;  // watches the run, unless it is dpor or explained (inproc)
  bool lazy_locks = false;     // nobody is made to wait for a spin lock; always so with dpor and follow
  bool record = false;         // fill RunResult::schedule (slower); replay always records

  // REQUIRES: the schedule outlives the plan.
  static Plan replaying(const Schedule& schedule) {
    Plan plan;
    plan.kind = Kind::replay;
    plan.schedule = &schedule;
    return plan;
  }
  static Plan replaying(Schedule&&) = delete;
};

struct RunResult {
  enum class End : uint8_t { finished, violation, left_schedule, lab_fault } end = End::finished;
  History history;
  Schedule schedule;  // if recorded: the choices made, replayable
  std::optional<Violation> violation;
  std::string lab_message;       // lab_fault: what the harness could not do; left_schedule: the choice that was not met
  std::string guest_said;        // of a crash: all that the guest has printed
  uint64_t schedule_hash = 0;    // equal iff the choices were equal (within one program)
  uint32_t yields = 0;           // yield points met while actors ran
  uint32_t lines = 0;            // threads among which the scheduler chose, at most; 0 if the target does not say
  uint32_t switches = 0;         // changes of line where the running one could have gone on
  std::vector<uint8_t> threads;  // dpor: who ran at each decision
  bool explored_before = false;  // dpor: the rest has been seen in another order
  unsigned choices_met = 0;      // replay: how many choices of the schedule were met
  std::vector<Departure> departures;  // replay: the choices met that depart from the baseline, in numbers (inproc)
  uint32_t directed_at = 0;           // directed: the yield point at which the actor was switched to, 0 if at none

  // What every target's run begins with. Forgets all but the history, which is the target's to begin; keeps memory.
  void begin(End until_known) {
    end = until_known;
    schedule.choices.clear();
    threads.clear();
    departures.clear();
    explored_before = false;
    violation.reset();
    lab_message.clear();
    guest_said.clear();
    schedule_hash = 0;
    yields = lines = switches = choices_met = directed_at = 0;
  }
};

struct DriverFile {
  std::string path;
  std::string sha256;
};

class Target {
 public:
  virtual ~Target() = default;
  virtual std::string name() const = 0;       // "inproc"
  virtual std::string executive() const = 0;  // "rxcheck executive 1"
  virtual std::vector<DriverFile> drivers() const = 0;

  // REQUIRES: the program is valid. `result` is overwritten; its memory is reused. Deterministic: the same program and
  // plan give the same result, whatever ran before.
  virtual void run(const Program& program, const Plan& plan, RunResult& result) = 0;

  // From now on a data race ends a run with the rule `data-race` (docs/data-races.md). False if the target cannot see
  // any.
  virtual bool detect_races(bool on) { return !on; }

  // Where to look for smaller or neighbouring cases: here, or on a faster target that shows the same.
  virtual Target& searcher() { return *this; }
  // Whether a fork of this process can go on using it beside the original.
  virtual bool survives_fork() const { return true; }
};

}  // namespace rxcheck
