// SPDX-License-Identifier: Apache-2.0
//
// Requests that drivers make and pass down: stack locations, dispatching to the lower driver, completion routines on
// the way up (wdm.h: IofCallDriver, IoSetCompletionRoutine, IofCompleteRequest, IoMarkIrpPending). Requests with one
// location that only the harness makes take the short way in io.cc.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

int level_of(const Irp* irp) { return static_cast<uint8_t>(irp->current_location); }

uint32_t bit_of(int level) { return 1u << static_cast<unsigned>(level); }

}  // namespace

IrpRecord& Executive::request_at(const Irp* irp, const char* who, void* site) {
  const Allocation* allocation = pool_.find(irp);
  if (allocation == nullptr || !allocation->is_request() || static_cast<const void*>(allocation->base) != irp)
    violate("wild-access", "Irp", fmt::format("{} was called with something that is no request", who), site);
  if (allocation->freed)
    violate("irp-after-completion", "Irp", fmt::format("{} was called with a request that is gone", who), site);
  IrpRecord& record = irps_[allocation->record];
  if (record.in_transit)
    violate("passed-down-irp-touched", "Irp",
            fmt::format("{} was called with a request that was passed down and has not come back", who), site);
  check_location(irp, allocation->record, site);
  return record;
}

void Executive::location_lost(void* site) {
  violate("no-more-stack-locations", "Irp", "a driver wrote a stack location that its request does not have", site);
}

Irp* Executive::make_irp(uint8_t locations) {
  if (locations == 0 || locations > kMostStackLocations) return nullptr;
  const auto size = static_cast<uint32_t>(sizeof(Irp) + locations * sizeof(StackLocation));
  auto* irp = static_cast<Irp*>(allocate_for_driver(size, make_tag("Irp ")));
  if (irp == nullptr) return nullptr;
  std::memset(static_cast<void*>(irp), 0, size);
  const auto number = static_cast<uint32_t>(irps_.size());
  pool_.mark_request(*pool_.find(irp), number, Pool::kLayered);
  irp->type = 6;
  irp->size = static_cast<uint16_t>(size);
  irp->stack_count = static_cast<int8_t>(locations);
  irp->current_location = static_cast<int8_t>(locations + 1);
  irp->current_stack_location = location_of(irp, locations + 1);
  irp->rest = number;
  IrpRecord record;
  record.irp = irp;
  record.work = running_->work;
  record.layered = true;
  record.of_driver = true;
  irps_.push_back(record);
  return irp;
}

void Executive::free_irp(Irp* irp, void* site) {
  IrpRecord& record = request_at(irp, "IoFreeIrp", site);
  if (!record.of_driver) violate("wild-free", "Irp", "a request is freed that IoAllocateIrp did not make", site);
  if (record.in_use()) violate("freed-while-in-use", "Irp", "a request is freed that a lower driver has", site);
  record.completed = true;
  release_memory(*pool_.find(irp), nullptr);
}

void Executive::discard_irp(Irp* irp) {
  Allocation* allocation = pool_.find(irp);
  irps_[allocation->record].completed = true;
  if (irp->system_buffer != nullptr) release_memory(*pool_.find(irp->system_buffer), nullptr);
  release_memory(*allocation, nullptr);
}

bool Executive::has_request(const DeviceObject* device) {
  for (const IrpRecord& record : irps_) {
    if (record.completed) continue;
    for (int at = level_of(record.irp); at <= record.irp->stack_count; ++at)
      if (location_of(record.irp, at)->device_object == device) return true;
  }
  return false;
}

