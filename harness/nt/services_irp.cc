// SPDX-License-Identifier: Apache-2.0
//
// Requests of drivers. The work is done in irp_stack.cc.
#include <algorithm>
#include <cstring>

#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

enum TransferMethod : uint32_t { kBuffered = 0, kInDirect = 1, kOutDirect = 2, kNeither = 3 };  // METHOD_...

}  // namespace

extern "C" {

Mdl* MS nt_IoAllocateMdl(uint8_t* address, uint32_t length, uint8_t secondary, uint8_t charge, Irp* irp);
void MS nt_MmProbeAndLockPages(Mdl* mdl, int8_t mode, int32_t operation);

NtStatus MS nt_IofCallDriver(DeviceObject* device, Irp* irp) {
  ENTER_YIELD(IofCallDriver);
  return ex.pass_down(device, irp, site);
}

Irp* MS nt_IoAllocateIrp(int8_t locations, uint8_t) {
  ENTER_YIELD(IoAllocateIrp);
  return ex.make_irp(static_cast<uint8_t>(std::max<int>(locations, 0)));
}

void MS nt_IoFreeIrp(Irp* irp) {
  ENTER_YIELD(IoFreeIrp);
  ex.free_irp(irp, site);
}

// The I/O manager frees it when it is completed, writes the status block and sets the event.
Irp* MS nt_IoBuildDeviceIoControlRequest(uint32_t code, DeviceObject* device, void* input, uint32_t input_size,
                                         void* output, uint32_t output_size, uint8_t internal, void* event,
                                         IoStatusBlock* status) {
  ENTER_YIELD(IoBuildDeviceIoControlRequest);
  ex.check_memory(device, sizeof *device, "IoBuildDeviceIoControlRequest", site);
  Irp* irp = ex.make_irp(static_cast<uint8_t>(std::max<int>(device->stack_size, 1)));
  if (irp == nullptr) return nullptr;
  const uint32_t number = ex.pool().find(irp)->record;
  StackLocation* stack = irp->current_stack_location - 1;
  stack->major_function = internal != 0 ? kMajorDeviceControl + 1 : kMajorDeviceControl;
  stack->io_control_code = code;
  stack->input_buffer_length = input_size;
  stack->output_buffer_length = output_size;
  irp->thread = ex.running().object;
  irp->user_iosb = status;
  irp->user_event = event;
  irp->user_buffer = output;
  const uint32_t method = code & 3;
  const uint32_t buffered = method == kBuffered ? std::max(input_size, output_size) : input_size;
  if (method == kNeither) {
    stack->type3_input_buffer = input;
  } else if (buffered != 0) {
    irp->system_buffer = ex.allocate_for_driver(buffered, make_tag("Ibuf"), false);
    if (irp->system_buffer == nullptr) {
      ex.discard_irp(irp);
      return nullptr;
    }
    if (input_size != 0) {
      ex.check_memory(input, input_size, "IoBuildDeviceIoControlRequest", site);
      std::memcpy(irp->system_buffer, input, input_size);
    }
  }
  if (method != kBuffered) irp->user_buffer = method == kNeither ? output : nullptr;
  if ((method == kInDirect || method == kOutDirect) && output_size != 0) {
    Mdl* mdl = nt_IoAllocateMdl(static_cast<uint8_t*>(output), output_size, 0, 0, irp);
    if (mdl == nullptr) {
      ex.discard_irp(irp);
      return nullptr;
    }
    nt_MmProbeAndLockPages(mdl, 0, method == kInDirect ? 0 : 1);
  }
  IrpRecord& record = ex.irps()[number];
  record.of_driver = false;
  record.built = true;
  record.output_size = output_size;
  ex.built_requests().push_back(number);
  return irp;
}

}  // extern "C"

}  // namespace rxcheck::nt
