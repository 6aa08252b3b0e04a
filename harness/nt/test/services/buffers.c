/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory descriptor lists.
 */
#include "services.h"

NTSTATUS CheckDescriptor(VOID) {
  PUCHAR Memory = ExAllocatePoolWithTag(NonPagedPool, 10000, TAG);
  PMDL Mdl = IoAllocateMdl(Memory + 100, 9000, FALSE, FALSE, NULL);

  CHECK(Memory != NULL && Mdl != NULL);
  CHECK(MmGetMdlByteCount(Mdl) == 9000 && MmGetMdlVirtualAddress(Mdl) == Memory + 100);
  MmBuildMdlForNonPagedPool(Mdl);
  CHECK(MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority) == Memory + 100);
  IoFreeMdl(Mdl);
  ExFreePoolWithTag(Memory, TAG);
  return STATUS_SUCCESS;
}

NTSTATUS CheckPageLock(VOID) {
  ULONG Value = 3;
  PMDL Mdl = IoAllocateMdl(&Value, sizeof(Value), FALSE, FALSE, NULL);
  PULONG Mapped;

  MmProbeAndLockPages(Mdl, KernelMode, IoModifyAccess);
  CHECK(Mdl->MdlFlags & MDL_PAGES_LOCKED);
  Mapped = MmGetSystemAddressForMdlSafe(Mdl, NormalPagePriority);
  *Mapped = 4;
  CHECK(Value == 4 && (Mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA));
  MmUnmapLockedPages(Mapped, Mdl);
  CHECK(!(Mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA));
  MmUnlockPages(Mdl);
  CHECK(!(Mdl->MdlFlags & MDL_PAGES_LOCKED));
  IoFreeMdl(Mdl);
  return STATUS_SUCCESS;
}

NTSTATUS CheckDescriptorChain(VOID) {
  PIRP Irp = IoAllocateIrp(1, FALSE);
  ULONG Value;
  PMDL First = IoAllocateMdl(&Value, 1, FALSE, FALSE, Irp);
  PMDL Second = IoAllocateMdl(&Value, 2, TRUE, FALSE, Irp);

  CHECK(Irp->MdlAddress == First && First->Next == Second && Second->Next == NULL);
  IoFreeMdl(Second);
  IoFreeMdl(First);
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}
