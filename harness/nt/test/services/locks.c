/* SPDX-License-Identifier: Apache-2.0
 *
 * Mutexes, fast mutexes and resources.
 */
#include "services.h"

static KMUTEX Mutex;
static FAST_MUTEX FastMutex;
static FAST_MUTEX Inner;
static ERESOURCE Resource;
static volatile LONG Result;
static volatile LONG Order;

static VOID PollMutex(VOID) {
  LARGE_INTEGER None;

  None.QuadPart = 0;
  Result = (LONG)KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, &None);
}

static VOID TakeMutex(VOID) {
  KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
  Result = 5;
  KeReleaseMutex(&Mutex, FALSE);
}

NTSTATUS CheckMutex(VOID) {
  LARGE_INTEGER None;

  None.QuadPart = 0;
  KeInitializeMutex(&Mutex, 0);
  CHECK(KeReadStateMutex(&Mutex) == 1);
  CHECK(KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(KeReadStateMutex(&Mutex) == 0);
  CHECK(KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, &None) == STATUS_SUCCESS);
  OnAnotherThread(PollMutex);
  CHECK(Result == STATUS_TIMEOUT);
  CHECK(KeReleaseMutex(&Mutex, FALSE) == -1);
  OnAnotherThread(PollMutex);
  CHECK(Result == STATUS_TIMEOUT);
  BeginOnAnotherThread(TakeMutex);
  CHECK(Result == STATUS_TIMEOUT); /* it waits */
  CHECK(KeReleaseMutex(&Mutex, FALSE) == 0);
  AwaitOtherThreads();
  CHECK(Result == 5);
  CHECK(KeReadStateMutex(&Mutex) == 1);
  return STATUS_SUCCESS;
}

static VOID TryFastMutex(VOID) {
  Result = ExTryToAcquireFastMutex(&FastMutex);
  if (!Result) return;
  ExAcquireFastMutexUnsafe(&Inner); /* breaks a rule below APC_LEVEL */
  ExReleaseFastMutexUnsafe(&Inner);
  ExReleaseFastMutex(&FastMutex);
  KeFlushQueuedDpcs(); /* breaks a rule above PASSIVE_LEVEL */
  Result = 2;
}

static VOID TakeFastMutex(VOID) {
  ExAcquireFastMutex(&FastMutex);
  Result = 5;
  ExReleaseFastMutex(&FastMutex);
}

NTSTATUS CheckFastMutex(VOID) {
  ExInitializeFastMutex(&FastMutex);
  ExInitializeFastMutex(&Inner);
  ExAcquireFastMutex(&FastMutex);
  OnAnotherThread(TryFastMutex);
  CHECK(Result == 0);
  BeginOnAnotherThread(TakeFastMutex);
  CHECK(Result == 0);
  ExReleaseFastMutex(&FastMutex);
  AwaitOtherThreads();
  CHECK(Result == 5);
  OnAnotherThread(TryFastMutex);
  CHECK(Result == 2); /* acquired, at APC_LEVEL, and back at PASSIVE_LEVEL */
  return STATUS_SUCCESS;
}

NTSTATUS CheckFastMutexUnsafe(VOID) {
  ExInitializeFastMutex(&FastMutex);
  ExInitializeFastMutex(&Inner);
  KeEnterCriticalRegion();
  ExAcquireFastMutexUnsafe(&FastMutex);
  OnAnotherThread(TryFastMutex);
  CHECK(Result == 0);
  ExReleaseFastMutexUnsafe(&FastMutex);
  KeLeaveCriticalRegion();
  OnAnotherThread(TryFastMutex);
  CHECK(Result == 2);
  return STATUS_SUCCESS;
}

