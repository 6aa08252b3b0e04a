/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of the executive's services from the side of a driver. A check is a function that answers STATUS_SUCCESS, or
 * 0xE0000000 plus the line on which something was not as documented.
 */
#ifndef SERVICES_H
#define SERVICES_H

#include <ntifs.h>

#define TAG 'vreS'
#define CHECK(condition) \
  if (!(condition)) return (NTSTATUS)(0xE0000000u + __LINE__)

extern PDEVICE_OBJECT Device;

/* For requests to other devices than that one. */
NTSTATUS LayerControl(PDEVICE_OBJECT DeviceObject, PIRP Irp);

NTSTATUS CheckTimer(VOID);
NTSTATUS CheckPeriodicTimer(VOID);
NTSTATUS CheckTimerDpc(VOID);
NTSTATUS CheckDpc(VOID);
NTSTATUS CheckDelay(VOID);
NTSTATUS CheckTimedWait(VOID);
NTSTATUS CheckWorkItems(VOID);
NTSTATUS CheckSynchronizationTimer(VOID);
NTSTATUS CheckMutex(VOID);
NTSTATUS CheckFastMutex(VOID);
NTSTATUS CheckFastMutexUnsafe(VOID);
NTSTATUS CheckResourceSharing(VOID);
NTSTATUS CheckResourceFairness(VOID);
NTSTATUS CheckResourceOwners(VOID);
NTSTATUS CheckQueue(VOID);
NTSTATUS CheckQueueRundown(VOID);
NTSTATUS CheckStringCopy(VOID);
NTSTATUS CheckStringAppend(VOID);
NTSTATUS CheckStringNumber(VOID);
NTSTATUS CheckWildCards(VOID);
NTSTATUS CheckMemory(VOID);
NTSTATUS CheckList(VOID);
NTSTATUS CheckLookaside(VOID);
NTSTATUS CheckLookasideRoutines(VOID);
NTSTATUS CheckPoolPriority(VOID);
NTSTATUS CheckInterlockedAdd(VOID);
NTSTATUS CheckObjectReference(VOID);
NTSTATUS CheckProcess(VOID);
NTSTATUS CheckToken(VOID);
NTSTATUS CheckStackLimits(VOID);
NTSTATUS CheckDescriptorLength(VOID);
NTSTATUS CheckShareAccess(VOID);
NTSTATUS CheckAttributesOnlyOpen(VOID);
NTSTATUS CheckSynchronousOperation(VOID);
NTSTATUS CheckRelatedDevice(VOID);
NTSTATUS CheckDescriptor(VOID);
NTSTATUS CheckPageLock(VOID);
NTSTATUS CheckDescriptorChain(VOID);
NTSTATUS CheckCompletionOrder(VOID);
NTSTATUS CheckCompletionKept(VOID);
NTSTATUS CheckPendingReturned(VOID);
NTSTATUS CheckBuiltRequest(VOID);
NTSTATUS CheckBuiltDirectRequest(VOID);
NTSTATUS CheckException(VOID);
NTSTATUS CheckTermination(VOID);
NTSTATUS CheckExceptionSearch(VOID);
NTSTATUS CheckServiceException(VOID);
NTSTATUS CheckCapturedContext(VOID);
NTSTATUS CheckEpilogue(VOID);
NTSTATUS CheckHandlerNowhere(VOID);
NTSTATUS CheckCacheMap(VOID);
NTSTATUS CheckCachedTransfer(VOID);
NTSTATUS CheckSections(VOID);
NTSTATUS CheckFileLock(VOID);
NTSTATUS CheckRegistration(VOID);
NTSTATUS CheckRetry(VOID);

/* Runs the routine on another thread and waits until it has returned, or only until it has begun to wait. */
VOID OnAnotherThread(VOID (*Routine)(VOID));
VOID BeginOnAnotherThread(VOID (*Routine)(VOID));
VOID AwaitOtherThreads(VOID);

#endif
