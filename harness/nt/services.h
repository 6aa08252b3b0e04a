// SPDX-License-Identifier: Apache-2.0
//
// The kernel services that the executive offers to drivers, by name. SERVICE(name, highest IRQL at which a driver may
// call it): the levels are the documented ones (wdm.h and ntddk.h routine pages).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "harness/nt/stub_services.h"

namespace rxcheck::nt {

#define RXCHECK_SERVICES(SERVICE)               \
  SERVICE(KeAcquireSpinLockRaiseToDpc, 2)       \
  SERVICE(KeReleaseSpinLock, 2)                 \
  SERVICE(KeAcquireSpinLockAtDpcLevel, 2)       \
  SERVICE(KeReleaseSpinLockFromDpcLevel, 2)     \
  SERVICE(KeInitializeEvent, 2)                 \
  SERVICE(KeSetEvent, 2)                        \
  SERVICE(KeClearEvent, 2)                      \
  SERVICE(KeResetEvent, 2)                      \
  SERVICE(KeReadStateEvent, 2)                  \
  SERVICE(KeInitializeSemaphore, 0)             \
  SERVICE(KeReleaseSemaphore, 2)                \
  SERVICE(KeWaitForSingleObject, 2)             \
  SERVICE(KeEnterCriticalRegion, 1)             \
  SERVICE(KeLeaveCriticalRegion, 1)             \
  SERVICE(ExInitializeResourceLite, 2)          \
  SERVICE(ExDeleteResourceLite, 1)              \
  SERVICE(ExAcquireResourceExclusiveLite, 1)    \
  SERVICE(ExAcquireResourceSharedLite, 1)       \
  SERVICE(ExReleaseResourceLite, 2)             \
  SERVICE(ExIsResourceAcquiredExclusiveLite, 2) \
  SERVICE(ExIsResourceAcquiredSharedLite, 2)    \
  SERVICE(ExAllocatePoolWithTag, 2)             \
  SERVICE(ExFreePoolWithTag, 2)                 \
  SERVICE(ExFreePool, 2)                        \
  SERVICE(PsCreateSystemThread, 0)              \
  SERVICE(PsTerminateSystemThread, 0)           \
  SERVICE(PsGetCurrentThreadId, 2)              \
  SERVICE(ObReferenceObjectByHandle, 0)         \
  SERVICE(ObfReferenceObject, 2)                \
  SERVICE(ObfDereferenceObject, 2)              \
  SERVICE(ZwClose, 0)                           \
  SERVICE(IoCreateDevice, 1)                    \
  SERVICE(IoDeleteDevice, 1)                    \
  SERVICE(IoCreateSymbolicLink, 0)              \
  SERVICE(IoDeleteSymbolicLink, 0)              \
  SERVICE(IofCompleteRequest, 2)                \
  SERVICE(IoAcquireCancelSpinLock, 2)           \
  SERVICE(IoReleaseCancelSpinLock, 2)           \
  SERVICE(IoCancelIrp, 2)                       \
  SERVICE(IoSetTopLevelIrp, 1)                  \
  SERVICE(IoGetTopLevelIrp, 1)                  \
  SERVICE(RtlInitUnicodeString, 2)              \
  SERVICE(RtlCompareUnicodeString, 0)           \
  SERVICE(RtlEqualUnicodeString, 0)             \
  SERVICE(RtlUpcaseUnicodeChar, 0)              \
  SERVICE(RtlCompareMemory, 2)                  \
  SERVICE(KeBugCheckEx, 2)                      \
  SERVICE(KeInitializeTimer, 2)                 \
  SERVICE(KeInitializeTimerEx, 2)               \
  SERVICE(KeSetTimer, 2)                        \
  SERVICE(KeSetTimerEx, 2)                      \
  SERVICE(KeCancelTimer, 2)                     \
  SERVICE(KeReadStateTimer, 2)                  \
  SERVICE(KeInitializeDpc, 2)                   \
  SERVICE(KeInsertQueueDpc, 2)                  \
  SERVICE(KeRemoveQueueDpc, 2)                  \
  SERVICE(KeFlushQueuedDpcs, 0)                 \
  SERVICE(KeDelayExecutionThread, 1)            \
  SERVICE(KeQuerySystemTimePrecise, 2)          \
  SERVICE(ExQueueWorkItem, 2)                   \
  SERVICE(IoAllocateWorkItem, 2)                \
  SERVICE(IoQueueWorkItem, 2)                   \
  SERVICE(IoFreeWorkItem, 2)                    \
  SERVICE(ExAcquireFastMutex, 1)                \
  SERVICE(ExReleaseFastMutex, 1)                \
  SERVICE(ExTryToAcquireFastMutex, 1)           \
  SERVICE(ExAcquireFastMutexUnsafe, 1)          \
  SERVICE(ExReleaseFastMutexUnsafe, 1)          \
  SERVICE(KeInitializeMutex, 2)                 \
  SERVICE(KeReleaseMutex, 2)                    \
  SERVICE(KeReadStateMutex, 2)                  \
  SERVICE(KeInitializeQueue, 2)                 \
  SERVICE(KeInsertQueue, 2)                     \
  SERVICE(KeRemoveQueue, 2)                     \
  SERVICE(KeRundownQueue, 2)                    \
  SERVICE(ExAcquireSharedStarveExclusive, 1)    \
  SERVICE(ExAcquireSharedWaitForExclusive, 1)   \
  SERVICE(ExReleaseResourceForThreadLite, 2)    \
  SERVICE(ExConvertExclusiveToSharedLite, 2)    \
  SERVICE(ExSetResourceOwnerPointer, 1)         \
  SERVICE(ExAllocatePoolWithTagPriority, 2)     \
  SERVICE(ExInitializeNPagedLookasideList, 2)   \
  SERVICE(ExDeleteNPagedLookasideList, 2)       \
  SERVICE(InitializeSListHead, 2)               \
  SERVICE(ExpInterlockedPopEntrySList, 2)       \
  SERVICE(ExpInterlockedPushEntrySList, 2)      \
  SERVICE(ExpInterlockedFlushSList, 2)          \
  SERVICE(ExQueryDepthSList, 2)                 \
  SERVICE(ExInterlockedAddUlong, 2)             \
  SERVICE(ObReferenceObjectByPointer, 2)        \
  SERVICE(IoGetCurrentProcess, 2)               \
  SERVICE(IoGetRequestorProcess, 2)             \
  SERVICE(IoGetStackLimits, 2)                  \
  SERVICE(IoIsOperationSynchronous, 2)          \
  SERVICE(IoGetRelatedDeviceObject, 2)          \
  SERVICE(IoCheckShareAccess, 0)                \
  SERVICE(IoSetShareAccess, 0)                  \
  SERVICE(IoUpdateShareAccess, 0)               \
  SERVICE(IoRemoveShareAccess, 0)               \
  SERVICE(RtlCopyUnicodeString, 2)              \
  SERVICE(RtlAppendUnicodeStringToString, 2)    \
  SERVICE(RtlAppendUnicodeToString, 2)          \
  SERVICE(RtlIntegerToUnicodeString, 0)         \
  SERVICE(RtlLengthSecurityDescriptor, 1)       \
  SERVICE(memcpy, 2)                            \
  SERVICE(memmove, 2)                           \
  SERVICE(memset, 2)                            \
  SERVICE(memcmp, 2)                            \
  SERVICE(FsRtlDoesNameContainWildCards, 1)     \
  SERVICE(SeCaptureSubjectContext, 0)           \
  SERVICE(SeReleaseSubjectContext, 0)           \
  SERVICE(SeQueryAuthenticationIdToken, 0)      \
  SERVICE(SeQuerySessionIdToken, 0)             \
  SERVICE(SeTokenIsRestricted, 0)               \
  SERVICE(MmGetSystemRoutineAddress, 0)         \
  SERVICE(IoAllocateMdl, 2)                     \
  SERVICE(IoFreeMdl, 2)                         \
  SERVICE(MmBuildMdlForNonPagedPool, 2)         \
  SERVICE(MmProbeAndLockPages, 2)               \
  SERVICE(MmUnlockPages, 2)                     \
  SERVICE(MmMapLockedPages, 2)                  \
  SERVICE(MmMapLockedPagesSpecifyCache, 2)      \
  SERVICE(MmUnmapLockedPages, 2)                \
  SERVICE(IofCallDriver, 2)                     \
  SERVICE(IoAllocateIrp, 2)                     \
  SERVICE(IoFreeIrp, 2)                         \
  SERVICE(IoBuildDeviceIoControlRequest, 0)     \
  SERVICE(IoAttachDeviceToDeviceStack, 2)       \
  SERVICE(IoDetachDevice, 0)                    \
  SERVICE(ExRaiseStatus, 2)                     \
  SERVICE(__C_specific_handler, 2)              \
  SERVICE(RtlCaptureContext, 2)                 \
  SERVICE(DbgBreakPoint, 2)                     \
  SERVICE(RtlAssert, 2)                         \
  RXCHECK_STUBS(SERVICE)

enum class Service : uint16_t {
  none,
#define RXCHECK_ENUM(name, irql) name,
  RXCHECK_SERVICES(RXCHECK_ENUM)
#undef RXCHECK_ENUM
      first_driver_import,  // from here on: calls from one driver into another, numbered by the loader
};

struct ServiceEntry {
  std::string_view name;
  uint8_t highest_irql;
  void* routine;
};

// The routine that implements a service; nullptr if the executive has none of that name.
const ServiceEntry* find_service(std::string_view name);
std::span<const ServiceEntry> all_services();
// The variable of that name which the executive exports (PsThreadType); nullptr if there is none.
void* find_variable(std::string_view name);
// It is there so that drivers load, and does nothing but what its page makes every caller expect.
bool is_stub(std::string_view name);
std::string_view service_name(Service service);
uint8_t service_irql(Service service);

// Calls from one driver into another are yield points too; they are numbered from first_driver_import in the order of
// loading.
std::string_view cross_import_name(size_t number);

// Services that change nothing but the objects that they are given. All others are taken to conflict with each other.
constexpr bool touches_only_its_objects(Service service) {
  if (service >= Service::first_driver_import) return true;
  switch (service) {
    case Service::KeAcquireSpinLockRaiseToDpc:
    case Service::KeReleaseSpinLock:
    case Service::KeAcquireSpinLockAtDpcLevel:
    case Service::KeReleaseSpinLockFromDpcLevel:
    case Service::IoAcquireCancelSpinLock:
    case Service::IoReleaseCancelSpinLock:
    case Service::IoCancelIrp:
    case Service::IofCompleteRequest:
    case Service::KeSetEvent:
    case Service::KeClearEvent:
    case Service::KeResetEvent:
    case Service::KeReadStateEvent:
    case Service::KeReleaseSemaphore:
    case Service::KeWaitForSingleObject:
    case Service::KeReleaseMutex:
    case Service::KeReadStateMutex:
    case Service::ExAcquireFastMutex:
    case Service::ExTryToAcquireFastMutex:
    case Service::ExReleaseFastMutex:
    case Service::ExAcquireFastMutexUnsafe:
    case Service::ExReleaseFastMutexUnsafe:
    case Service::ExAcquireResourceExclusiveLite:
    case Service::ExAcquireResourceSharedLite:
    case Service::ExAcquireSharedStarveExclusive:
    case Service::ExAcquireSharedWaitForExclusive:
    case Service::ExReleaseResourceLite:
    case Service::ExConvertExclusiveToSharedLite:
    case Service::ExDeleteResourceLite:
    case Service::IoAllocateWorkItem:
    case Service::IoFreeWorkItem:
    case Service::ExAllocatePoolWithTag:
    case Service::ExAllocatePoolWithTagPriority:
    case Service::ExFreePoolWithTag:
    case Service::ExFreePool:
      return true;
    default:
      return false;
  }
}

}  // namespace rxcheck::nt