static VOID TryShared(VOID) {
  KeEnterCriticalRegion();
  Result = ExAcquireResourceSharedLite(&Resource, FALSE);
  if (Result) ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

static VOID TryExclusive(VOID) {
  KeEnterCriticalRegion();
  Result = ExAcquireResourceExclusiveLite(&Resource, FALSE);
  if (Result) ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

static VOID TryStarving(VOID) {
  KeEnterCriticalRegion();
  Result = ExAcquireSharedStarveExclusive(&Resource, FALSE);
  if (Result) ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

static VOID TryWaiting(VOID) {
  KeEnterCriticalRegion();
  Result = ExAcquireSharedWaitForExclusive(&Resource, FALSE);
  if (Result) ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

static LONG Tried(VOID (*Routine)(VOID)) {
  OnAnotherThread(Routine);
  return Result;
}

NTSTATUS CheckResourceSharing(VOID) {
  ExInitializeResourceLite(&Resource);
  KeEnterCriticalRegion();
  CHECK(ExAcquireResourceExclusiveLite(&Resource, TRUE));
  CHECK(ExAcquireResourceSharedLite(&Resource, FALSE)); /* counts as exclusive */
  CHECK(ExIsResourceAcquiredSharedLite(&Resource) == 2);
  CHECK(!Tried(TryShared));
  ExConvertExclusiveToSharedLite(&Resource);
  CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
  CHECK(ExIsResourceAcquiredSharedLite(&Resource) == 2);
  CHECK(Tried(TryShared));
  CHECK(Tried(TryWaiting));
  CHECK(!Tried(TryExclusive));
  ExReleaseResourceLite(&Resource);
  ExReleaseResourceLite(&Resource);
  CHECK(Tried(TryExclusive));
  KeLeaveCriticalRegion();
  ExDeleteResourceLite(&Resource);
  return STATUS_SUCCESS;
}

static VOID TakeExclusive(VOID) {
  KeEnterCriticalRegion();
  ExAcquireResourceExclusiveLite(&Resource, TRUE);
  Order = Order * 10 + 1;
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

static VOID TakeShared(VOID) {
  KeEnterCriticalRegion();
  ExAcquireResourceSharedLite(&Resource, TRUE);
  Order = Order * 10 + 2;
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
}

NTSTATUS CheckResourceFairness(VOID) {
  Order = 0;
  ExInitializeResourceLite(&Resource);
  KeEnterCriticalRegion();
  CHECK(ExAcquireSharedStarveExclusive(&Resource, TRUE));
  BeginOnAnotherThread(TakeExclusive);
  CHECK(Order == 0);
  BeginOnAnotherThread(TakeShared);
  CHECK(Order == 0);                                   /* behind the exclusive one */
  CHECK(ExAcquireResourceSharedLite(&Resource, TRUE)); /* once more: does not wait */
  CHECK(ExAcquireSharedStarveExclusive(&Resource, TRUE));
  CHECK(!ExAcquireSharedWaitForExclusive(&Resource, FALSE));
  ExReleaseResourceLite(&Resource);
  ExReleaseResourceLite(&Resource);
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
  AwaitOtherThreads();
  CHECK(Order == 12);
  KeEnterCriticalRegion();
  CHECK(ExAcquireResourceSharedLite(&Resource, TRUE));
  BeginOnAnotherThread(TakeExclusive);
  BeginOnAnotherThread(TryStarving);
  CHECK(Result);
  BeginOnAnotherThread(TryShared);
  CHECK(!Result);
  ExReleaseResourceLite(&Resource);
  KeLeaveCriticalRegion();
  AwaitOtherThreads();
  ExDeleteResourceLite(&Resource);
  return STATUS_SUCCESS;
}

static PVOID Owner(VOID) { return (PVOID)((ULONG_PTR)&Order | 3); }

static VOID ReleaseForOwner(VOID) { ExReleaseResourceForThreadLite(&Resource, (ERESOURCE_THREAD)Owner()); }

static ERESOURCE_THREAD Holder;
static VOID ReleaseForHolder(VOID) { ExReleaseResourceForThreadLite(&Resource, Holder); }

NTSTATUS CheckResourceOwners(VOID) {
  ExInitializeResourceLite(&Resource);
  KeEnterCriticalRegion();
  CHECK(ExAcquireResourceExclusiveLite(&Resource, TRUE));
  ExSetResourceOwnerPointer(&Resource, Owner());
  CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
  CHECK(!ExAcquireResourceSharedLite(&Resource, FALSE));
  OnAnotherThread(ReleaseForOwner);
  CHECK(ExAcquireResourceSharedLite(&Resource, FALSE));
  CHECK(ExAcquireResourceSharedLite(&Resource, FALSE));
  ExSetResourceOwnerPointer(&Resource, Owner());
  CHECK(ExIsResourceAcquiredSharedLite(&Resource) == 0);
  OnAnotherThread(ReleaseForOwner);
  CHECK(Tried(TryShared));
  CHECK(!Tried(TryExclusive));
  OnAnotherThread(ReleaseForOwner);
  CHECK(Tried(TryExclusive));
  CHECK(ExAcquireResourceExclusiveLite(&Resource, TRUE));
  Holder = ExGetCurrentResourceThread();
  OnAnotherThread(ReleaseForHolder);
  CHECK(!ExIsResourceAcquiredExclusiveLite(&Resource));
  CHECK(Tried(TryExclusive));
  KeLeaveCriticalRegion();
  ExDeleteResourceLite(&Resource);
  return STATUS_SUCCESS;
}
