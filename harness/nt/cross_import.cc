// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/cross_import.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <deque>

#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

struct CrossImport {
  std::string name;
  void* target;
  uint8_t highest_irql;
  bool primary;  // one of the five pages of C97
};

std::deque<CrossImport>& imports() {
  static auto* all = new std::deque<CrossImport>();
  return *all;
}

// The pages of the five primary routines, field "IRQL": "<= APC_LEVEL".
bool is_primary(const std::string& name) {
  return name == "RxSetMinirdrCancelRoutine" || name == "RxFinalizeConnection" || name == "RxCeCancelConnectRequest";
}

// The engine's other routines: their pages say <= APC_LEVEL for most, because the structures that they lock are
// protected by resources; registration is at PASSIVE_LEVEL. Names are compared wherever the caller is.
uint8_t highest_irql_of(const std::string& name) {
  if (!name.starts_with("Rx") || name == "RxEqualNames") return kDispatchLevel;
  if (name == "RxRegisterMinirdr" || name == "RxUnregisterMinirdr" || name == "RxStartMinirdr" ||
      name == "RxStopMinirdr")
    return kPassiveLevel;
  return kApcLevel;
}

}  // namespace

extern "C" {

// Called by every thunk, before the call, with the thunk's number and the return address in the caller. Returns where
// to go.
void* MS nt_cross_enter(uint64_t number, void* site) {
  Executive& ex = Executive::current();
  const CrossImport& import = imports()[number];
  if (ex.running().irql > import.highest_irql)
    ex.violate(import.primary ? "C97" : "irql", import.name,
               import.name + (import.highest_irql == kPassiveLevel ? " was entered above PASSIVE_LEVEL"
                                                                   : " was entered above APC_LEVEL"),
               site);
  ex.call_yield(static_cast<Service>(static_cast<uint16_t>(Service::first_driver_import) + number), site);
  return import.target;
}

// Saves the four argument registers around nt_cross_enter, then goes on in the target as if it had been called
// directly. eax is the thunk's number.
void nt_cross_common();
__asm__(
    ".text\n"
    "nt_cross_common:\n"
    "  push %rcx\n"
    "  push %rdx\n"
    "  push %r8\n"
    "  push %r9\n"
    "  mov %eax, %ecx\n"
    "  mov 32(%rsp), %rdx\n"
    "  sub $0x28, %rsp\n"
    "  call nt_cross_enter\n"
    "  add $0x28, %rsp\n"
    "  pop %r9\n"
    "  pop %r8\n"
    "  pop %rdx\n"
    "  pop %rcx\n"
    "  jmp *%rax\n");

}  // extern "C"

void* make_cross_import(const std::string& name, void* target) {
  constexpr size_t kThunk = 32;
  static uint8_t* page = nullptr;
  static size_t used = 4096;
  if (used + kThunk > 4096) {
    void* got = mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (got == MAP_FAILED) std::abort();
    page = static_cast<uint8_t*>(got);
    used = 0;
  }
  uint8_t* code = page + used;
  used += kThunk;
  const auto number = static_cast<uint32_t>(imports().size());
  imports().push_back({name, target, highest_irql_of(name), is_primary(name)});
  const auto common = reinterpret_cast<uint64_t>(&nt_cross_common);
  code[0] = 0xb8;  // mov eax, number
  std::memcpy(code + 1, &number, 4);
  code[5] = 0x49;  // mov r11, common
  code[6] = 0xbb;
  std::memcpy(code + 7, &common, 8);
  code[15] = 0x41;  // jmp r11
  code[16] = 0xff;
  code[17] = 0xe3;
  return code;
}

std::string_view cross_import_name(size_t number) {
  return number < imports().size() ? imports()[number].name : std::string_view("?");
}

}  // namespace rxcheck::nt
