// SPDX-License-Identifier: Apache-2.0
#include "harness/nt/fault_guard.h"

#include <asm/prctl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "harness/nt/executive.h"

namespace rxcheck::nt {

namespace {

alignas(16) uint8_t fake_processor[8192];  // what gs points at: KPCR, as far as drivers read it inline
alignas(16) uint8_t handler_stack[64 << 10];
alignas(16) uint8_t landing_stack[256 << 10];  // the thread's own stack may be what overflowed

struct Fault {
  int signal;
  void* address;
  void* site;
} fault;

const char* words(int signal) {
  switch (signal) {
    case SIGSEGV:
    case SIGBUS:
      return "an access to memory that is not there";
    case SIGILL:
    case SIGTRAP:
      return "an illegal instruction";
    default:
      return "an arithmetic fault";
  }
}

// Who stopped. A processor that stops at the instruction's own address was sent there, by a driver.
const char* who(const Executive& executive) {
  const bool jumped = fault.signal == SIGSEGV && fault.address == fault.site;
  for (const PeImage* image : executive.images())
    if (jumped || image->contains(fault.site)) return "the driver";
  return "not a driver but the harness, unless a service was given a wrong address,";
}

[[noreturn]] void land() {
  Executive& executive = Executive::current();
  const auto address = reinterpret_cast<uint64_t>(fault.address);
  std::string object = address < 0x10000 && (fault.signal == SIGSEGV) ? "null" : "memory";
  if (fault.signal == SIGILL || fault.signal == SIGTRAP || fault.signal == SIGFPE) object = "instruction";
  executive.violate("fault", object, fmt::format("{} stopped at {}", who(executive), words(fault.signal)),
                    static_cast<uint8_t*>(fault.site) + 1);
}

void handler(int signal, siginfo_t* info, void* context) {
  auto* registers = static_cast<ucontext_t*>(context);
  Executive* executive = Executive::current_or_null();
  if (executive == nullptr || !executive->on_thread()) {
    ::signal(signal, SIG_DFL);  // ours: let it be seen
    return;
  }
  fault = {signal, info->si_addr, reinterpret_cast<void*>(registers->uc_mcontext.gregs[REG_RIP])};
  Fiber::forget_frames(landing_stack, sizeof landing_stack);  // of the fault before
  registers->uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(&land);
  registers->uc_mcontext.gregs[REG_RSP] = reinterpret_cast<greg_t>(landing_stack + sizeof landing_stack - 8);
}

}  // namespace

void FaultGuard::install() {
  static bool done = false;
  if (done) return;
  done = true;
  *reinterpret_cast<void**>(fake_processor + 0x18) = fake_processor;
  syscall(SYS_arch_prctl, ARCH_SET_GS, fake_processor);
  stack_t stack{};
  stack.ss_sp = handler_stack;
  stack.ss_size = sizeof handler_stack;
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP}) sigaction(signal, &action, nullptr);
}

void FaultGuard::enter_thread(void* thread_object) {
  *reinterpret_cast<void**>(fake_processor + 0x188) = thread_object;
}

}  // namespace rxcheck::nt