NtStatus Executive::pass_down(DeviceObject* device, Irp* irp, void* site) {
  IrpRecord& record = request_at(irp, "IofCallDriver", site);
  if (std::ranges::find(belongings.devices, device) == belongings.devices.end())
    violate("wild-access", "Devi", "IofCallDriver was called with something that is no device", site);
  if (irp->current_location <= 1)
    violate("no-more-stack-locations", "Irp", "a request is passed down that has no stack location left", site);
  if (irp->current_location > irp->stack_count + 1)
    violate("no-more-stack-locations", "Irp", "a request is passed down at a location above those that it has", site);
  if (irp->current_stack_location[-1].major_function >= kMajorFunctions)
    violate("wild-access", "DRIVER_OBJECT", "a request is passed down with a major function beyond a driver's table",
            site);
  const auto number = static_cast<uint32_t>(&record - irps_.data());
  if (!record.layered) {  // it shares its only location with the lower driver
    record.layered = true;
    pool_.mark_request(*pool_.find(irp), number, Pool::kLayered);
  }
  record.sent = true;
  --irp->current_location;
  --irp->current_stack_location;
  irp->current_stack_location->device_object = device;
  record.dispatched |= bit_of(level_of(irp));
  if (!force_pending_) return dispatch(number, false);
  irp->current_stack_location->control |= kPendingReturned;
  record.in_transit = true;
  queue_work({irp, &Executive::arrive_below, nullptr, nullptr, reinterpret_cast<void*>(static_cast<uintptr_t>(number)),
              running_->work});
  return kStatusPending;
}

void __attribute__((ms_abi)) Executive::arrive_below(void* record) {
  Executive& ex = current();
  const auto number = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(record));
  ex.irps_[number].in_transit = false;
  ex.dispatch(number, true);
}

// Calls the driver of the current location and checks what it returns. `forced`: the caller has been told
// STATUS_PENDING already, whatever that is.
NtStatus Executive::dispatch(uint32_t number, bool forced) {
  Irp* irp = irps_[number].irp;
  const int level = level_of(irp);
  const uint32_t bit = bit_of(level);
  IrpRecord& before = irps_[number];
  before.resent = (before.active & before.passed & bit) != 0 ? before.resent | bit : before.resent & ~bit;
  before.active |= bit;
  before.passed &= ~bit;
  before.promised &= ~bit;
  StackLocation* stack = irp->current_stack_location;
  DeviceObject* device = stack->device_object;
  const DispatchRoutine routine = device->driver_object->major_function[stack->major_function];
  if (routine == nullptr) {  // what the I/O manager puts there
    irp->status = kStatusInvalidDeviceRequest;
    complete_irp(irp, nullptr);
    return kStatusInvalidDeviceRequest;
  }
  const size_t locks = running_->locks.size();
  const uint8_t irql = running_->irql;
  const NtStatus status = routine(device, irp);
  void* const end = reinterpret_cast<uint8_t*>(routine) + 1;
  if (running_->locks.size() != locks || running_->irql != irql)
    violate("unreleased-lock", "Irp", "a dispatch routine returned with other locks, or at another IRQL, than it came",
            end);
  IrpRecord& after = irps_[number];
  after.active &= ~bit;
  if ((after.resent & bit) != 0) return status;  // what is known of the location is of one of the two times
  const bool passed = after.completed || (after.passed & bit) != 0;
  if (!passed && (irp->current_location != level || after.in_transit)) {
    if (status != kStatusPending)
      violate("not-completed", "Irp",
              "a dispatch routine returned a final status for a request that a lower driver still has", end);
    after.promised |= bit;
    return status;
  }
  const bool marked = passed ? (after.marked & bit) != 0 : (stack->control & kPendingReturned) != 0;
  if (!forced && (status == kStatusPending) != marked)
    violate("pending-mismatch", "Irp",
            status == kStatusPending
                ? "a dispatch routine returned STATUS_PENDING for a request that is not marked pending"
                : "a dispatch routine returned a final status for a request that is marked pending",
            end);
  if (status != kStatusPending && !passed)
    violate("not-completed", "Irp", "a dispatch routine returned a final status and did not complete the request", end);
  return status;
}

