// SPDX-License-Identifier: Apache-2.0
//
// Structured exceptions that drivers raise: the search for a handler up the stack, the scopes of __try in C, unwinding
// to the handler's frame ("x64 exception handling" of the MSVC documentation; ExRaiseStatus, __C_specific_handler).
// What nobody handles breaks a rule. Faults of the processor are not exceptions here: they break a rule at once.
#include <fmt/format.h>

#include "harness/nt/service_entry.h"
#include "harness/nt/unwind.h"

namespace rxcheck::nt {

namespace {

enum ExceptionFlag : uint32_t { kNoncontinuable = 1, kUnwinding = 2, kTargetUnwind = 0x20 };
enum Disposition : int32_t { kContinueExecution = 0, kContinueSearch = 1 };

struct ExceptionRecord {  // EXCEPTION_RECORD
  uint32_t code;
  uint32_t flags;
  ExceptionRecord* next;
  uint64_t address;
  uint32_t parameter_count;
  uint32_t pad;
  uint64_t parameters[15];
};
static_assert(sizeof(ExceptionRecord) == 0x98);

struct ExceptionPointers {  // EXCEPTION_POINTERS
  ExceptionRecord* record;
  Context* context;
};

struct DispatcherContext {  // DISPATCHER_CONTEXT, x64
  uint64_t pc;
  const uint8_t* image_base;
  const uint32_t* function;
  uint64_t establisher;
  uint64_t target_ip;
  Context* context;
  const void* handler;
  const void* handler_data;
  void* history;
  uint32_t scope;
  uint32_t pad;
};
static_assert(offsetof(DispatcherContext, handler_data) == 0x38 && sizeof(DispatcherContext) == 0x50);

struct ScopeTable {  // SCOPE_TABLE
  uint32_t count;
  struct {
    uint32_t begin;
    uint32_t end;
    uint32_t handler;  // 1: every exception is handled
    uint32_t target;   // of __except; 0 for __finally
  } scopes[1];
};

using LanguageHandler = int32_t(MS*)(ExceptionRecord*, uint64_t, Context*, DispatcherContext*);
using Filter = int32_t(MS*)(ExceptionPointers*, uint64_t);
using Termination = void(MS*)(uint8_t, uint64_t);

std::span<const uint8_t> stack_of(const Thread& thread) {
  return {thread.fiber.stack_low(), static_cast<size_t>(thread.fiber.stack_high() - thread.fiber.stack_low())};
}

// How many scopes such a table could have: it ends with its image at the latest.
uint64_t scopes_in_image(const ScopeTable* table) {
  for (const PeImage* image : Executive::current().images())
    if (image->contains(table))
      return static_cast<uint64_t>(image->base() + image->size() - reinterpret_cast<const uint8_t*>(table->scopes)) /
             sizeof table->scopes[0];
  return 0;
}

int32_t ask_handler(ExceptionRecord& record, Context& context, const Frame& frame, uint64_t target_ip) {
  DispatcherContext dispatch{frame.pc, frame.image->base(), frame.function,     frame.establisher, target_ip,
                             &context, frame.handler,       frame.handler_data, nullptr,           0,
                             0};
  return reinterpret_cast<LanguageHandler>(const_cast<void*>(frame.handler))(&record, frame.establisher, &context,
                                                                             &dispatch);
}

}  // namespace

extern "C" {

[[noreturn]] void MS nt_restore_context(const Context* context);

// Leaves the frames below the target's, each by its termination handlers, and goes on at `target_ip`. `from` is where
// the exception was raised.
[[noreturn]] static void unwind_to(uint64_t target_frame, uint64_t target_ip, ExceptionRecord& record,
                                   const Context& from) {
  Executive& ex = Executive::current();
  record.flags |= kUnwinding;
  Context context = from;
  for (;;) {
    Context here = context;
    Frame frame;
    if (!unwind_frame(ex.images(), stack_of(ex.running()), context, frame))
      ex.violate("unhandled-exception", fmt::format("{:#x}", record.code),
                 "the stack cannot be unwound to the handler of an exception", reinterpret_cast<void*>(record.address));
    const bool last = frame.establisher == target_frame;
    if (last) record.flags |= kTargetUnwind;
    if ((frame.handlers & kTerminationHandler) != 0 && frame.handler != nullptr)
      ask_handler(record, here, frame, target_ip);
    if (!last) continue;
    here.rip = target_ip;
    here.general[0] = record.code;
    const auto low = const_cast<uint8_t*>(ex.running().fiber.stack_low());
    Fiber::forget_frames(low, here.general[kRsp] - reinterpret_cast<uint64_t>(low));
    nt_restore_context(&here);
  }
}

int32_t MS nt___C_specific_handler(ExceptionRecord* record, uint64_t frame, Context* context,
                                   DispatcherContext* dispatch) {
  const auto* table = static_cast<const ScopeTable*>(dispatch->handler_data);
  const auto pc = static_cast<uint32_t>(dispatch->pc - reinterpret_cast<uint64_t>(dispatch->image_base));
  const auto target = static_cast<uint32_t>(dispatch->target_ip - reinterpret_cast<uint64_t>(dispatch->image_base));
  const uint32_t count = table->count <= scopes_in_image(table) ? table->count : 0;
  for (uint32_t i = dispatch->scope; i < count; ++i) {
    const auto& scope = table->scopes[i];
    if (pc < scope.begin || pc >= scope.end) continue;
    const auto at = reinterpret_cast<uint64_t>(dispatch->image_base + scope.handler);
    if ((record->flags & kUnwinding) != 0) {
      // What encloses the handler's own place is not left.
      if ((record->flags & kTargetUnwind) != 0 && ((target >= scope.begin && target < scope.end && scope.target == 0) ||
                                                   (scope.target != 0 && scope.target == target)))
        return kContinueSearch;
      if (scope.target != 0) continue;
      reinterpret_cast<Termination>(at)(1, frame);
    } else if (scope.target != 0) {
      ExceptionPointers pointers{record, context};
      const int32_t answer = scope.handler == 1 ? 1 : reinterpret_cast<Filter>(at)(&pointers, frame);
      if (answer < 0) return kContinueExecution;
      if (answer > 0)
        unwind_to(frame, reinterpret_cast<uint64_t>(dispatch->image_base + scope.target), *record, *context);
    }
  }
  return kContinueSearch;
}

// `context` is that of the driver at its call, whose return address lies at `slot`.
[[noreturn]] void MS nt_raise_status(uint32_t status, Context* context, uint64_t* slot) {
  Executive& ex = Executive::current();
  void* const site = reinterpret_cast<void*>(*slot);
  ex.check_irql(service_irql(Service::ExRaiseStatus), Service::ExRaiseStatus, site);
  context->rip = *slot;
  context->general[kRsp] = reinterpret_cast<uint64_t>(slot + 1);
  ExceptionRecord record{status, kNoncontinuable, nullptr, *slot, 0, 0, {}};
  Context walked = *context;
  Frame frame;
  while (unwind_frame(ex.images(), stack_of(ex.running()), walked, frame))
    if ((frame.handlers & kExceptionHandler) != 0 && frame.handler != nullptr &&
        ask_handler(record, *context, frame, 0) == kContinueExecution)
      break;  // which such an exception does not allow
  ex.violate("unhandled-exception", fmt::format("{:#x}", status), "the driver raises an exception that nobody handles",
             site);
}

}  // extern "C"

// The two that must see, or set, every register. Offsets are those of Context.
__asm__(
    ".text\n"
    ".globl nt_RtlCaptureContext\n"
    "nt_RtlCaptureContext:\n"
    "  pushfq\n"
    "  popq %r11\n"
    "  movl %r11d, 0x44(%rcx)\n"
    "  movl $0x10000b, 0x30(%rcx)\n"
    "  stmxcsr 0x34(%rcx)\n"
    "  movq %rax, 0x78(%rcx)\n"
    "  movq %rcx, 0x80(%rcx)\n"
    "  movq %rdx, 0x88(%rcx)\n"
    "  movq %rbx, 0x90(%rcx)\n"
    "  leaq 8(%rsp), %r11\n"
    "  movq %r11, 0x98(%rcx)\n"
    "  movq %rbp, 0xa0(%rcx)\n"
    "  movq %rsi, 0xa8(%rcx)\n"
    "  movq %rdi, 0xb0(%rcx)\n"
    "  movq %r8, 0xb8(%rcx)\n"
    "  movq %r9, 0xc0(%rcx)\n"
    "  movq %r10, 0xc8(%rcx)\n"
    "  movq %r12, 0xd8(%rcx)\n"
    "  movq %r13, 0xe0(%rcx)\n"
    "  movq %r14, 0xe8(%rcx)\n"
    "  movq %r15, 0xf0(%rcx)\n"
    "  movq (%rsp), %r11\n"
    "  movq %r11, 0xf8(%rcx)\n"
    ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "  movups %xmm\\n, (0x1a0 + 16 * \\n)(%rcx)\n"
    ".endr\n"
    "  ret\n"
    ".globl nt_restore_context\n"
    "nt_restore_context:\n"
    ".irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n"
    "  movups (0x1a0 + 16 * \\n)(%rcx), %xmm\\n\n"
    ".endr\n"
    "  movq 0x78(%rcx), %rax\n"
    "  movq 0x90(%rcx), %rbx\n"
    "  movq 0xa0(%rcx), %rbp\n"
    "  movq 0xa8(%rcx), %rsi\n"
    "  movq 0xb0(%rcx), %rdi\n"
    "  movq 0xd8(%rcx), %r12\n"
    "  movq 0xe0(%rcx), %r13\n"
    "  movq 0xe8(%rcx), %r14\n"
    "  movq 0xf0(%rcx), %r15\n"
    "  movq 0xf8(%rcx), %r11\n"
    "  movq 0x98(%rcx), %rsp\n"
    "  jmp *%r11\n"
    ".globl nt_ExRaiseStatus\n"
    "nt_ExRaiseStatus:\n"
    "  movl %ecx, 8(%rsp)\n"  // the caller's home space for the argument
    "  subq $0x4f8, %rsp\n"
    "  leaq 0x20(%rsp), %rcx\n"
    "  call nt_RtlCaptureContext\n"
    "  movl 0x500(%rsp), %ecx\n"
    "  leaq 0x20(%rsp), %rdx\n"
    "  leaq 0x4f8(%rsp), %r8\n"
    "  call nt_raise_status\n"
    "  ud2\n");

}  // namespace rxcheck::nt
