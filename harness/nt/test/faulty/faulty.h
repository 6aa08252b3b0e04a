/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of faulty.sys: each does the wrong that a function code stands for, and says whether it knows the code. What
 * it leaves undone of the request (its completion) the caller does.
 */
#ifndef FAULTY_H
#define FAULTY_H

#include <ntifs.h>

#define TAG 'tluF'

BOOLEAN MisuseOwnership(ULONG Code);           /* 72 to 79: lists, tokens; 100 to 106: buffers, exceptions */
BOOLEAN PassDownWrongly(ULONG Code, PIRP Irp); /* 80 to 89 */
BOOLEAN MisuseRequests(ULONG Code, PIRP Irp);  /* 110 and above: requests and devices */
BOOLEAN RaiseWrongly(ULONG Code);              /* 107, 108: exceptions whose tables are damaged */

/* What the lower device does by the whole IOCTL code, beside completing a request with success. */
enum { LowerWarns = 4, LowerClaims64 = 8, LowerWaitsForCancel = 12 };
extern PDEVICE_OBJECT Lower;
extern PDEVICE_OBJECT Upper;

/* Two devices, one above the other; 90 and above are requests to the upper one. */
NTSTATUS CreateLayers(PDRIVER_OBJECT DriverObject);
VOID DeleteLayers(VOID);
NTSTATUS LayerControl(PDEVICE_OBJECT DeviceObject, PIRP Irp);

#endif
