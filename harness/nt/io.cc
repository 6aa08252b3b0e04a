// SPDX-License-Identifier: Apache-2.0
//
// The I/O manager: IRPs are built, sent, cancelled and completed here. Documented rules for dispatch routines and
// completion: wdm.h routine pages of IoMarkIrpPending, IofCompleteRequest, IoCancelIrp.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {
// Whose memory goes to whom.
constexpr uint64_t kSpareRequests = object_name(ObjectKind::executive, 1000);
}  // namespace

int Executive::build_ioctl(DeviceObject* device, uint32_t code, const void* input, uint32_t input_size, void* output,
                           uint32_t output_size, const Work& work) {
  const auto locations = static_cast<uint8_t>(std::clamp<int>(device->stack_size, 1, kMostStackLocations));
  const auto size = static_cast<uint32_t>(sizeof(Irp) + locations * sizeof(StackLocation));
  auto* irp = static_cast<Irp*>(allocate_request(size));
  void* buffer = pool_.allocate(std::max({input_size, output_size, 8u}), make_tag("Ibuf"), false);
  if (irp == nullptr || buffer == nullptr) return -1;
  std::memset(static_cast<void*>(irp), 0, size);
  const auto number = static_cast<uint32_t>(irps_.size());
  pool_.mark_request(*pool_.find(irp), number, locations == 1 ? Pool::kRequest : Pool::kLayered);
  irp->type = 6;
  irp->size = static_cast<uint16_t>(size);
  irp->stack_count = static_cast<int8_t>(locations);
  irp->current_location = static_cast<int8_t>(locations);
  irp->system_buffer = buffer;
  if (input_size != 0) std::memcpy(buffer, input, input_size);
  auto* stack = reinterpret_cast<StackLocation*>(irp + 1) + locations - 1;
  irp->current_stack_location = stack;
  stack->major_function = kMajorDeviceControl;
  stack->io_control_code = code;
  stack->input_buffer_length = input_size;
  stack->output_buffer_length = output_size;
  stack->device_object = device;
  irp->thread = running_ != nullptr ? running_->object : nullptr;
  irp->rest = number;
  IrpRecord record;
  record.irp = irp;
  record.work = work;
  record.output = output;
  record.output_size = output_size;
  record.layered = locations != 1;
  irps_.push_back(record);
  return static_cast<int>(number);
}

NtStatus Executive::send(int record) {
  Irp* irp = irps_[static_cast<size_t>(record)].irp;
  auto* stack = irp->current_stack_location;
  DispatchRoutine routine = stack->device_object->driver_object->major_function[stack->major_function];
  if (irps_[static_cast<size_t>(record)].layered) {
    const NtStatus status = dispatch(static_cast<uint32_t>(record), false);
    check_no_locks("a dispatch routine returned");
    return status;
  }
  irps_[static_cast<size_t>(record)].sender = running_->number;
  const NtStatus status = routine(stack->device_object, irp);
  check_no_locks("a dispatch routine returned");
  IrpRecord& after = irps_[static_cast<size_t>(record)];
  after.sender = 0xff;
  const bool marked = after.completed ? after.marked_pending : (stack->control & kPendingReturned) != 0;
  if ((status == kStatusPending) != marked)
    violate("pending-mismatch", "Irp",
            status == kStatusPending
                ? "a dispatch routine returned STATUS_PENDING for a request that is not marked pending"
                : "a dispatch routine returned a final status for a request that is marked pending");
  if (status != kStatusPending && !after.completed)
    violate("not-completed", "Irp", "a dispatch routine returned a final status and did not complete the request");
  return status;
}

