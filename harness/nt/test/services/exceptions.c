/* SPDX-License-Identifier: Apache-2.0
 *
 * Structured exceptions. This compiler has no __try: the two functions that have one are written out, with the scope
 * tables that a compiler which has it would make.
 */
#include <excpt.h>

#include "services.h"

/* __try { Routine(); return 0; } __except (Filter()) { return the exception's code; } */
LONG TryExcept(VOID (*Routine)(VOID));
/* __try { Routine(); } __finally { Finally(); } */
VOID TryFinally(VOID (*Routine)(VOID));
LONG NTAPI Filter(PEXCEPTION_POINTERS Pointers, PVOID Frame);
VOID NTAPI Finally(BOOLEAN Abnormal, PVOID Frame);

#define FUNCTION_WITH_SCOPE(name, kind, handler, target)                                                \
  __asm__(                                                                                              \
      ".text\n"                                                                                         \
      ".globl " name "\n.def " name "; .scl 2; .type 32; .endef\n.seh_proc " name "\n" name             \
      ":\n"                                                                                             \
      "  pushq %rbx\n  .seh_pushreg %rbx\n  subq $32, %rsp\n  .seh_stackalloc 32\n  .seh_endprologue\n" \
      "  .seh_handler __C_specific_handler, " kind                                                      \
      "\n  .seh_handlerdata\n  .long 1\n"                                                               \
      "  .rva .L" name "_begin, .L" name "_end, " handler "\n  " target                                 \
      "\n  .text\n"                                                                                     \
      ".L" name "_begin:\n  call *%rcx\n  nop\n.L" name                                                 \
      "_end:\n  xorl %eax, %eax\n"                                                                      \
      ".L" name "_target:\n  addq $32, %rsp\n  popq %rbx\n  ret\n  .seh_endproc\n")

FUNCTION_WITH_SCOPE("TryExcept", "@except", "Filter", ".rva .LTryExcept_target");
FUNCTION_WITH_SCOPE("TryFinally", "@unwind", "Finally", ".long 0");

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
static VOID RaiseInExcept(VOID) { TryExcept(Raise); }

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
  Kept = Depth * 0.5;
  for (i = 0; i < 3; ++i) {
    Begin(EXCEPTION_EXECUTE_HANDLER, 0);
    CHECK(TryExcept(Nothing) == 0 && Order == 0);
    CHECK(TryExcept(RaiseDeep) == STATUS_ACCESS_DENIED && Seen == STATUS_ACCESS_DENIED && Order == 1);
    Sum += i + 1;
  }
  CHECK(i == 3 && Sum == 6 && Kept == 1.5); /* wherever they were kept */
  return STATUS_SUCCESS;
}

NTSTATUS CheckTermination(VOID) {
  Begin(EXCEPTION_EXECUTE_HANDLER, 0);
  CHECK(TryExcept(RaiseInFinally) == STATUS_ACCESS_DENIED);
  CHECK(Order == 12); /* the filter is asked before anything is left */
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

NTSTATUS CheckCapturedContext(VOID) {
  CONTEXT Context;
  ULONG_PTR Here = (ULONG_PTR)&CheckCapturedContext;

  RtlCaptureContext(&Context);
  CHECK(Context.Rip > Here && Context.Rip < Here + 0x400);
  CHECK(Context.Rsp <= (ULONG_PTR)&Context && Context.Rsp + 0x800 > (ULONG_PTR)&Context);
  return STATUS_SUCCESS;
}
