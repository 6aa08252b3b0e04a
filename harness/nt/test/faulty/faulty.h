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

/* Two devices, one above the other; 90 and above are requests to the upper one. */
NTSTATUS CreateLayers(PDRIVER_OBJECT DriverObject);
VOID DeleteLayers(VOID);
NTSTATUS LayerControl(PDEVICE_OBJECT DeviceObject, PIRP Irp);

#endif
