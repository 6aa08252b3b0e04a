// SPDX-License-Identifier: Apache-2.0
//
// Who runs next. The executive asks a Scheduler at the yield points that it wants to be asked at, and whenever the
// running thread cannot go on. Threads are numbers below 32; `runnable` has a bit for each that could run.
// Implementations are in harness/explore; they hold all their chance in their own seeded stream. Not thread-safe.
#pragma once

#include <cstdint>

#include "harness/core/schedule.h"
#include "harness/nt/access_record.h"

namespace rxcheck::nt {

inline constexpr uint64_t kNever = ~0ull;

// A yield point with its strings interned: equal ids mean equal names within one run.
struct Point {
  Line line;
  uint32_t function = 0;
  Access access = Access::call;
  uint32_t object = 0;
  uint32_t occurrence = 1;
  const void* site = nullptr;  // return address in the driver, nullptr for the harness
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  // The count of yield points (the first is 1) at which `preempt` is to be asked first; kNever for not at all.
  virtual uint64_t first_question() = 0;

  // `current` stands at yield point number `yields` and could go on; it is in `runnable`. Returns who runs; sets when
  // to ask again.
  virtual unsigned preempt(unsigned current, uint32_t runnable, uint64_t yields, uint64_t& next_question) = 0;

  // The running thread cannot go on. REQUIRES: runnable != 0. `baseline` is who would run by the baseline.
  virtual unsigned pick(uint32_t runnable, unsigned baseline) = 0;

  // A scheduler by objects is told what the running thread will touch when it goes on, before it is asked about that.
  virtual bool by_object() const { return false; }
  virtual void stands_before(unsigned /*thread*/, uint64_t /*object*/, Touch) {}
  // A scheduler that must know of every change of thread is asked even where only one could run.
  virtual bool asks_always() const { return false; }
  // Nothing could go on, and something outside the threads has changed that.
  virtual void begins_anew() {}

  // A scheduler that follows names is asked at every call and every access to shared memory, by these two instead.
  virtual bool by_name() const { return false; }
  virtual unsigned preempt_at(const Point&, unsigned current, uint32_t /*runnable*/) { return current; }
  virtual unsigned pick_at(const Point&, uint32_t /*runnable*/, unsigned baseline) { return baseline; }
};

}  // namespace rxcheck::nt
