// SPDX-License-Identifier: Apache-2.0
//
// Turns a processor fault on a thread of the executive (a null pointer, a wild jump, a stack overflow, int 29h) into
// the rule `fault` instead of the end of the process. A fault anywhere else is left to the default action. Also gives
// driver code the gs segment that x64 kernel code reads its current thread from.
#pragma once

#include <cstdint>

namespace rxcheck::nt {

class FaultGuard {
 public:
  // Once per process; later calls do nothing.
  static void install();
  // `thread_object` is what gs:[188h] shows from now on.
  static void enter_thread(void* thread_object);
};

}  // namespace rxcheck::nt
