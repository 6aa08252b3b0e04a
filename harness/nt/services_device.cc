// SPDX-License-Identifier: Apache-2.0
//
// Devices, the stacks of them through which requests go, symbolic links.
#include <algorithm>
#include <cstring>
#include <string>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

std::string narrow(const UnicodeString* text) {
  std::string result;
  for (unsigned i = 0; i < text->length / 2u; ++i) result.push_back(static_cast<char>(text->buffer[i]));
  return result;
}

DeviceObject* top_of(Executive& ex, DeviceObject* device, void* site) {
  for (;; device = device->attached_device) {
    ex.check_memory(device, sizeof *device, "looking for the top of a stack of devices", site);
    if (device->attached_device == nullptr) return device;
  }
}

}  // namespace

extern "C" {

NtStatus MS nt_IoCreateDevice(DriverObject* driver, uint32_t extension_size, UnicodeString* name, uint32_t type,
                              uint32_t characteristics, uint8_t, DeviceObject** device) {
  ENTER_YIELD(IoCreateDevice);
  const uint32_t rounded = (extension_size + 15) & ~15u;
  auto* made = static_cast<DeviceObject*>(ex.pool().allocate(sizeof(DeviceObject) + rounded, make_tag("Devi"), false));
  if (made == nullptr) return kStatusInsufficientResources;
  std::memset(static_cast<void*>(made), 0, sizeof(DeviceObject) + rounded);
  made->type = 3;
  made->size = static_cast<uint16_t>(sizeof(DeviceObject) + extension_size);
  made->driver_object = driver;
  made->next_device = driver->device_object;
  made->device_extension = made + 1;
  made->device_type = type;
  made->characteristics = characteristics;
  made->stack_size = 1;
  made->flags = 0x80;  // DO_DEVICE_INITIALIZING
  driver->device_object = made;
  (void)name;
  ex.belongings.devices.push_back(made);
  *device = made;
  return kStatusSuccess;
}

void MS nt_IoDeleteDevice(DeviceObject* device) {
  ENTER_YIELD(IoDeleteDevice);
  auto& devices = ex.belongings.devices;
  auto it = std::find(devices.begin(), devices.end(), device);
  if (it == devices.end())
    ex.violate("wild-access", "Devi", "IoDeleteDevice was called with something that is no device", site);
  if (!ex.unloading && ex.has_request(device))
    ex.violate("device-deleted-in-use", "Devi", "a device is deleted while a request to it is outstanding", site);
  if (device->attached_device != nullptr)
    ex.violate("device-deleted-in-use", "Devi", "a device is deleted while another is attached on top of it", site);
  devices.erase(it);
  DeviceObject** link = &device->driver_object->device_object;
  while (*link != nullptr && *link != device) link = &(*link)->next_device;
  if (*link == device) *link = device->next_device;
  ex.release_memory(*ex.pool().find(device), site);
}

NtStatus MS nt_IoCreateSymbolicLink(UnicodeString* link, UnicodeString*) {
  ENTER_YIELD(IoCreateSymbolicLink);
  const std::string name = narrow(link);
  auto& links = ex.belongings.links;
  if (std::ranges::find(links, name) != links.end()) return kStatusObjectNameCollision;
  links.push_back(name);
  return kStatusSuccess;
}

NtStatus MS nt_IoDeleteSymbolicLink(UnicodeString* link) {
  ENTER_YIELD(IoDeleteSymbolicLink);
  auto& links = ex.belongings.links;
  const auto it = std::ranges::find(links, narrow(link));
  if (it == links.end()) return 0xC0000034;  // STATUS_OBJECT_NAME_NOT_FOUND
  links.erase(it);
  return kStatusSuccess;
}

// Returns what was the top of the stack: that is whom the source passes requests to.
DeviceObject* MS nt_IoAttachDeviceToDeviceStack(DeviceObject* source, DeviceObject* target) {
  ENTER_YIELD(IoAttachDeviceToDeviceStack);
  DeviceObject* top = top_of(ex, target, site);
  top->attached_device = source;
  source->stack_size = static_cast<int8_t>(top->stack_size + 1);
  return top;
}

void MS nt_IoDetachDevice(DeviceObject* target) {
  ENTER_YIELD(IoDetachDevice);
  target->attached_device = nullptr;
}

}  // extern "C"

}  // namespace rxcheck::nt
