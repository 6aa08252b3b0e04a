// SPDX-License-Identifier: Apache-2.0
//
// What a thread touches between two yield points, told as it happens: the raw material of partial-order reduction and
// of race detection. An object is a number that means the same thing within one run, and in every run that begins
// alike: eight bytes of memory, a lock, a dispatcher object, whether a thread can go on, the history.
#pragma once

#include <cstdint>

namespace rxcheck::nt {

// Two touches of one object conflict unless they are of one kind and the kind commutes with itself (the first three).
enum class Touch : uint8_t {
  read,
  call,     // of the history: an operation begins. The order among such matters to no judge
  returns,  // of the history: an operation returns
  write,
  acquire,  // of a lock; not offered by the scheduler while the lock is held
  release,  // of a lock
  enable,   // a thread that could not go on now can
  disable,  // the other way round
  wake      // a thread goes on that could not for a while
};

constexpr bool conflict(Touch one, Touch other) { return one != other || one > Touch::returns; }

// Kinds that conflict with each kind of touch: everything before one of them on an object happens before it.
constexpr bool orders_all(Touch how) { return how > Touch::returns; }

// Whether `later`, which conflicts with `earlier`, could have come first. What lets somebody go on must come before.
constexpr bool reversible(Touch earlier, Touch later) {
  return !(earlier == Touch::release && later == Touch::acquire) && !(earlier == Touch::enable && later == Touch::wake);
}

// Names of objects: a kind in the highest byte, then its number. Two objects of different kinds are never one.
enum class ObjectKind : uint8_t { memory = 1, lock, dispatcher, thread, slot, history, executive };
constexpr uint64_t object_name(ObjectKind kind, uint64_t number) {
  return static_cast<uint64_t>(kind) << 56 | (number & ((1ull << 56) - 1));
}
inline uint64_t memory_object(const void* address) {
  return object_name(ObjectKind::memory, reinterpret_cast<uintptr_t>(address) >> 3);
}

class AccessSink {
 public:
  virtual ~AccessSink() = default;
  // The running thread touches the object now. `divisible`: a memory access at which no yield point is; it could be
  // made one. `site` is the return address in the driver, nullptr for the harness.
  virtual void touch(unsigned thread, uint64_t object, Touch how, bool divisible, const void* site) = 0;
};

}  // namespace rxcheck::nt
