// SPDX-License-Identifier: Apache-2.0
//
// Pool, threads, objects, strings; and the table of all services.
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <unordered_map>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr uint64_t kFirstThreadHandle = 0x1000;

char16_t upcase(char16_t c) { return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 32) : c; }

int32_t compare(const UnicodeString* a, const UnicodeString* b, bool ignore_case) {
  const unsigned shorter = std::min(a->length, b->length) / 2u;
  for (unsigned i = 0; i < shorter; ++i) {
    const char16_t x = ignore_case ? upcase(a->buffer[i]) : a->buffer[i];
    const char16_t y = ignore_case ? upcase(b->buffer[i]) : b->buffer[i];
    if (x != y) return x - y;
  }
  return static_cast<int32_t>(a->length) - b->length;
}

}  // namespace

extern "C" {

void* MS nt_ExAllocatePoolWithTag(int32_t type, uint64_t size, uint32_t tag) {
  ENTER_YIELD(ExAllocatePoolWithTag);
  if ((type & 1) != 0 && ex.running().irql > kApcLevel)
    ex.violate("irql", "ExAllocatePoolWithTag", "paged pool is allocated at DISPATCH_LEVEL", site);
  if (size == 0) ex.violate("zero-allocation", tag_name(tag), "pool is asked for no bytes", site);
  if (size > (1u << 20)) return nullptr;
  void* memory = ex.allocate_for_driver(static_cast<uint32_t>(size), tag);
  if (memory != nullptr && (type & 1) != 0) ex.pool().mark_paged(*ex.pool().find(memory));
  return memory;
}

void MS nt_ExFreePoolWithTag(void* address, uint32_t tag) {
  ENTER_YIELD(ExFreePoolWithTag);
  ex.free_for_driver(address, tag, site);
}

void MS nt_ExFreePool(void* address) {
  ENTER_YIELD(ExFreePool);
  ex.free_for_driver(address, 0, site);
}

NtStatus MS nt_PsCreateSystemThread(uint64_t* handle, uint32_t, void*, void*, void*, void(MS* routine)(void*),
                                    void* context) {
  ENTER_YIELD(PsCreateSystemThread);
  const unsigned number = ex.create_system_thread(routine, context);
  if (number == 0) return kStatusInsufficientResources;
  *handle = kFirstThreadHandle + number * 4;
  ++ex.open_handles;
  return kStatusSuccess;
}

NtStatus MS nt_PsTerminateSystemThread(NtStatus) {
  ENTER_YIELD(PsTerminateSystemThread);
  ex.end_thread();
}

NtStatus MS nt_ObReferenceObjectByHandle(uint64_t handle, uint32_t, void*, char, void** object, void*) {
  ENTER_YIELD(ObReferenceObjectByHandle);
  const uint64_t number = (handle - kFirstThreadHandle) / 4;
  if (handle < kFirstThreadHandle || number >= kMaxThreads ||
      ex.thread(static_cast<unsigned>(number)).object == nullptr)
    return kStatusInvalidHandle;
  *object = ex.thread(static_cast<unsigned>(number)).object;
  ++ex.thread_references()[number];
  return kStatusSuccess;
}

int64_t MS nt_ObfReferenceObject(void* object) {
  ENTER_YIELD(ObfReferenceObject);
  const Thread* thread = ex.thread_of(object);
  if (thread == nullptr)
    ex.violate("wild-access", "object", "a reference is taken on something that is no object", site);
  return ++ex.thread_references()[thread->number];
}

int64_t MS nt_ObfDereferenceObject(void* object) {
  ENTER_YIELD(ObfDereferenceObject);
  const Thread* thread = ex.thread_of(object);
  if (thread == nullptr)
    ex.violate("wild-access", "object", "a reference is dropped on something that is no object", site);
  if (ex.thread_references()[thread->number] == 0)
    ex.violate("object-underflow", "thread", "an object is dereferenced more often than referenced", site);
  return --ex.thread_references()[thread->number];
}

NtStatus MS nt_ZwClose(uint64_t handle) {
  ENTER_YIELD(ZwClose);
  if (handle < kFirstThreadHandle || ex.open_handles == 0) return kStatusInvalidHandle;
  --ex.open_handles;
  return kStatusSuccess;
}

void MS nt_RtlInitUnicodeString(UnicodeString* text, const char16_t* source) {
  ENTER(RtlInitUnicodeString);
  unsigned length = 0;
  while (source != nullptr && source[length] != 0 && length < 32766) ++length;
  text->length = static_cast<uint16_t>(length * 2);
  text->maximum_length = static_cast<uint16_t>(source == nullptr ? 0 : length * 2 + 2);
  text->buffer = const_cast<char16_t*>(source);
}

int32_t MS nt_RtlCompareUnicodeString(const UnicodeString* a, const UnicodeString* b, uint8_t ignore_case) {
  ENTER(RtlCompareUnicodeString);
  ex.check_memory(a->buffer, a->length, "RtlCompareUnicodeString", site);
  ex.check_memory(b->buffer, b->length, "RtlCompareUnicodeString", site);
  return compare(a, b, ignore_case != 0);
}

uint8_t MS nt_RtlEqualUnicodeString(const UnicodeString* a, const UnicodeString* b, uint8_t ignore_case) {
  ENTER(RtlEqualUnicodeString);
  ex.check_memory(a->buffer, a->length, "RtlEqualUnicodeString", site);
  ex.check_memory(b->buffer, b->length, "RtlEqualUnicodeString", site);
  return a->length == b->length && compare(a, b, ignore_case != 0) == 0;
}

char16_t MS nt_RtlUpcaseUnicodeChar(char16_t c) { return upcase(c); }

uint64_t MS nt_RtlCompareMemory(const uint8_t* a, const uint8_t* b, uint64_t length) {
  ENTER(RtlCompareMemory);
  ex.check_memory(a, static_cast<uint32_t>(length), "RtlCompareMemory", site);
  ex.check_memory(b, static_cast<uint32_t>(length), "RtlCompareMemory", site);
  uint64_t same = 0;
  while (same < length && a[same] == b[same]) ++same;
  return same;
}

uint32_t MS nt_DbgPrint(const char*, ...) { return 0; }

void MS nt_KeBugCheckEx(uint32_t code, uint64_t, uint64_t, uint64_t, uint64_t) {
  ENTER(KeBugCheckEx);
  ex.violate("bugcheck", fmt::format("{:#x}", code), "the driver stopped the system", site);
}

// Implemented in the other services_*.cc and io.cc; only their addresses are needed here.
#define RXCHECK_DECLARE(name, irql) void nt_##name##_address_only() __asm__("nt_" #name);
RXCHECK_SERVICES(RXCHECK_DECLARE)
#undef RXCHECK_DECLARE

}  // extern "C"

