// SPDX-License-Identifier: Apache-2.0
//
// A fiber: a stack and a place to go on. Boost.Context's raw switch, because a fiber of a program that ended in a
// violation is dropped without unwinding the driver's frames on it. Tells AddressSanitizer about every switch.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <cstdint>

namespace rxcheck::nt {

class Fiber {
 public:
  using Entry = void (*)(void* argument);

  Fiber() = default;
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Makes the fiber begin at `entry(argument)` when it is next switched to. Drops whatever it was doing. The entry
  // never returns. `stack_size` bytes below a guard page are reserved at the first call.
  void start(Entry entry, void* argument, size_t stack_size = 128 << 10);

  // Leaves `this` (which must be the running one) and goes on in `next`. Returns when somebody switches back.
  void switch_to(Fiber& next);

  // Tells AddressSanitizer that no frame is left on a stack that was abandoned and is to be used anew.
  static void forget_frames(void* stack, size_t size);

  const uint8_t* stack_low() const { return stack_; }
  const uint8_t* stack_high() const { return stack_ + stack_size_; }

 private:
  static void begin(boost::context::detail::transfer_t transfer);
  void arrived(boost::context::detail::transfer_t transfer);

  boost::context::detail::fcontext_t context_ = nullptr;
  uint8_t* stack_ = nullptr;
  size_t stack_size_ = 0;
  Entry entry_ = nullptr;
  void* argument_ = nullptr;
  [[maybe_unused]] void* fake_stack_ = nullptr;  // AddressSanitizer's
};

}  // namespace rxcheck::nt
