// SPDX-License-Identifier: Apache-2.0
//
// Follows a written schedule as a Replayer does, and writes down what the lines touch, in order, each with its place in
// the driver, its objects and the locks held. For explaining a run afterwards; several times slower than without.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/core/history.h"
#include "harness/explore/replayer.h"
#include "harness/nt/access_record.h"
#include "harness/nt/executive.h"

namespace rxcheck {

struct LockAtAccess {
  std::string name;  // "rxrdbss.sys!RxStrucSupSpinLock+0x0", "Sess+0x28"
  uint64_t address = 0;
  bool exclusive = true;

  friend bool operator==(const LockAtAccess&, const LockAtAccess&) = default;
};

// A piece of memory that an access touches. `block` is where its allocation begins, 0 for a driver's data.
struct Touched {
  uint64_t object = 0;
  bool writes = false;
  uint64_t block = 0;
};

// A memory access or a call, with all that it touched. `at` is the name that a schedule gives the yield point before
// it.
struct LoggedAccess {
  YieldPoint at;
  unsigned thread = 0;
  uint64_t site = 0;  // return address in the driver, 0 for the harness
  std::vector<Touched> touched;
  std::vector<LockAtAccess> locks;
  size_t event = 0;  // so many events of the history came before
};

// Where a choice of the schedule was made.
struct Turn {
  Choice::Kind kind = Choice::Kind::switch_;
  unsigned from = 0;    // the thread that would have run
  size_t position = 0;  // in the log: what comes from here on was touched after the choice
};

class AccessLog : public Replayer, public nt::AccessSink {
 public:
  // REQUIRES: all outlive the run. `history` is the one that the run fills.
  void begin(const Schedule& schedule, nt::Executive& executive, const History& history);

  const std::vector<LoggedAccess>& accesses() const { return accesses_; }
  const std::vector<Turn>& turns() const { return turns_; }  // one a choice that was met

  unsigned preempt_at(const nt::Point& point, unsigned current, uint32_t runnable) override;
  unsigned pick_at(const nt::Point& point, uint32_t runnable, unsigned baseline) override;
  void touch(unsigned thread, uint64_t object, nt::Touch how, const void* site) override;

 private:
  static constexpr size_t kNone = ~size_t{0};
  // What a thread is about to do, until it does it.
  struct Pending {
    bool waits = false;
    nt::Point point;
    size_t index = kNone;  // once it is in the log
  };
  void write_down(unsigned thread);
  void look_at_locks(LoggedAccess& access);

  nt::Executive* executive_ = nullptr;
  const History* history_ = nullptr;
  std::vector<LoggedAccess> accesses_;
  std::vector<Turn> turns_;
  std::array<Pending, 32> pending_;
};

}  // namespace rxcheck
