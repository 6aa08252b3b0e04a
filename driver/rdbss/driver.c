/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading and unloading of the engine, its globals, and how objects are allocated.
 */
#include "rxp.h"

RX_PREFIX_TABLE RxNetNameTable;
KSPIN_LOCK RxStrucSupSpinLock;
LIST_ENTRY RxActiveContexts;

PVOID RxpAllocateNode(ULONG Size, ULONG Tag, NODE_TYPE_CODE Type) {
    MRX_NORMAL_NODE_HEADER* node = ExAllocatePoolWithTag(NonPagedPool, Size, Tag);

    if (node == NULL) return NULL;
    RtlZeroMemory(node, Size);
    node->NodeTypeCode = Type;
    node->NodeByteSize = (USHORT)Size;
    return node;
}

VOID RxpCopyName(PUNICODE_STRING To, PWCHAR Buffer, const UNICODE_STRING* From) {
    RtlCopyMemory(Buffer, From->Buffer, From->Length);
    To->Buffer = Buffer;
    To->Length = From->Length;
    To->MaximumLength = From->Length;
}

/* The mini-redirectors are unloaded before the engine (they import it), so nothing is queued or active here. */
static VOID RxUnload(PDRIVER_OBJECT DriverObject) {
    UNREFERENCED_PARAMETER(DriverObject);
    RxpStopScavengerTimer();
    RxpStopWorkers();
    RxpFreeScavenger();
    ExDeleteResourceLite(&RxNetNameTable.TableLock);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&RxStrucSupSpinLock);
    InitializeListHead(&RxActiveContexts);
    InitializeListHead(&RxNetNameTable.SrvCalls);
    InitializeListHead(&RxNetNameTable.NetRoots);
    InitializeListHead(&RxNetNameTable.VNetRoots);
    RxNetNameTable.LastSerialNumber = 0;
    RxNetNameTable.LastSrvCallSerialNumber = 0;
    RxNetNameTable.LastNetRootSerialNumber = 0;
    status = ExInitializeResourceLite(&RxNetNameTable.TableLock);
    if (!NT_SUCCESS(status)) return status;
    status = RxpInitializeScavenger();
    if (NT_SUCCESS(status)) {
        status = RxpStartWorkers();
        if (!NT_SUCCESS(status)) RxpFreeScavenger();
    }
    if (!NT_SUCCESS(status)) {
        ExDeleteResourceLite(&RxNetNameTable.TableLock);
        return status;
    }
    DriverObject->DriverUnload = RxUnload;
    return STATUS_SUCCESS;
}
