// SPDX-License-Identifier: Apache-2.0
//
// The parts of the kernel's structures that drivers read and write inline, at their x64 offsets (wdm.h). The executive
// keeps its own state of dispatcher objects and locks inside the driver's storage, in fields that drivers may not
// touch.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rxcheck::nt {

struct DeviceObject;

using NtStatus = uint32_t;

inline constexpr uint8_t kPassiveLevel = 0;
inline constexpr uint8_t kApcLevel = 1;
inline constexpr uint8_t kDispatchLevel = 2;

inline constexpr NtStatus kStatusSuccess = 0;
inline constexpr NtStatus kStatusPending = 0x103;
inline constexpr NtStatus kStatusTimeout = 0x102;
inline constexpr NtStatus kStatusBufferOverflow = 0x80000005;
inline constexpr NtStatus kStatusInvalidHandle = 0xC0000008;
inline constexpr NtStatus kStatusInvalidParameter = 0xC000000D;
inline constexpr NtStatus kStatusInvalidDeviceRequest = 0xC0000010;
inline constexpr NtStatus kStatusMoreProcessingRequired = 0xC0000016;
inline constexpr NtStatus kStatusBufferTooSmall = 0xC0000023;
inline constexpr NtStatus kStatusObjectTypeMismatch = 0xC0000024;
inline constexpr NtStatus kStatusSharingViolation = 0xC0000043;
inline constexpr NtStatus kStatusObjectNameCollision = 0xC0000035;
inline constexpr NtStatus kStatusInsufficientResources = 0xC000009A;

struct UnicodeString {
  uint16_t length;
  uint16_t maximum_length;
  uint32_t pad;
  char16_t* buffer;
};

// DISPATCHER_HEADER as far as the executive uses it: KEVENT, KSEMAPHORE and KMUTANT begin with it.
enum class ObjectType : uint8_t {
  notification_event = 0,
  synchronization_event = 1,
  mutant = 2,
  queue = 4,
  semaphore = 5,
  thread = 6,
  notification_timer = 8,
  synchronization_timer = 9
};

struct DispatcherHeader {
  uint8_t type;
  uint8_t signalling;
  uint8_t size;
  uint8_t reserved;
  int32_t signal_state;
  uint64_t wait_list[2];
};

struct Semaphore {
  DispatcherHeader header;
  int32_t limit;
  int32_t pad;
};
static_assert(sizeof(Semaphore) == 0x20);

struct Mutant {  // KMUTANT
  DispatcherHeader header;
  uint64_t list_entry[2];
  void* owner;  // the thread object, nullptr if none
  uint8_t abandoned;
  uint8_t apc_disable;
  uint8_t pad[6];
};
static_assert(offsetof(Mutant, owner) == 0x28 && sizeof(Mutant) == 0x38);

// Drivers initialize it inline: count 1, the rest 0.
struct FastMutex {  // FAST_MUTEX
  int32_t count;    // 1 if it is free
  int32_t pad;
  void* owner;  // the thread object
  uint32_t contention;
  uint32_t pad1;
  DispatcherHeader event;
  uint32_t old_irql;  // kUnsafe if it was acquired by ExAcquireFastMutexUnsafe
  uint32_t pad2;
};
static_assert(offsetof(FastMutex, event) == 0x18 && sizeof(FastMutex) == 0x38);
inline constexpr uint32_t kUnsafe = 0xff;

struct ListEntry {  // LIST_ENTRY
  ListEntry* next;
  ListEntry* previous;
};

struct Queue {  // KQUEUE; its signal state is the number of its entries
  DispatcherHeader header;
  ListEntry entries;
  uint32_t current_count;
  uint32_t maximum_count;
  ListEntry threads;
};
static_assert(offsetof(Queue, maximum_count) == 0x2c && sizeof(Queue) == 0x40);

struct Dpc;
using DeferredRoutine = void(__attribute__((ms_abi)) *)(Dpc*, void* context, void* argument1, void* argument2);

struct Dpc {  // KDPC
  uint8_t type;
  uint8_t rest[0x17];
  DeferredRoutine routine;
  void* context;
  void* argument1;
  void* argument2;
  void* data;
};
static_assert(offsetof(Dpc, routine) == 0x18 && sizeof(Dpc) == 0x40);
inline constexpr uint8_t kDpcType = 0x13;

struct Timer {  // KTIMER
  DispatcherHeader header;
  uint64_t due_time;
  uint64_t list_entry[2];
  Dpc* dpc;
  uint32_t processor;
  uint32_t period;  // in milliseconds
};
static_assert(offsetof(Timer, dpc) == 0x30 && sizeof(Timer) == 0x40);

using WorkerRoutine = void(__attribute__((ms_abi)) *)(void*);
using IoWorkRoutine = void(__attribute__((ms_abi)) *)(DeviceObject*, void*);

struct QueueItem {  // WORK_QUEUE_ITEM
  uint64_t list[2];
  WorkerRoutine routine;
  void* parameter;
};
static_assert(sizeof(QueueItem) == 0x20);

struct IoWorkItem {  // opaque to drivers
  DeviceObject* device;
  uint8_t rest[0x38];
};

inline constexpr uint32_t kMaxThreads = 32;

inline constexpr unsigned kMaxPointers = 6;
inline constexpr uint8_t kPointerOwner = 0xff;

// ERESOURCE (104 bytes): the executive's own use of the storage.
struct Resource {
  uint32_t magic;
  uint8_t exclusive_depth;
  uint8_t exclusive_waiters;
  uint8_t pointers;  // how many of the owners below are taken
  uint8_t rest[1];
  uint64_t exclusive_owner;  // thread number + 1, kPointerOwner, 0 if none; not 0 as a spin lock that is held
  uint8_t shared_depth[kMaxThreads];
  // Owners that are no threads (ExSetResourceOwnerPointer); the first also if it owns exclusively.
  uint64_t pointer[kMaxPointers];
  uint8_t pointer_depth[kMaxPointers];
  uint8_t more_rest[104 - 16 - kMaxThreads - 9 * kMaxPointers];
};
static_assert(sizeof(Resource) == 104);
inline constexpr uint32_t kResourceMagic = 0x72784552;

}  // namespace rxcheck::nt
