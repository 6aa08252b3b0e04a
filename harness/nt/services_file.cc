// SPDX-License-Identifier: Apache-2.0
//
// What drivers ask about a request, its file and the thread that runs.
#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr uint32_t kPagingIo = 0x2;              // IRP_PAGING_IO
constexpr uint32_t kSynchronousApi = 0x4;        // IRP_SYNCHRONOUS_API
constexpr uint32_t kSynchronousPagingIo = 0x40;  // IRP_SYNCHRONOUS_PAGING_IO

}  // namespace

extern "C" {

// Paging I/O is synchronous if it says so itself, whatever the file is opened for.
uint8_t MS nt_IoIsOperationSynchronous(const Irp* irp) {
  ENTER(IoIsOperationSynchronous);
  ex.check_memory(irp, sizeof *irp, "IoIsOperationSynchronous", site);
  if ((irp->flags & kSynchronousPagingIo) != 0) return 1;
  if ((irp->flags & kPagingIo) != 0) return 0;
  if ((irp->flags & kSynchronousApi) != 0) return 1;
  const auto* file = static_cast<const FileObject*>(irp->current_stack_location->file_object);
  return file != nullptr && (file->flags & kFileSynchronous) != 0;
}

// The uppermost of the devices that are attached to the file's.
DeviceObject* MS nt_IoGetRelatedDeviceObject(const FileObject* file) {
  ENTER(IoGetRelatedDeviceObject);
  ex.check_memory(file, sizeof *file, "IoGetRelatedDeviceObject", site);
  DeviceObject* device = file->device_object;
  while (device != nullptr && device->attached_device != nullptr) device = device->attached_device;
  return device;
}

void MS nt_IoGetStackLimits(uint64_t* low, uint64_t* high) {
  ENTER(IoGetStackLimits);
  *low = reinterpret_cast<uint64_t>(ex.running().fiber.stack_low());
  *high = reinterpret_cast<uint64_t>(ex.running().fiber.stack_high());
}

}  // extern "C"

}  // namespace rxcheck::nt
