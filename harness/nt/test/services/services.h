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

NTSTATUS CheckTimer(VOID);
NTSTATUS CheckPeriodicTimer(VOID);
NTSTATUS CheckTimerDpc(VOID);
NTSTATUS CheckDpc(VOID);
NTSTATUS CheckDelay(VOID);
NTSTATUS CheckTimedWait(VOID);
NTSTATUS CheckWorkItems(VOID);
NTSTATUS CheckSynchronizationTimer(VOID);

#endif
