// SPDX-License-Identifier: Apache-2.0
//
// Requests, devices and driver objects, as far as drivers read and write them inline, at their x64 offsets (wdm.h).
#pragma once

#include "harness/nt/layout.h"

namespace rxcheck::nt {

inline constexpr unsigned kMajorDeviceControl = 14;
inline constexpr unsigned kMajorFunctions = 28;

struct DeviceObject;

struct StackLocation {  // IO_STACK_LOCATION
  uint8_t major_function;
  uint8_t minor_function;
  uint8_t flags;
  uint8_t control;
  uint32_t pad;
  uint32_t output_buffer_length;
  uint32_t pad1;
  uint32_t input_buffer_length;
  uint32_t pad2;
  uint32_t io_control_code;
  uint32_t pad3;
  void* type3_input_buffer;
  DeviceObject* device_object;
  void* file_object;
  void* completion_routine;
  void* context;
};
static_assert(sizeof(StackLocation) == 0x48 && offsetof(StackLocation, io_control_code) == 0x18);
static_assert(offsetof(StackLocation, device_object) == 0x28);
inline constexpr int kMostStackLocations = 30;  // of a request: sets of them are 32 bits, and they count from 1
inline constexpr uint8_t kPendingReturned = 1;  // SL_PENDING_RETURNED in `control`
inline constexpr uint8_t kInvokeOnCancel = 0x20;
inline constexpr uint8_t kInvokeOnSuccess = 0x40;
inline constexpr uint8_t kInvokeOnError = 0x80;

struct Irp;
using CancelRoutine = void(__attribute__((ms_abi)) *)(DeviceObject*, Irp*);
using CompletionRoutine = NtStatus(__attribute__((ms_abi)) *)(DeviceObject*, Irp*, void* context);

struct Irp {
  uint16_t type;
  uint16_t size;
  uint32_t pad;
  void* mdl_address;
  uint32_t flags;
  uint32_t pad1;
  void* system_buffer;
  uint64_t thread_list_entry[2];
  uint32_t status;
  uint32_t pad2;
  uint64_t information;
  uint8_t requestor_mode;
  uint8_t pending_returned;
  int8_t stack_count;
  int8_t current_location;
  uint8_t cancel;
  uint8_t cancel_irql;
  uint8_t apc_environment;
  uint8_t allocation_flags;
  void* user_iosb;
  void* user_event;
  uint64_t overlay[2];
  CancelRoutine cancel_routine;
  void* user_buffer;
  void* driver_context[4];
  void* thread;
  void* auxiliary_buffer;
  uint64_t list_entry[2];
  StackLocation* current_stack_location;
  void* original_file_object;
  uint64_t rest;
};
static_assert(offsetof(Irp, status) == 0x30 && offsetof(Irp, cancel) == 0x44);
static_assert(offsetof(Irp, cancel_routine) == 0x68 && offsetof(Irp, current_stack_location) == 0xB8);
static_assert(sizeof(Irp) == 0xD0);

// The location `number` of a request, which are counted from 1, the lowest driver's.
inline StackLocation* location_of(const Irp* irp, int number) {
  return reinterpret_cast<StackLocation*>(const_cast<Irp*>(irp) + 1) + number - 1;
}

using DispatchRoutine = NtStatus(__attribute__((ms_abi)) *)(DeviceObject*, Irp*);

struct DriverObject {
  uint16_t type;
  uint16_t size;
  uint32_t pad;
  DeviceObject* device_object;
  uint32_t flags;
  uint32_t pad1;
  void* driver_start;
  uint64_t driver_size;
  void* driver_section;
  void* driver_extension;
  UnicodeString driver_name;
  void* hardware_database;
  void* fast_io_dispatch;
  void* driver_init;
  void* driver_start_io;
  void(__attribute__((ms_abi)) * driver_unload)(DriverObject*);
  DispatchRoutine major_function[kMajorFunctions];
};
static_assert(offsetof(DriverObject, driver_unload) == 0x68 && sizeof(DriverObject) == 0x150);

struct DeviceObject {
  uint16_t type;
  uint16_t size;
  int32_t reference_count;
  DriverObject* driver_object;
  DeviceObject* next_device;
  DeviceObject* attached_device;
  Irp* current_irp;
  void* timer;
  uint32_t flags;
  uint32_t characteristics;
  void* vpb;
  void* device_extension;
  uint32_t device_type;
  int8_t stack_size;
  uint8_t rest[0x150 - 0x4d];
};
static_assert(offsetof(DeviceObject, device_extension) == 0x40 && sizeof(DeviceObject) == 0x150);

}  // namespace rxcheck::nt