void Executive::complete_irp(Irp* irp, void* site) {
  const Allocation* allocation = pool_.find(irp);
  if (allocation == nullptr || !allocation->is_request() || static_cast<void*>(allocation->base) != irp)
    violate("wild-access", "Irp", "IofCompleteRequest was called with something that is no request", site);
  if (allocation->freed) violate("double-completion", "Irp", "a request is completed a second time", site);
  const uint32_t record = allocation->record;
  check_location(irp, record, site);
  check_completion(irp, site);
  if (irps_[record].layered) {
    complete_layered(irp, record, site);
  } else {
    finish_irp(irp, record, site);
  }
}

void Executive::check_completion(const Irp* irp, void* site) {
  if (cancelling_ == irp)
    violate("completed-while-cancelling", "Irp",
            "a request is completed before its cancel routine has released the cancel spin lock", site);
  if (running_->holds_spin_lock())
    violate("completed-with-lock", "Irp", "a request is completed while a spin lock is held", site);
  if (irp->cancel_routine != nullptr)
    violate("cancel-routine-left-set", "Irp", "a request is completed with its cancel routine still set", site);
  if (irp->status == kStatusPending)
    violate("completed-with-pending", "Irp", "a request is completed with STATUS_PENDING", site);
}

// No driver is left that wants to know: the request goes back to who made it.
void Executive::finish_irp(Irp* irp, uint32_t number, void* site) {
  IrpRecord& record = irps_[number];
  record.completed = true;
  record.status = irp->status;
  if (irp->mdl_address != nullptr) free_mdl_chain(irp->mdl_address, site);
  if (record.built) return finish_built_irp(irp, number, site);
  record.marked_pending =
      (reinterpret_cast<StackLocation*>(irp + 1)[irp->stack_count - 1].control & kPendingReturned) != 0;
  if (irp->information > record.output_size)
    violate("overrun", "IoStatus.Information", "a request returns more bytes than its output buffer has", site);
  if (irp->information != 0) std::memcpy(record.output, irp->system_buffer, irp->information);
  release_memory(*pool_.find(irp->system_buffer), site);
  const uint64_t information = irp->information;
  release_request(record, site);
  observer_->irp_completed(number, record.status, information);
}

// Where memory is short a request gets that of one which is gone while its cancel routine runs: a routine that has
// released the cancel spin lock and then looks for its request by address meets another.
void* Executive::allocate_request(uint32_t size) {
  if (!is_short_of_memory()) return pool_.allocate(size, make_tag("Irp "), false);
  const auto gone =
      std::ranges::find_if(spare_requests_, [&](uint32_t index) { return pool_.allocations()[index].size == size; });
  touch(kSpareRequests, gone == spare_requests_.end() ? Touch::read : Touch::write);
  if (gone == spare_requests_.end()) return pool_.allocate(size, make_tag("Irp "), false);
  Allocation& allocation = pool_.allocations()[*gone];
  spare_requests_.erase(gone);
  recent_request_ = nullptr;
  for (uint32_t offset = 0; offset < size; offset += 8) touch(memory_object(allocation.base + offset), Touch::write);
  synchronize(allocation.base, Sync::acquire);
  return pool_.hand_out_again(allocation);
}

void Executive::release_request(const IrpRecord& record, void* site) {
  Allocation& allocation = *pool_.find(record.irp);
  release_memory(allocation, site);
  if (!is_short_of_memory()) return;
  touch(kSpareRequests, record.cancelling ? Touch::write : Touch::read);
  if (!record.cancelling) return;
  synchronize(allocation.base, Sync::release);
  spare_requests_.push_back(static_cast<uint32_t>(&allocation - pool_.allocations().data()));
}

void Executive::set_cancelling(uint32_t record, bool cancelling) {
  if (is_short_of_memory()) touch(kSpareRequests, Touch::write);
  irps_[record].cancelling = cancelling;
}