namespace {
const std::array kServices = {ServiceEntry{"", 0, nullptr},
#define RXCHECK_ENTRY(name, irql) ServiceEntry{#name, irql, reinterpret_cast<void*>(&nt_##name##_address_only)},
                              RXCHECK_SERVICES(RXCHECK_ENTRY)
#undef RXCHECK_ENTRY
};
}  // namespace

const ServiceEntry* find_service(std::string_view name) {
  static const auto* index = [] {
    auto* made = new std::unordered_map<std::string_view, const ServiceEntry*>();
    for (const ServiceEntry& entry : kServices)
      if (entry.routine != nullptr) (*made)[entry.name] = &entry;
    return made;
  }();
  auto it = index->find(name);
  return it == index->end() ? nullptr : it->second;
}

std::span<const ServiceEntry> all_services() { return std::span(kServices).subspan(1); }

bool is_stub(std::string_view name) { return name == "DbgPrint" || name == "KeQueryTimeIncrement"; }

uint8_t service_irql(Service service) {
  const auto number = static_cast<size_t>(service);
  return number < kServices.size() ? kServices[number].highest_irql : 2;
}

std::string_view service_name(Service service) {
  const auto number = static_cast<size_t>(service);
  return number < kServices.size() ? kServices[number].name : cross_import_name(number - kServices.size());
}

}  // namespace rxcheck::nt
