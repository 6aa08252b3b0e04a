/* SPDX-License-Identifier: Apache-2.0
 *
 * What callers may expect of the services that are stubs.
 */
#include "services.h"

static FILE_OBJECT File;
static SECTION_OBJECT_POINTERS Section;

NTSTATUS CheckCacheMap(VOID) {
  CACHE_UNINITIALIZE_EVENT Gone;
  CC_FILE_SIZES Sizes;
  IO_STATUS_BLOCK Status = {{STATUS_UNSUCCESSFUL}, 5};

  RtlZeroMemory(&Sizes, sizeof(Sizes));
  File.SectionObjectPointer = &Section;
  KeInitializeEvent(&Gone.Event, NotificationEvent, FALSE);
  CcInitializeCacheMap(&File, &Sizes, FALSE, NULL, NULL);
  CHECK(File.PrivateCacheMap != NULL);
  CcSetFileSizes(&File, &Sizes);
  CcFlushCache(&Section, NULL, 0, &Status);
  CHECK(Status.Status == STATUS_SUCCESS && Status.Information == 0);
  CcFlushCache(&Section, NULL, 0, NULL);
  CHECK(CcPurgeCacheSection(&Section, NULL, 0, FALSE));
  CHECK(CcUninitializeCacheMap(&File, NULL, &Gone));
  CHECK(File.PrivateCacheMap == NULL);
  KeWaitForSingleObject(&Gone.Event, Executive, KernelMode, FALSE, NULL); /* or it is a hang */
  return STATUS_SUCCESS;
}

static ULONG Posted;

static VOID NTAPI Post(PVOID First, PVOID Second) { Posted = First == &Posted && Second == &File ? 1 : 2; }

NTSTATUS CheckCachedTransfer(VOID) {
  IO_STATUS_BLOCK Status = {{STATUS_UNSUCCESSFUL}, 5};
  LARGE_INTEGER Offset = {{0, 0}};
  PMDL Chain = (PMDL)&File;
  ULONG Value = 7;

  CHECK(!CcCopyRead(&File, &Offset, sizeof(Value), FALSE, &Value, &Status));
  CHECK(CcCopyRead(&File, &Offset, sizeof(Value), TRUE, &Value, &Status));
  CHECK(Status.Status == STATUS_END_OF_FILE && Status.Information == 0 && Value == 7);
  CHECK(!CcCopyWrite(&File, &Offset, sizeof(Value), FALSE, &Value));
  CHECK(CcCopyWrite(&File, &Offset, sizeof(Value), TRUE, &Value));
  CcMdlRead(&File, &Offset, sizeof(Value), &Chain, &Status);
  CHECK(Chain == NULL && Status.Status == STATUS_END_OF_FILE);
  CcPrepareMdlWrite(&File, &Offset, sizeof(Value), &Chain, &Status);
  CHECK(Chain == NULL && Status.Status == STATUS_INSUFFICIENT_RESOURCES);
  CHECK(CcCanIWrite(&File, 1, TRUE, FALSE));
  Posted = 0;
  CcDeferWrite(&File, Post, &Posted, &File, 1, FALSE);
  CHECK(Posted == 1);
  return STATUS_SUCCESS;
}

NTSTATUS CheckSections(VOID) {
  LARGE_INTEGER Size = {{0, 0}};

  CHECK(MmFlushImageSection(&Section, MmFlushForWrite));
  CHECK(MmForceSectionClosed(&Section, TRUE));
  CHECK(MmCanFileBeTruncated(&Section, &Size));
  CHECK(MmQuerySystemSize() == MmSmallSystem);
  return STATUS_SUCCESS;
}

static NTSTATUS NTAPI CompleteLock(PVOID Context, PIRP Irp) {
  *(PIRP *)Context = Irp;
  return Irp->IoStatus.Status;
}

NTSTATUS CheckFileLock(VOID) {
  FILE_LOCK Lock;
  LARGE_INTEGER Range = {{1, 0}};
  PIRP Irp = IoAllocateIrp(1, FALSE);
  PIRP Completed = NULL;

  FsRtlInitializeFileLock(&Lock, CompleteLock, NULL);
  CHECK(FsRtlProcessFileLock(&Lock, Irp, &Completed) == STATUS_NOT_IMPLEMENTED);
  CHECK(Completed == Irp); /* or it is completed never */
  CHECK(FsRtlFastCheckLockForRead(&Lock, &Range, &Range, 0, &File, NULL));
  CHECK(FsRtlFastCheckLockForWrite(&Lock, &Range, &Range, 0, &File, NULL));
  CHECK(FsRtlCheckLockForReadAccess(&Lock, Irp) && FsRtlCheckLockForWriteAccess(&Lock, Irp));
  CHECK(FsRtlFastUnlockAll(&Lock, &File, IoGetCurrentProcess(), NULL) == STATUS_RANGE_NOT_LOCKED);
  CHECK(FsRtlGetNextFileLock(&Lock, TRUE) == NULL);
  FsRtlUninitializeFileLock(&Lock);
  IoFreeIrp(Irp);
  return STATUS_SUCCESS;
}

NTSTATUS CheckRegistration(VOID) {
  UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\services");
  OBJECT_ATTRIBUTES Attributes;
  HANDLE Handle;
  ULONG Length;

  IoRegisterFileSystem(Device);
  CHECK(FsRtlRegisterUncProvider(&Handle, &Name, FALSE) == STATUS_SUCCESS && Handle != NULL);
  FsRtlDeregisterUncProvider(Handle);
  InitializeObjectAttributes(&Attributes, &Name, OBJ_KERNEL_HANDLE, NULL, NULL);
  CHECK(ZwOpenKey(&Handle, KEY_READ, &Attributes) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(ZwQueryValueKey(NULL, &Name, KeyValuePartialInformation, NULL, 0, &Length) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(!NT_SUCCESS(FsRtlInsertPerStreamContext(NULL, NULL)));
  CHECK(FsRtlLookupPerStreamContextInternal(NULL, NULL, NULL) == NULL);
  CHECK(FsRtlRemovePerStreamContext(NULL, NULL, NULL) == NULL);
  return STATUS_SUCCESS;
}
