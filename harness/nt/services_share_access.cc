// SPDX-License-Identifier: Apache-2.0
//
// Share access: who has a file open for what, and what others may do beside him. The counts lie in the driver's
// storage; who changes them must keep others away meanwhile.
#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr uint32_t kReading = 0x21;  // FILE_READ_DATA, FILE_EXECUTE
constexpr uint32_t kWriting = 0x6;   // FILE_WRITE_DATA, FILE_APPEND_DATA
constexpr uint32_t kDeleting = 0x10000;
enum Sharing : uint32_t { kShareRead = 1, kShareWrite = 2, kShareDelete = 4 };

void put_access(FileObject* file, uint32_t access, uint32_t sharing) {
  file->read_access = (access & kReading) != 0;
  file->write_access = (access & kWriting) != 0;
  file->delete_access = (access & kDeleting) != 0;
  const bool any = file->read_access != 0 || file->write_access != 0 || file->delete_access != 0;
  file->shared_read = any && (sharing & kShareRead) != 0;
  file->shared_write = any && (sharing & kShareWrite) != 0;
  file->shared_delete = any && (sharing & kShareDelete) != 0;
}

// An open for attributes only is not counted.
bool counts(const FileObject* file) {
  return file->read_access != 0 || file->write_access != 0 || file->delete_access != 0;
}

void count(const FileObject* file, ShareAccess* share, uint32_t one) {
  if (!counts(file)) return;
  share->open_count += one;
  share->readers += file->read_access * one;
  share->writers += file->write_access * one;
  share->deleters += file->delete_access * one;
  share->shared_read += file->shared_read * one;
  share->shared_write += file->shared_write * one;
  share->shared_delete += file->shared_delete * one;
}

void check_both(Executive& ex, const FileObject* file, const ShareAccess* share, void* site) {
  ex.check_memory(file, sizeof *file, "use as a file object", site);
  ex.check_memory(share, sizeof *share, "use as share access", site);
}

}  // namespace

extern "C" {

NtStatus MS nt_IoCheckShareAccess(uint32_t access, uint32_t sharing, FileObject* file, ShareAccess* share,
                                  uint8_t update) {
  ENTER(IoCheckShareAccess);
  check_both(ex, file, share, site);
  put_access(file, access, sharing);
  if (!counts(file)) return kStatusSuccess;
  const bool refused = (file->read_access != 0 && share->shared_read < share->open_count) ||
                       (file->write_access != 0 && share->shared_write < share->open_count) ||
                       (file->delete_access != 0 && share->shared_delete < share->open_count) ||
                       (share->readers != 0 && file->shared_read == 0) ||
                       (share->writers != 0 && file->shared_write == 0) ||
                       (share->deleters != 0 && file->shared_delete == 0);
  if (refused) return kStatusSharingViolation;
  if (update != 0) count(file, share, 1);
  return kStatusSuccess;
}

// For the first who opens.
void MS nt_IoSetShareAccess(uint32_t access, uint32_t sharing, FileObject* file, ShareAccess* share) {
  ENTER(IoSetShareAccess);
  check_both(ex, file, share, site);
  put_access(file, access, sharing);
  *share = {};
  count(file, share, 1);
}

void MS nt_IoUpdateShareAccess(FileObject* file, ShareAccess* share) {
  ENTER(IoUpdateShareAccess);
  check_both(ex, file, share, site);
  count(file, share, 1);
}

void MS nt_IoRemoveShareAccess(FileObject* file, ShareAccess* share) {
  ENTER(IoRemoveShareAccess);
  check_both(ex, file, share, site);
  count(file, share, 0u - 1u);
}

}  // extern "C"

}  // namespace rxcheck::nt