bool Executive::cancel(uint32_t record, void* site) {
  const Held before{running_->locks.size(), running_->irql, running_->critical_regions};
  const uint8_t irql = running_->irql;
  acquire_spin_lock(&cancel_lock_, Service::IoCancelIrp, nullptr);
  raise_irql(kDispatchLevel);
  IrpRecord& request = irps_[record];
  Irp* irp = request.irp;
  if (site != nullptr) {
    touch_memory(&irp->cancel, 1, Touch::write, site);
    use_memory(&irp->cancel_routine, 8, MemoryUse::interlocked, site);
  } else {  // the I/O manager's own: it does not give a request's memory back while it cancels it
    touch(memory_object(&irp->cancel), Touch::write);
    touch(memory_object(&irp->cancel_routine), Touch::write);
    const uint64_t routine = object_name(ObjectKind::memory, reinterpret_cast<uintptr_t>(&irp->cancel_routine));
    if (!request.completed) {
      synchronize(routine, Sync::acquire);
      synchronize(routine, Sync::release);
    }
  }
  if (request.completed) {
    if (site != nullptr)
      violate("irp-after-completion", "Irp", "IoCancelIrp was called with a request that is completed meanwhile", site);
    raise_irql(irql);
    release_spin_lock(&cancel_lock_, Service::IoCancelIrp, nullptr);
    return false;
  }
  irp->cancel = 1;
  CancelRoutine routine = irp->cancel_routine;
  irp->cancel_routine = nullptr;
  if (routine == nullptr) {
    raise_irql(irql);
    release_spin_lock(&cancel_lock_, Service::IoCancelIrp, nullptr);
    return false;
  }
  irp->cancel_irql = irql;
  cancelling_ = irp;
  set_cancelling(record, true);
  routine(irp->current_stack_location->device_object, irp);
  set_cancelling(record, false);
  if (cancel_lock_ == running_->number + 1u)
    violate("cancel-lock-held", "cancel-spin-lock", "a cancel routine returned with the cancel spin lock held",
            reinterpret_cast<uint8_t*>(routine) + 1);
  check_held("a cancel routine returned", before);
  return true;
}

extern "C" {

void MS nt_IofCompleteRequest(Irp* irp, char) {
  ENTER_YIELD(IofCompleteRequest);
  ex.complete_irp(irp, site);
}

void MS nt_IoAcquireCancelSpinLock(uint8_t* irql) {
  ENTER(IoAcquireCancelSpinLock);
  *irql = ex.running().irql;
  ex.acquire_spin_lock(ex.cancel_lock(), Service::IoAcquireCancelSpinLock, site);
  ex.raise_irql(kDispatchLevel);
}

void MS nt_IoReleaseCancelSpinLock(uint8_t irql) {
  ENTER(IoReleaseCancelSpinLock);
  ex.release_spin_lock(ex.cancel_lock(), Service::IoReleaseCancelSpinLock, site);
  ex.cancel_lock_released();
  ex.restore_irql(irql, site);
  ex.run_dpcs();
}

uint8_t MS nt_IoCancelIrp(Irp* irp) {
  ENTER(IoCancelIrp);
  ex.check_memory(irp, sizeof *irp, "IoCancelIrp", site);
  const Allocation* allocation = ex.pool().find(irp);
  if (allocation == nullptr || !allocation->is_request() || static_cast<const void*>(allocation->base) != irp)
    ex.violate("wild-access", "Irp", "IoCancelIrp was called with something that is no request", site);
  ex.check_location(irp, allocation->record, site);
  return ex.cancel(allocation->record, site) ? 1 : 0;
}

// A worker says for which request it works: from then on its line is that request's operation.
void MS nt_IoSetTopLevelIrp(Irp* irp) {
  ENTER(IoSetTopLevelIrp);
  ex.running().top_level_irp = irp;
  const Allocation* allocation = ex.pool().find(irp);
  if (allocation != nullptr && ex.running().system && allocation->is_request())
    ex.give_work(ex.running(), ex.irps()[allocation->record].work);
}

Irp* MS nt_IoGetTopLevelIrp() {
  ENTER(IoGetTopLevelIrp);
  return ex.running().top_level_irp;
}

}  // extern "C"

}  // namespace rxcheck::nt
