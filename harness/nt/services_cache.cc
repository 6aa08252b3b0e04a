// SPDX-License-Identifier: Apache-2.0
//
// Stubs of the cache manager: there is no cache. What may fail without waiting does; what must succeed takes the data
// of a write and forgets it, and has none for a read. A driver whose reads and writes matter has to make them without
// the cache. Contracts that a driver hangs without are kept: who uninitializes a cache map is signalled, statuses are
// set.
#include "harness/nt/file_layout.h"
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr uint64_t kStatusEndOfFile = 0xC0000011;

struct UninitializeEvent {  // CACHE_UNINITIALIZE_EVENT
  UninitializeEvent* next;
  DispatcherHeader event;
};

// Nothing was transferred. The block may be left out where its page says so.
void none_of_it(Executive& ex, IoStatusBlock* status, uint64_t code, void* site) {
  if (status == nullptr) return;
  ex.check_memory(status, sizeof *status, "writing a status block", site);
  *status = {code, 0};
}

// FILE_OBJECT.PrivateCacheMap is how drivers tell whether they have called CcInitializeCacheMap.
char no_cache_map;

}  // namespace

extern "C" {

void MS nt_CcInitializeCacheMap(FileObject* file, const void*, uint8_t, const void*, void*) {
  ENTER_YIELD(CcInitializeCacheMap);
  ex.check_memory(file, sizeof *file, "use as a file object", site);
  file->private_cache_map = &no_cache_map;
}

// TRUE: nothing is left of the cache map.
uint8_t MS nt_CcUninitializeCacheMap(FileObject* file, const int64_t*, UninitializeEvent* event) {
  ENTER_YIELD(CcUninitializeCacheMap);
  ex.check_memory(file, sizeof *file, "use as a file object", site);
  file->private_cache_map = nullptr;
  if (event != nullptr) {
    ex.check_memory(event, sizeof *event, "signalling that a cache map is gone", site);
    event->event.signal_state = 1;
    ex.synchronize(&event->event, Sync::release);
  }
  return 1;
}

void MS nt_CcFlushCache(const SectionObjectPointers*, const int64_t*, uint32_t, IoStatusBlock* status) {
  ENTER_YIELD(CcFlushCache);
  none_of_it(ex, status, kStatusSuccess, site);
}

uint8_t MS nt_CcPurgeCacheSection(const SectionObjectPointers*, const int64_t*, uint32_t, uint32_t) {
  ENTER_YIELD(CcPurgeCacheSection);
  return 1;
}

void MS nt_CcSetFileSizes(FileObject*, const void*) { ENTER_YIELD(CcSetFileSizes); }
void MS nt_CcSetReadAheadGranularity(FileObject*, uint32_t) { ENTER(CcSetReadAheadGranularity); }
void MS nt_CcSetAdditionalCacheAttributes(FileObject*, uint8_t, uint8_t) { ENTER(CcSetAdditionalCacheAttributes); }
void MS nt_CcSetDirtyPageThreshold(FileObject*, uint32_t) { ENTER(CcSetDirtyPageThreshold); }
void MS nt_CcScheduleReadAhead(FileObject*, const int64_t*, uint32_t) { ENTER(CcScheduleReadAhead); }

NtStatus MS nt_CcWaitForCurrentLazyWriterActivity() {
  ENTER_YIELD(CcWaitForCurrentLazyWriterActivity);
  return kStatusSuccess;
}

uint8_t MS nt_CcCanIWrite(FileObject*, uint32_t, uint8_t, uint8_t) {
  ENTER_YIELD(CcCanIWrite);
  return 1;
}

// The write may be made now.
void MS nt_CcDeferWrite(FileObject*, void(MS* post)(void*, void*), void* first, void* second, uint32_t, uint8_t) {
  ENTER_YIELD(CcDeferWrite);
  post(first, second);
}

uint8_t MS nt_CcCopyRead(FileObject*, const int64_t*, uint32_t, uint8_t wait, void*, IoStatusBlock* status) {
  ENTER_YIELD(CcCopyRead);
  if (wait == 0) return 0;
  none_of_it(ex, status, kStatusEndOfFile, site);
  return 1;
}

uint8_t MS nt_CcCopyWrite(FileObject*, const int64_t*, uint32_t length, uint8_t wait, const void* buffer) {
  ENTER_YIELD(CcCopyWrite);
  if (wait == 0) return 0;
  if (length != 0) ex.check_memory(buffer, length, "writing to the cache", site);
  return 1;
}

void MS nt_CcFastCopyRead(FileObject*, uint32_t, uint32_t, uint32_t, void*, IoStatusBlock* status) {
  ENTER_YIELD(CcFastCopyRead);
  none_of_it(ex, status, kStatusEndOfFile, site);
}

void MS nt_CcFastCopyWrite(FileObject*, uint32_t, uint32_t length, const void* buffer) {
  ENTER_YIELD(CcFastCopyWrite);
  if (length != 0) ex.check_memory(buffer, length, "writing to the cache", site);
}

uint8_t MS nt_CcZeroData(FileObject*, const int64_t*, const int64_t*, uint8_t wait) {
  ENTER_YIELD(CcZeroData);
  return wait;
}

void MS nt_CcMdlRead(FileObject*, const int64_t*, uint32_t, Mdl** chain, IoStatusBlock* status) {
  ENTER_YIELD(CcMdlRead);
  *chain = nullptr;
  none_of_it(ex, status, kStatusEndOfFile, site);
}

void MS nt_CcPrepareMdlWrite(FileObject*, const int64_t*, uint32_t, Mdl** chain, IoStatusBlock* status) {
  ENTER_YIELD(CcPrepareMdlWrite);
  *chain = nullptr;
  none_of_it(ex, status, kStatusInsufficientResources, site);
}

void MS nt_CcMdlReadComplete(FileObject*, Mdl*) { ENTER_YIELD(CcMdlReadComplete); }
void MS nt_CcMdlWriteComplete(FileObject*, const int64_t*, Mdl*) { ENTER_YIELD(CcMdlWriteComplete); }
void MS nt_CcMdlWriteAbort(FileObject*, Mdl*) { ENTER_YIELD(CcMdlWriteAbort); }

}  // extern "C"

}  // namespace rxcheck::nt
