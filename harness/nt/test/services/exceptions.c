/* SPDX-License-Identifier: Apache-2.0
 *
 * Structured exceptions. This compiler has no __try: the functions that have one are written out, with the scope
 * tables that a compiler which has it would make.
 */
#include <excpt.h>

#include "services.h"

/* __try { Routine(); return 0; } __except (Filter()) { return the exception's code; } */
LONG TryExcept(VOID (*Routine)(VOID));
/* __try { Routine(); } __finally { Finally(); } */
VOID TryFinally(VOID (*Routine)(VOID));
/* __try { __try { Routine(); } __except (Filter()) {} } __finally { Finally(); } */
VOID TryExceptFinally(VOID (*Routine)(VOID));
VOID TryExceptFinallyApart(VOID (*Routine)(VOID));
LONG NTAPI Filter(PEXCEPTION_POINTERS Pointers, PVOID Frame);
VOID NTAPI Finally(BOOLEAN Abnormal, PVOID Frame);

#define FUNCTION_WITH_SCOPES(name, scopes, end)                                                                  \
  __asm__(".text\n.globl " name "\n.def " name "; .scl 2; .type 32; .endef\n.seh_proc " name "\n" name           \
          ":\n  pushq %rbx\n  .seh_pushreg %rbx\n  subq $32, %rsp\n  .seh_stackalloc 32\n"                       \
          "  .seh_endprologue\n  .seh_handler __C_specific_handler, @except, @unwind\n"                          \
          "  .seh_handlerdata\n" scopes                                                                          \
          "  .text\n"                                                                                            \
          ".L" name "_begin:\n  call *%rcx\n  nop\n.L" name "_end:\n  xorl %eax, %eax\n.L" name "_target:\n" end \
          "  addq $32, %rsp\n  popq %rbx\n  ret\n  .seh_endproc\n")

FUNCTION_WITH_SCOPES("TryExcept", ".long 1\n  .rva .LTryExcept_begin, .LTryExcept_end, Filter, .LTryExcept_target\n",
                     "");
FUNCTION_WITH_SCOPES("TryFinally", ".long 1\n  .rva .LTryFinally_begin, .LTryFinally_end, Finally\n  .long 0\n", "");
/* `end` is where the scope of __finally ends: behind the handler, or before it where the compiler put that elsewhere.
 */
#define FUNCTION_WITH_BOTH(name, end)                                                      \
  FUNCTION_WITH_SCOPES(name,                                                               \
                       ".long 2\n  .rva .L" name "_begin, .L" name "_end, Filter, .L" name \
                       "_target\n"                                                         \
                       "  .rva .L" name "_begin, .L" name end ", Finally\n  .long 0\n",    \
                       "  nop\n.L" name "_handled:\n  xorl %ecx, %ecx\n  call Finally\n  nop\n")
FUNCTION_WITH_BOTH("TryExceptFinally", "_handled");
FUNCTION_WITH_BOTH("TryExceptFinallyApart", "_end");

/* Routine(); with unwind information that this assembler does not make: of version 2, which says where the epilogue is,
   and with a handler that lies beyond the driver. */
VOID CallFromVersion2(VOID (*Routine)(VOID));
VOID CallBelowNoHandler(VOID (*Routine)(VOID));

#define FUNCTION_WITH_INFORMATION(name, information)                                                  \
  __asm__(".text\n" name ":\n  subq $40, %rsp\n  call *%rcx\n  nop\n  addq $40, %rsp\n  ret\n.L" name \
          "_end:\n"                                                                                   \
          ".section .rdata, \"dr\"\n.balign 4\n.L" name "_information:\n" information                 \
          ".section .pdata, \"dr2\"\n.rva " name ", .L" name "_end, .L" name "_information\n.text\n")

FUNCTION_WITH_INFORMATION("CallFromVersion2", ".byte 2, 4, 3, 0\n.byte 5, 0x16, 0, 0x06, 4, 0x42, 0, 0\n");
FUNCTION_WITH_INFORMATION("CallBelowNoHandler", ".byte 0x11, 4, 1, 0\n.byte 4, 0x42, 0, 0\n.long 0x7fffffff, 0\n");

static LONG Answers[2]; /* of the filter, one after the other */
static ULONG Asked;
static LONG Seen;
static ULONG Order;
static volatile ULONG Depth;

LONG NTAPI Filter(PEXCEPTION_POINTERS Pointers, PVOID Frame) {
  UNREFERENCED_PARAMETER(Frame);
  Seen = (LONG)Pointers->ExceptionRecord->ExceptionCode;
  Order = Order * 10 + 1;
  return Answers[Asked++ & 1];
}

VOID NTAPI Finally(BOOLEAN Abnormal, PVOID Frame) {
  UNREFERENCED_PARAMETER(Frame);
  Order = Order * 10 + (Abnormal ? 2 : 3);
}

static VOID Nothing(VOID) {}
static VOID Raise(VOID) { ExRaiseStatus(STATUS_ACCESS_DENIED); }
static VOID (*volatile AtBottom)(VOID) = Raise;

