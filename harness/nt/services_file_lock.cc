// SPDX-License-Identifier: Apache-2.0
//
// Stubs of byte-range locks: no range is ever locked. A request to lock one is completed, and says that this is not
// implemented; everything may be read and written.
#include <cstring>

#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr NtStatus kStatusNotImplemented = 0xC0000002;
constexpr NtStatus kStatusRangeNotLocked = 0xC000007E;

struct FileLock {  // FILE_LOCK
  NtStatus(MS* complete_lock_irp)(void* context, Irp* irp);
  void* unlock;
  uint8_t fast_io_is_questionable;
  uint8_t pad[7];
  void* lock_information;
  uint8_t last_returned[0x30];
  void* last_returned_lock;
  int32_t requests;
  int32_t pad1;
};
static_assert(sizeof(FileLock) == 0x60);

FileLock* file_lock_at(Executive& ex, FileLock* lock, void* site) {
  ex.check_object(lock, sizeof *lock, "use as a file lock", site);
  return lock;
}

}  // namespace

extern "C" {

void MS nt_FsRtlInitializeFileLock(FileLock* lock, NtStatus(MS* complete)(void*, Irp*), void* unlock) {
  ENTER(FsRtlInitializeFileLock);
  std::memset(static_cast<void*>(file_lock_at(ex, lock, site)), 0, sizeof *lock);
  lock->complete_lock_irp = complete;
  lock->unlock = unlock;
}

void MS nt_FsRtlUninitializeFileLock(FileLock* lock) {
  ENTER_YIELD(FsRtlUninitializeFileLock);
  file_lock_at(ex, lock, site);
}

// Completes the request, by the routine that the lock was initialized with if there is one.
NtStatus MS nt_FsRtlProcessFileLock(FileLock* lock, Irp* irp, void* context) {
  ENTER_YIELD(FsRtlProcessFileLock);
  file_lock_at(ex, lock, site);
  ex.request_at(irp, "FsRtlProcessFileLock", site);
  irp->status = kStatusNotImplemented;
  irp->information = 0;
  if (lock->complete_lock_irp != nullptr) return lock->complete_lock_irp(context, irp);
  ex.complete_irp(irp, site);
  return kStatusNotImplemented;
}

NtStatus MS nt_FsRtlFastUnlockSingle(FileLock*, FileObject*, const int64_t*, const int64_t*, void*, uint32_t, void*,
                                     uint8_t) {
  ENTER_YIELD(FsRtlFastUnlockSingle);
  return kStatusRangeNotLocked;
}

NtStatus MS nt_FsRtlFastUnlockAll(FileLock*, FileObject*, void*, void*) {
  ENTER_YIELD(FsRtlFastUnlockAll);
  return kStatusRangeNotLocked;
}

NtStatus MS nt_FsRtlFastUnlockAllByKey(FileLock*, FileObject*, void*, uint32_t, void*) {
  ENTER_YIELD(FsRtlFastUnlockAllByKey);
  return kStatusRangeNotLocked;
}

uint8_t MS nt_FsRtlCheckLockForReadAccess(FileLock*, Irp*) {
  ENTER_YIELD(FsRtlCheckLockForReadAccess);
  return 1;
}

uint8_t MS nt_FsRtlCheckLockForWriteAccess(FileLock*, Irp*) {
  ENTER_YIELD(FsRtlCheckLockForWriteAccess);
  return 1;
}

uint8_t MS nt_FsRtlFastCheckLockForRead(FileLock*, const int64_t*, const int64_t*, uint32_t, FileObject*, void*) {
  ENTER_YIELD(FsRtlFastCheckLockForRead);
  return 1;
}

uint8_t MS nt_FsRtlFastCheckLockForWrite(FileLock*, const int64_t*, const int64_t*, uint32_t, FileObject*, void*) {
  ENTER_YIELD(FsRtlFastCheckLockForWrite);
  return 1;
}

void* MS nt_FsRtlGetNextFileLock(FileLock*, uint8_t) {
  ENTER_YIELD(FsRtlGetNextFileLock);
  return nullptr;
}

}  // extern "C"

}  // namespace rxcheck::nt
