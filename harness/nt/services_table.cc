// SPDX-License-Identifier: Apache-2.0
//
// The table of all services, and looking one up in it.
#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

extern "C" {

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

bool is_stub(std::string_view name) {
  static constexpr std::string_view kStubs[] = {
#define RXCHECK_NAME(name, irql) #name,
      RXCHECK_STUBS(RXCHECK_NAME)
#undef RXCHECK_NAME
  };
  return std::ranges::find(kStubs, name) != std::end(kStubs);
}

extern "C" {

void* MS nt_MmGetSystemRoutineAddress(const UnicodeString* name) {
  ENTER(MmGetSystemRoutineAddress);
  ex.check_memory(name->buffer, name->length, "MmGetSystemRoutineAddress", site);
  std::string narrow;
  for (unsigned i = 0; i < name->length / 2u; ++i) narrow.push_back(static_cast<char>(name->buffer[i]));
  const ServiceEntry* service = find_service(narrow);
  return service == nullptr ? nullptr : service->routine;
}

}  // extern "C"

uint8_t service_irql(Service service) {
  const auto number = static_cast<size_t>(service);
  return number < kServices.size() ? kServices[number].highest_irql : 2;
}

std::string_view service_name(Service service) {
  const auto number = static_cast<size_t>(service);
  return number < kServices.size() ? kServices[number].name : cross_import_name(number - kServices.size());
}

}  // namespace rxcheck::nt
