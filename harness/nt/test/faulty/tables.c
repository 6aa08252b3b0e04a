/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions whose unwind information is damaged. It is written out: no compiler makes such.
 */
#include "faulty.h"

VOID RaiseInCircle(VOID);
VOID RaiseBelowEndlessScopes(VOID);

/* Says that its frame is where rbx points, which is where it says that it is called from itself. */
__asm__(
    ".text\n"
    "RaiseInCircle:\n"
    "  pushq %rbx\n"
    "  subq $0x30, %rsp\n"
    "  leaq 0x28(%rsp), %rbx\n"
    "  leaq 1f(%rip), %rax\n"
    "  movq %rax, (%rbx)\n"
    "  movl $0xc0000022, %ecx\n"
    "  call *__imp_ExRaiseStatus(%rip)\n"
    "1:\n"
    "  nop\n"
    "2:\n"
    ".section .rdata, \"dr\"\n"
    ".balign 4\n"
    "3:\n"
    "  .byte 1, 0, 1, 3\n" /* no prologue, one code, rbx */
    "  .byte 0, 3, 0, 0\n" /* UWOP_SET_FPREG */
    ".section .pdata, \"dr2\"\n"
    "  .rva RaiseInCircle, 2b, 3b\n"
    ".text\n");

/* Its scope table has more entries than any image. */
__asm__(
    ".text\n"
    ".def RaiseBelowEndlessScopes; .scl 2; .type 32; .endef\n"
    ".seh_proc RaiseBelowEndlessScopes\n"
    "RaiseBelowEndlessScopes:\n"
    "  subq $40, %rsp\n"
    "  .seh_stackalloc 40\n"
    "  .seh_endprologue\n"
    "  .seh_handler __C_specific_handler, @except\n"
    "  .seh_handlerdata\n"
    "  .long 0x10000000\n"
    "  .text\n"
    "  movl $0xc0000022, %ecx\n"
    "  call *__imp_ExRaiseStatus(%rip)\n"
    "  nop\n"
    "  .seh_endproc\n");

BOOLEAN RaiseWrongly(ULONG Code) {
  switch (Code) {
    case 107: /* unhandled-exception: the stack does not end */
      RaiseInCircle();
      return TRUE;
    case 108: /* unhandled-exception: the scopes do not end */
      RaiseBelowEndlessScopes();
      return TRUE;
    default:
      return FALSE;
  }
}