/* Below a few frames that have saved registers, those of floating point too, and whose size nobody knows before. */
static ULONG Deep(ULONG Count, ULONG Sum) {
  volatile ULONG Local[Count + 8];
  double Kept = Count * 1.5;

  Local[Count] = Sum * 3;
  if (Count == 0) {
    AtBottom();
    return Sum;
  }
  return Deep(Count - 1, Sum + Local[Count]) + Local[Count] + (ULONG)(Kept + Kept * Depth);
}

static VOID RaiseDeep(VOID) { Depth = Deep(5, Depth); }
static VOID RaiseInFinally(VOID) { TryFinally(RaiseDeep); }
static VOID RaiseBelowBoth(VOID) { TryExceptFinally(Raise); }
static VOID RaiseInExcept(VOID) { TryExcept(Raise); }

static VOID RaiseInVersion2(VOID) { CallFromVersion2(Raise); }
static VOID RaiseBelowNoHandler(VOID) { CallBelowNoHandler(Raise); }

static VOID MapWaiting(VOID) {
  LARGE_INTEGER Offset = {{0, 0}};
  PVOID Bcb, Buffer;

  CcMapData(NULL, &Offset, 1, MAP_WAIT, &Bcb, &Buffer);
}

static VOID Begin(LONG First, LONG Second) {
  Answers[0] = First;
  Answers[1] = Second;
  Asked = 0;
  Order = 0;
  Seen = 0;
}

NTSTATUS CheckException(VOID) {
  ULONG i, Sum = 0;
  double Kept;

  Depth = 3;
  Kept = Depth * 0.25;
  for (i = 0; i < 3; ++i) {
    Begin(EXCEPTION_EXECUTE_HANDLER, 0);
    CHECK(TryExcept(Nothing) == 0 && Order == 0);
    CHECK(TryExcept(RaiseDeep) == STATUS_ACCESS_DENIED && Seen == STATUS_ACCESS_DENIED && Order == 1);
    Sum += i + 1;
  }
  CHECK(i == 3 && Sum == 6 && Kept == 0.75); /* wherever they were kept */
  return STATUS_SUCCESS;
}

NTSTATUS CheckTermination(VOID) {
  Begin(EXCEPTION_EXECUTE_HANDLER, 0);
  CHECK(TryExcept(RaiseInFinally) == STATUS_ACCESS_DENIED);
  CHECK(Order == 12); /* the filter is asked before anything is left */
  Begin(EXCEPTION_EXECUTE_HANDLER, EXCEPTION_EXECUTE_HANDLER);
  TryExceptFinally(Raise);
  TryExceptFinallyApart(Raise);
  CHECK(Order == 1313); /* what encloses the handler is not left by going to it */
  Begin(EXCEPTION_CONTINUE_SEARCH, EXCEPTION_EXECUTE_HANDLER);
  CHECK(TryExcept(RaiseBelowBoth) == STATUS_ACCESS_DENIED);
  CHECK(Order == 112);
  return STATUS_SUCCESS;
}

NTSTATUS CheckExceptionSearch(VOID) {
  Begin(EXCEPTION_CONTINUE_SEARCH, EXCEPTION_EXECUTE_HANDLER);
  CHECK(TryExcept(RaiseInExcept) == STATUS_ACCESS_DENIED && Order == 11);
  Begin(EXCEPTION_EXECUTE_HANDLER, EXCEPTION_EXECUTE_HANDLER);
  CHECK(TryExcept(RaiseInExcept) == 0 && Order == 1); /* the inner one has it */
  return STATUS_SUCCESS;
}

NTSTATUS CheckServiceException(VOID) {
  LARGE_INTEGER Offset = {{0, 0}};
  PVOID Bcb, Buffer;

  CHECK(!CcMapData(NULL, &Offset, 1, 0, &Bcb, &Buffer));
  CHECK(!CcPreparePinWrite(NULL, &Offset, 1, FALSE, 0, &Bcb, &Buffer));
  Begin(EXCEPTION_EXECUTE_HANDLER, 0);
  CHECK(TryExcept(MapWaiting) == STATUS_INSUFFICIENT_RESOURCES);
  return STATUS_SUCCESS;
}

NTSTATUS CheckEpilogue(VOID) {
  Begin(EXCEPTION_EXECUTE_HANDLER, 0);
  CHECK(TryExcept(RaiseInVersion2) == STATUS_ACCESS_DENIED && Order == 1);
  return STATUS_SUCCESS;
}

NTSTATUS CheckHandlerNowhere(VOID) {
  Begin(EXCEPTION_EXECUTE_HANDLER, 0);
  CHECK(TryExcept(RaiseBelowNoHandler) == STATUS_ACCESS_DENIED && Order == 1);
  return STATUS_SUCCESS;
}

NTSTATUS CheckCapturedContext(VOID) {
  CONTEXT Context;
  ULONG_PTR Here = (ULONG_PTR)&CheckCapturedContext;

  RtlCaptureContext(&Context);
  CHECK(Context.Rip > Here && Context.Rip < Here + 0x400);
  CHECK(Context.Rsp <= (ULONG_PTR)&Context && Context.Rsp + 0x800 > (ULONG_PTR)&Context);
  return STATUS_SUCCESS;
}
