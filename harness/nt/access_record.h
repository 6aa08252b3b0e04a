// SPDX-License-Identifier: Apache-2.0
//
// What a thread touches between two yield points, told as it happens: the raw material of partial-order reduction and
// of race detection. An object is a number that means the same thing within one run, and in every run that begins
// alike: eight bytes of memory, a lock, a dispatcher object, whether a thread can go on, the history.
#pragma once

#include <cstdint>

#include "driver/protocol/rxcheck_events.h"

namespace rxcheck::nt {

// Two touches of one object conflict unless they are of one kind and the kind commutes with itself (the first five).
enum class Touch : uint8_t {
  read,
  call,     // of the history: an operation begins. The order among such matters to no judge
  returns,  // of the history: an operation returns
  pass,     // of a lock: taken and given back in one transition, and what is done under it is told by itself
  update,   // of a set without an order: elements come or go
  write,
  acquire,  // of a lock; not offered by the scheduler while the lock is held
  release,  // of a lock
  enable,   // a thread that could not go on now can
  disable,  // the other way round
  wake      // a thread goes on that could not for a while
};

constexpr bool conflict(Touch one, Touch other) { return one != other || one > Touch::update; }

// Kinds that conflict with each kind of touch: everything before one of them on an object happens before it.
constexpr bool orders_all(Touch how) { return how > Touch::update; }

// Whether `later`, which conflicts with `earlier`, could have come first. What lets somebody go on must come before.
constexpr bool reversible(Touch earlier, Touch later) {
  if (earlier == Touch::release) return later != Touch::acquire && later != Touch::pass;
  return earlier != Touch::enable || later != Touch::wake;
}

// Names of objects: a kind in the highest byte, then its number. Two objects of different kinds are never one.
enum class ObjectKind : uint8_t { memory = 1, lock, dispatcher, thread, slot, history, executive };
constexpr uint64_t object_name(ObjectKind kind, uint64_t number) {
  return static_cast<uint64_t>(kind) << 56 | (number & ((1ull << 56) - 1));
}
inline uint64_t memory_object(const void* address) {
  return object_name(ObjectKind::memory, reinterpret_cast<uintptr_t>(address) >> 3);
}

// How memory is used. Marked: what a driver declares volatile, or an object's own service does, is meant to meet others
// unordered. Who frees memory writes all of it.
enum class MemoryUse : uint8_t { read, marked_read, interlocked_read, write, marked_write, interlocked, free };

constexpr bool reads_only(MemoryUse use) { return use <= MemoryUse::interlocked_read; }
constexpr Touch touch_of(MemoryUse use) { return reads_only(use) ? Touch::read : Touch::write; }

// What a service promises about order: what a thread has done before its release of an object happens before what
// another does after its acquisition.
enum class Sync : uint8_t { acquire, release };

// What a driver does with a set from here on (driver/include/rxset.h).
enum class SetUse : uint8_t {
  done = RX_SET_DONE,
  adds = RX_SET_ADDS,
  removes = RX_SET_REMOVES,
  counts = RX_SET_COUNTS,
  looks = RX_SET_LOOKS,
  ordered = RX_SET_ORDERED
};

class AccessSink {
 public:
  virtual ~AccessSink() = default;
  // The running thread touches the object now. `site` is the return address in the driver, nullptr for the harness.
  virtual void touch(unsigned thread, uint64_t object, Touch how, const void* site) = 0;
  // It uses memory now. By default a touch of each eight bytes.
  virtual void access(unsigned thread, const void* address, uint32_t size, MemoryUse use, const void* site) {
    if (size == 0) return;
    const auto first = reinterpret_cast<uintptr_t>(address) >> 3;
    const auto last = (reinterpret_cast<uintptr_t>(address) + size - 1) >> 3;
    for (uintptr_t cell = first; cell <= last; ++cell)
      touch(thread, object_name(ObjectKind::memory, cell), touch_of(use), site);
  }
  // A service synchronizes the running thread with others. Spin locks are told by touch() alone.
  virtual void synchronize(unsigned /*thread*/, uint64_t /*object*/, Sync) {}
  // The running thread says what its accesses to a set are for, before them. `entry` may be nullptr.
  virtual void use_set(unsigned /*thread*/, const void* /*set*/, const void* /*entry*/, SetUse) {}
  // No thread could go on, and the harness lets some go on: what was before happens before what comes.
  virtual void barrier() {}
};

}  // namespace rxcheck::nt
