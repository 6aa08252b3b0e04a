/* SPDX-License-Identifier: Apache-2.0
 *
 * What belongs to whom: lists, tokens, buffers.
 */
#include "faulty.h"

static NPAGED_LOOKASIDE_LIST Lookaside;
static SLIST_HEADER List;
static SECURITY_SUBJECT_CONTEXT Context;
static UCHAR Page[64];

static PVOID Routine(PCWSTR Name) {
  UNICODE_STRING Text;

  RtlInitUnicodeString(&Text, Name);
  return MmGetSystemRoutineAddress(&Text);
}

BOOLEAN MisuseOwnership(ULONG Code) {
  PVOID (*Copy)(PVOID, const VOID *, SIZE_T);
  PVOID Memory;
  PMDL Mdl;

  switch (Code) {
    case 72: /* leak: a lookaside list */
      ExInitializeNPagedLookasideList(&Lookaside, NULL, NULL, 0, 32, TAG, 0);
      return TRUE;
    case 73: /* use-after-free: a block that a lookaside list would have kept */
      ExInitializeNPagedLookasideList(&Lookaside, NULL, NULL, 0, 32, TAG, 0);
      Memory = ExAllocateFromNPagedLookasideList(&Lookaside);
      ExFreeToNPagedLookasideList(&Lookaside, Memory);
      *(volatile UCHAR *)Memory = 1;
      return TRUE;
    case 74: /* freed-while-in-use: a lookaside list that was not deleted */
      Memory = ExAllocatePoolWithTag(NonPagedPool, sizeof(NPAGED_LOOKASIDE_LIST), TAG);
      ExInitializeNPagedLookasideList(Memory, NULL, NULL, 0, 32, TAG, 0);
      ExFreePoolWithTag(Memory, TAG);
      return TRUE;
    case 75: /* fault: an entry of a list that lies where none may */
      InitializeSListHead(&List);
      Memory = ExAllocatePoolWithTag(NonPagedPool, 64, TAG);
      ExpInterlockedPushEntrySList(&List, (PSLIST_ENTRY)((ULONG_PTR)Memory + 8));
      return TRUE;
    case 76: /* leak: a captured context that is not released */
      SeCaptureSubjectContext(&Context);
      return TRUE;
    case 77: /* wild-access: released a second time */
      SeCaptureSubjectContext(&Context);
      SeReleaseSubjectContext(&Context);
      SeReleaseSubjectContext(&Context);
      return TRUE;
    case 78: /* overrun: by a copy that the compiler calls */
      Copy = Routine(L"memcpy");
      Memory = ExAllocatePoolWithTag(NonPagedPool, 20, TAG);
      Copy(Memory, &List, 21);
      return TRUE;
    case 79: /* uninitialized-object: a lookaside list deleted twice */
      ExInitializeNPagedLookasideList(&Lookaside, NULL, NULL, 0, 32, TAG, 0);
      ExDeleteNPagedLookasideList(&Lookaside);
      ExDeleteNPagedLookasideList(&Lookaside);
      return TRUE;
    case 100: /* freed-while-in-use: a list whose pages are locked */
      Mdl = IoAllocateMdl(Page, sizeof(Page), FALSE, FALSE, NULL);
      MmProbeAndLockPages(Mdl, KernelMode, IoReadAccess);
      IoFreeMdl(Mdl);
      return TRUE;
    case 101: /* page-lock: locked twice */
      Mdl = IoAllocateMdl(Page, sizeof(Page), FALSE, FALSE, NULL);
      MmProbeAndLockPages(Mdl, KernelMode, IoReadAccess);
      MmProbeAndLockPages(Mdl, KernelMode, IoReadAccess);
      return TRUE;
    case 102: /* page-lock: mapped without being locked */
      Mdl = IoAllocateMdl(Page, sizeof(Page), FALSE, FALSE, NULL);
      MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
      return TRUE;
    case 103: /* leak: a list */
      IoAllocateMdl(Page, sizeof(Page), FALSE, FALSE, NULL);
      return TRUE;
    case 104: /* overrun: describes more than there is */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 20, TAG);
      MmBuildMdlForNonPagedPool(IoAllocateMdl(Memory, 24, FALSE, FALSE, NULL));
      return TRUE;
    case 105: /* unhandled-exception */
      ExRaiseStatus(STATUS_ACCESS_DENIED);
      return TRUE;
    case 106: /* bugcheck: an assertion */
      RtlAssert("FALSE", __FILE__, __LINE__, NULL);
      return TRUE;
    default:
      return FALSE;
  }
}
