// SPDX-License-Identifier: Apache-2.0
//
// A thread of the simulated executive: what it waits for, what it holds, for which operation it works. The executive
// alone changes it (executive.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/nt/fiber.h"
#include "harness/nt/io_layout.h"
#include "harness/nt/kernel_objects.h"
#include "harness/nt/layout.h"
#include "harness/nt/learner.h"
#include "harness/nt/scheduler.h"

namespace rxcheck::nt {

enum class Wait : uint8_t {
  none,
  spin_lock,
  dispatcher,
  resource_exclusive,
  resource_shared,
  condition,
  delay,
  starving,
  fast_mutex
};

// For which operation a thread works. A system thread takes it over from whoever released the semaphore that woke it,
// or from the IRP that it makes its top-level IRP.
struct Work {
  uint8_t actor = 0;
  uint16_t ordinal = 0;         // 1-based within the actor
  uint16_t operation = 0xffff;  // index in the program
  uint8_t worker = 0;           // which of the system threads that took the operation up, from 1
};

// The locks that a thread holds, in the order in which it took them. An array, because it changes at every lock.
class HeldLocks {
 public:
  void clear() { count_ = 0; }
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == kMost; }
  size_t size() const { return count_; }
  const HeldLock& last() const { return items_[count_ - 1]; }
  // REQUIRES: not full.
  void push(const HeldLock& lock) { items_[count_++] = lock; }
  void pop() { --count_; }
  // False if it is not among them.
  bool remove(uintptr_t address);
  std::span<const HeldLock> all() const { return {items_, count_}; }

 private:
  static constexpr size_t kMost = 32;
  HeldLock items_[kMost];
  size_t count_ = 0;
};

// A work item that was queued and has not begun.
struct WorkItem {
  const void* item = nullptr;  // the driver's, or the I/O manager's, structure
  WorkerRoutine routine = nullptr;
  IoWorkRoutine io_routine = nullptr;
  DeviceObject* device = nullptr;  // of an IO_WORKITEM, else nullptr
  void* context = nullptr;
  Work work{};
  uint8_t thread = 0;  // that was started for it, 0 if none was left
};

struct Thread {
  Fiber fiber;
  uint8_t number = 0;
  bool alive = false;
  bool system = false;   // made by PsCreateSystemThread
  bool granted = false;  // a semaphore's unit, or a queue's entry, was handed to it
  void* queue_entry = nullptr;
  uint8_t irql = 0;
  Wait wait = Wait::none;
  void* wait_object = nullptr;
  uint64_t wait_since = 0;
  uint64_t deadline = kNever;  // when the wait times out
  bool (*condition)(void*) = nullptr;
  void* condition_argument = nullptr;
  Work work;
  uint8_t critical_regions = 0;
  uint8_t base_irql = 0;                    // from before the first of its spin locks
  const uint64_t* standing_lock = nullptr;  // the spin lock that it will acquire when it goes on
  const void* standing_resource = nullptr;  // ...or the resource whose lock this is
  HeldLocks locks;
  void (*entry)(void*) = nullptr;
  // Apart from `entry`: with one pointer for both, gcc 12 takes two calls of different conventions for one.
  WorkerRoutine system_routine = nullptr;
  void* entry_argument = nullptr;
  uint64_t* object = nullptr;  // the thread object that drivers see: a dispatcher header
  Irp* top_level_irp = nullptr;

  bool has_work() const { return work.operation != 0xffff; }
  bool holds_spin_lock() const {
    for (const HeldLock& lock : locks.all())
      if (lock.spin) return true;
    return false;
  }
};

}  // namespace rxcheck::nt