// From the location of who completes upwards: the completion routine in each location is the driver's above it.
void Executive::complete_layered(Irp* irp, uint32_t number, void* site) {
  if (irps_[number].in_transit)
    violate("passed-down-irp-touched", "Irp", "a request is completed that was passed down and has not come back",
            site);
  if (irp->current_location > irp->stack_count)
    violate("double-completion", "Irp", "a request is completed that has come back to who made it", site);
  while (irp->current_location <= irp->stack_count) {
    StackLocation* here = irp->current_stack_location;
    const uint32_t bit = bit_of(level_of(irp));
    const bool marked = (here->control & kPendingReturned) != 0;
    IrpRecord& record = irps_[number];
    if ((record.promised & bit) != 0 && !marked)
      violate("pending-mismatch", "Irp",
              "a driver that returned STATUS_PENDING for a request that it passed down did not mark it pending", site);
    record.passed |= bit;
    record.marked = marked ? record.marked | bit : record.marked & ~bit;
    irp->pending_returned = marked;
    ++irp->current_location;
    ++irp->current_stack_location;
    const bool at_top = irp->current_location > irp->stack_count;
    const bool success = static_cast<int32_t>(irp->status) >= 0;  // a warning is none
    const uint8_t wanted =
        static_cast<uint8_t>((success ? kInvokeOnSuccess : kInvokeOnError) | (irp->cancel != 0 ? kInvokeOnCancel : 0));
    if (here->completion_routine == nullptr || (here->control & wanted) == 0) {
      if (marked && !at_top) irp->current_stack_location->control |= kPendingReturned;
      continue;
    }
    const auto routine = reinterpret_cast<CompletionRoutine>(here->completion_routine);
    const size_t locks = running_->locks.size();
    const NtStatus status = routine(at_top ? nullptr : irp->current_stack_location->device_object, irp, here->context);
    void* const end = reinterpret_cast<uint8_t*>(routine) + 1;
    if (running_->locks.size() != locks)
      violate("unreleased-lock", "Irp", "a completion routine returned with other locks than it came", end);
    if (status == kStatusMoreProcessingRequired) return;  // it is the driver's again, or gone
    if (irps_[number].completed)
      violate("irp-after-completion", "Irp", "a completion routine freed its request and let completion go on", end);
  }
  if (irps_[number].of_driver)
    violate("own-irp-not-taken-back", "Irp",
            "a request that a driver allocated is completed, and no completion routine of it takes it back", site);
  finish_irp(irp, number, site);
}

// The status goes to the driver that built the request, at once: it need not be in the thread that waits for it.
void Executive::finish_built_irp(const Irp* irp, uint32_t number, void* site) {
  built_.erase(std::find(built_.begin(), built_.end(), number));
  const uint32_t room = irps_[number].output_size;
  const bool error = irp->status >> 30 == 3;
  const bool copied = !error && irp->user_buffer != nullptr && irp->system_buffer != nullptr && irp->information != 0;
  if (irp->information > room && (copied || (!error && room != 0)))  // without any output it need be no count of bytes
    violate("overrun", "IoStatus.Information", "a request returns more bytes than its output buffer has", site);
  if (copied) {
    check_memory(irp->user_buffer, static_cast<uint32_t>(irp->information), "returning a request's output", site);
    std::memcpy(irp->user_buffer, irp->system_buffer, irp->information);
  }
  if (irp->user_iosb != nullptr) {
    check_memory(irp->user_iosb, sizeof(IoStatusBlock), "returning a request's status", site);
    *static_cast<IoStatusBlock*>(irp->user_iosb) = {irp->status, irp->information};
  }
  if (irp->user_event != nullptr) {
    check_object(irp->user_event, sizeof(DispatcherHeader), "signalling a request's event", site);
    static_cast<DispatcherHeader*>(irp->user_event)->signal_state = 1;
    synchronize(irp->user_event, Sync::release);
  }
  if (irp->system_buffer != nullptr) release_memory(*pool_.find(irp->system_buffer), nullptr);
  release_memory(*pool_.find(irp), nullptr);
}

// The frames below `frame` are left: nothing that is to be written later may lie in them.
void Executive::check_status_blocks(const char* where, const void* frame) {
  const auto left = [&](const void* address) { return address >= running_->fiber.stack_low() && address < frame; };
  for (const uint32_t number : built_)
    if (irps_[number].sent && (left(irps_[number].irp->user_iosb) || left(irps_[number].irp->user_event)))
      violate("stack-gone", "IO_STATUS_BLOCK",
              fmt::format("{} with the status block or event of a request under way on its stack", where));
}

}  // namespace rxcheck::nt
