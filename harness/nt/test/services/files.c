/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: share access, synchronous operations, the device that a file belongs to.
 */
#include "services.h"

static FILE_OBJECT First;
static FILE_OBJECT Second;
static SHARE_ACCESS Share;

NTSTATUS CheckShareAccess(VOID) {
  IoSetShareAccess(FILE_READ_DATA, FILE_SHARE_READ, &First, &Share);
  CHECK(First.ReadAccess && !First.WriteAccess && First.SharedRead && !First.SharedWrite);
  CHECK(Share.OpenCount == 1 && Share.Readers == 1 && Share.SharedRead == 1 && Share.Writers == 0);
  /* The first does not share writing. */
  CHECK(IoCheckShareAccess(FILE_WRITE_DATA, FILE_SHARE_READ, &Second, &Share, TRUE) == STATUS_SHARING_VIOLATION);
  /* The second must share reading. */
  CHECK(IoCheckShareAccess(FILE_EXECUTE, 0, &Second, &Share, TRUE) == STATUS_SHARING_VIOLATION);
  CHECK(Share.OpenCount == 1);
  CHECK(IoCheckShareAccess(FILE_READ_DATA, FILE_SHARE_READ, &Second, &Share, FALSE) == STATUS_SUCCESS);
  CHECK(Share.OpenCount == 1 && Second.ReadAccess);
  IoUpdateShareAccess(&Second, &Share);
  CHECK(Share.OpenCount == 2 && Share.Readers == 2 && Share.SharedRead == 2);
  IoRemoveShareAccess(&First, &Share);
  CHECK(Share.OpenCount == 1 && Share.Readers == 1);
  IoRemoveShareAccess(&Second, &Share);
  CHECK(Share.OpenCount == 0 && Share.SharedRead == 0);
  CHECK(IoCheckShareAccess(DELETE, 0, &Second, &Share, TRUE) == STATUS_SUCCESS);
  CHECK(Share.OpenCount == 1 && Share.Deleters == 1 && Second.DeleteAccess);
  return STATUS_SUCCESS;
}

NTSTATUS CheckAttributesOnlyOpen(VOID) {
  IoSetShareAccess(FILE_WRITE_DATA, 0, &First, &Share);
  CHECK(IoCheckShareAccess(FILE_READ_ATTRIBUTES, 0, &Second, &Share, TRUE) == STATUS_SUCCESS);
  CHECK(Share.OpenCount == 1); /* is not counted */
  IoRemoveShareAccess(&Second, &Share);
  CHECK(Share.OpenCount == 1);
  return STATUS_SUCCESS;
}

NTSTATUS CheckSynchronousOperation(VOID) {
  IRP Irp;
  IO_STACK_LOCATION Location;

  RtlZeroMemory(&Irp, sizeof(Irp));
  RtlZeroMemory(&Location, sizeof(Location));
  Irp.Tail.Overlay.CurrentStackLocation = &Location;
  CHECK(!IoIsOperationSynchronous(&Irp));
  Irp.Flags = IRP_SYNCHRONOUS_API;
  CHECK(IoIsOperationSynchronous(&Irp));
  Irp.Flags = 0;
  Location.FileObject = &First;
  First.Flags = FO_SYNCHRONOUS_IO;
  CHECK(IoIsOperationSynchronous(&Irp));
  Irp.Flags = IRP_PAGING_IO;
  CHECK(!IoIsOperationSynchronous(&Irp));
  Irp.Flags = IRP_PAGING_IO | IRP_SYNCHRONOUS_PAGING_IO;
  CHECK(IoIsOperationSynchronous(&Irp));
  return STATUS_SUCCESS;
}

NTSTATUS CheckRelatedDevice(VOID) {
  First.DeviceObject = Device;
  CHECK(IoGetRelatedDeviceObject(&First) == Device);
  return STATUS_SUCCESS;
}
