// SPDX-License-Identifier: Apache-2.0
//
// What the executive knows of an IRP beside its memory, and who is told when it is completed.
#pragma once

#include <cstdint>

#include "harness/nt/io_layout.h"
#include "harness/nt/layout.h"
#include "harness/nt/thread.h"

namespace rxcheck::nt {

// What the executive reports to whoever issues IRPs.
class IoObserver {
 public:
  virtual ~IoObserver() = default;
  // An IRP was completed, once. Its memory is gone for the driver; its output has been copied to where send() was told.
  virtual void irp_completed(uint32_t record, NtStatus status, uint64_t information) = 0;
  // An allocation that a driver made for this work was refused (refuse_allocation).
  virtual void allocation_refused(const Work&) {}
};

struct IrpRecord {
  Irp* irp = nullptr;
  Work work;
  bool completed = false;
  NtStatus status = 0;      // with which it was completed, if it was not a driver's own
  bool cancelling = false;  // its cancel routine runs
  bool marked_pending = false;
  uint8_t sender = 0xff;     // the thread that sent it, until the dispatch routine has returned
  bool handed_over = false;  // another thread has touched it
  void* output = nullptr;    // the issuer's buffer
  uint32_t output_size = 0;
  // --- of a request that drivers pass down or make (irp_stack.cc); a bit of each set is a stack location ---
  bool layered = false;
  bool of_driver = false;   // made by IoAllocateIrp: the driver takes it back and frees it
  bool built = false;       // made by IoBuildDeviceIoControlRequest: gone when it is completed
  bool sent = false;        // by a driver, once
  bool in_transit = false;  // passed down, and on its way to the lower driver: nobody may touch it
  uint32_t dispatched = 0;  // a driver has passed the request down to it
  uint32_t passed = 0;      // completion has gone up past it
  uint32_t marked = 0;      // and found it marked pending
  uint32_t promised = 0;    // its driver has returned STATUS_PENDING while a lower driver had the request
  uint32_t active = 0;      // its driver's dispatch routine has not returned
  uint32_t resent = 0;      // and meanwhile a completion routine has sent the request to it again

  // A lower driver has it. A location that only its maker uses is nobody's.
  bool in_use() const { return in_transit || (dispatched & ~passed) != 0; }
};

}  // namespace rxcheck::nt
