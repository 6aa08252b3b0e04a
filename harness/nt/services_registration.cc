// SPDX-License-Identifier: Apache-2.0
//
// Stubs of what a file system registers with, and of what it looks up: nobody asks for what was registered, streams
// have no contexts, the registry is empty.
#include "harness/nt/service_entry.h"

namespace rxcheck::nt {

namespace {

constexpr NtStatus kStatusObjectNameNotFound = 0xC0000034;
constexpr uint64_t kProviderHandle = 0x4d7570;

}  // namespace

extern "C" {

void MS nt_IoRegisterFileSystem(DeviceObject*) { ENTER_YIELD(IoRegisterFileSystem); }
void MS nt_IoUnregisterFileSystem(DeviceObject*) { ENTER_YIELD(IoUnregisterFileSystem); }

// The handle counts as one that must be given back.
NtStatus MS nt_FsRtlRegisterUncProvider(uint64_t* handle, const UnicodeString*, uint8_t) {
  ENTER_YIELD(FsRtlRegisterUncProvider);
  *handle = kProviderHandle;
  ++ex.belongings.open_handles;
  return kStatusSuccess;
}

void MS nt_FsRtlDeregisterUncProvider(uint64_t handle) {
  ENTER_YIELD(FsRtlDeregisterUncProvider);
  if (handle == kProviderHandle && ex.belongings.open_handles != 0) --ex.belongings.open_handles;
}

// What the routine answers for a file system that does not support contexts.
NtStatus MS nt_FsRtlInsertPerStreamContext(void*, void*) {
  ENTER_YIELD(FsRtlInsertPerStreamContext);
  return kStatusInvalidDeviceRequest;
}

void* MS nt_FsRtlLookupPerStreamContextInternal(void*, void*, void*) {
  ENTER_YIELD(FsRtlLookupPerStreamContextInternal);
  return nullptr;
}

void* MS nt_FsRtlRemovePerStreamContext(void*, void*, void*) {
  ENTER_YIELD(FsRtlRemovePerStreamContext);
  return nullptr;
}

void MS nt_FsRtlTeardownPerStreamContexts(void*) { ENTER_YIELD(FsRtlTeardownPerStreamContexts); }

NtStatus MS nt_ZwOpenKey(uint64_t* handle, uint32_t, const void*) {
  ENTER_YIELD(ZwOpenKey);
  *handle = 0;
  return kStatusObjectNameNotFound;
}

NtStatus MS nt_ZwQueryValueKey(uint64_t, const UnicodeString*, int32_t, void*, uint32_t, uint32_t* needed) {
  ENTER_YIELD(ZwQueryValueKey);
  *needed = 0;
  return kStatusObjectNameNotFound;
}

}  // extern "C"

}  // namespace rxcheck::nt
