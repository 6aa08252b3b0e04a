// SPDX-License-Identifier: Apache-2.0
//
// Brings a run into a situation that events describe: who makes one event is held right after it until another event
// has been made. "Whoever has entered RxSetMinirdrCancelRoutine for request 3 waits until the delete, operation 5, has
// taken effect." Who is held goes on by one yield point where nobody else can, and for good after many such.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/explore/holding.h"

namespace rxcheck {

// An event, by what of it matters.
struct Mark {
  EventKind kind = EventKind::call;
  uint16_t operation = kNoOperation;  // of the program; kNoOperation: any
  uint16_t target = kNoOperation;     // the same

  bool matches(const Event& event) const {
    return event.kind == kind && (operation == kNoOperation || event.operation == operation) &&
           (target == kNoOperation || event.target == target);
  }
};

// Whoever makes `after` is held until `until`. Over without effect if `until` comes first.
struct Stage {
  Mark after;
  Mark until;
};

class Staging : public Holding {
 public:
  // For the runs from the next one on.
  void set(std::vector<Stage> stages) { stages_ = std::move(stages); }

 protected:
  void start() override;
  void look(unsigned ran, uint64_t yields) override;
  uint32_t held() const override;
  unsigned give_way(uint32_t runnable) override;
  uint64_t next_look(uint64_t yields) const override { return left_ == 0 ? nt::kNever : yields + 1; }

 private:
  static constexpr unsigned kMostSteps = 1'000;
  struct Progress {
    unsigned thread = kNobody;  // that is held
    bool over = false;
  };

  std::vector<Stage> stages_;
  std::vector<Progress> progress_;
  size_t next_event_ = 0;
  size_t left_ = 0;  // stages that are not over
  unsigned steps_ = 0;
};

}  // namespace rxcheck
