/* SPDX-License-Identifier: Apache-2.0
 *
 * A driver that does wrong on demand: one IOCTL function code for each rule of the executive. The drills of
 * harness/nt/test/rules_test.cc call them one by one; nothing else loads this file.
 */
#include "faulty.h"

static PDEVICE_OBJECT Device;
static KSPIN_LOCK FirstLock;
static KSPIN_LOCK SecondLock;
static ERESOURCE Resource;
static ERESOURCE OtherResource;
static FAST_MUTEX FastMutex;
static KMUTEX Mutex;
static LIST_ENTRY Entry;
static struct {
  FAST_MUTEX FastMutex;
  KMUTEX Mutex;
  KQUEUE Queue;
} Uninitialized;
static KEVENT Touched;
static volatile SIZE_T Zero;
static KEVENT Never;
static KSEMAPHORE Full;
static KTIMER Timer;
static KDPC Dpc;
static WORK_QUEUE_ITEM WorkItem;
static volatile PIRP Finished;
static ULONG *volatile Nowhere = (ULONG *)(ULONG_PTR)0x10;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = 0;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static VOID CancelNothing(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  UNREFERENCED_PARAMETER(DeviceObject);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
}

static VOID TakeBoth(PKSPIN_LOCK One, PKSPIN_LOCK Other) {
  KIRQL Old, Inner;

  KeAcquireSpinLock(One, &Old);
  KeAcquireSpinLock(Other, &Inner);
  KeReleaseSpinLock(Other, Inner);
  KeReleaseSpinLock(One, Old);
}

static VOID CancelAndKeepLock(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  UNREFERENCED_PARAMETER(DeviceObject);
  UNREFERENCED_PARAMETER(Irp);
}

static VOID CancelAndCompleteFirst(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  KIRQL Old = Irp->CancelIrql;

  UNREFERENCED_PARAMETER(DeviceObject);
  Complete(Irp, STATUS_CANCELLED);
  IoReleaseCancelSpinLock(Old);
}

static VOID Touch(PVOID Parameter) {
  if (!((PIRP)Parameter)->Cancel) KeSetEvent(&Touched, IO_NO_INCREMENT, FALSE);
}

static VOID Work(PVOID Parameter) { UNREFERENCED_PARAMETER(Parameter); }

static VOID LockingDpc(PKDPC This, PVOID Context, PVOID Argument1, PVOID Argument2) {
  UNREFERENCED_PARAMETER(This);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(Argument1);
  UNREFERENCED_PARAMETER(Argument2);
  KeAcquireSpinLockAtDpcLevel(&FirstLock);
}

static NTSTATUS Control(PDEVICE_OBJECT DeviceObject, PIRP Irp) {
  ULONG Code = (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xff;
  volatile UCHAR *Memory = NULL;
  LARGE_INTEGER Time;
  KIRQL Old, Inner;

  if (DeviceObject != Device) return LayerControl(DeviceObject, Irp);
  switch (Code) {
    case 1: /* use-after-free */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 32, TAG);
      ExFreePoolWithTag((PVOID)Memory, TAG);
      Memory[4] = 1;
      break;
    case 2: /* double-free */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 32, TAG);
      ExFreePoolWithTag((PVOID)Memory, TAG);
      ExFreePoolWithTag((PVOID)Memory, TAG);
      break;
    case 3: /* leak, seen at unload */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 32, TAG);
      break;
    case 4: /* double-completion */
      Complete(Irp, STATUS_SUCCESS);
      IoCompleteRequest(Irp, IO_NO_INCREMENT);
      return STATUS_SUCCESS;
    case 5: /* unreleased-lock: a spin lock */
      Complete(Irp, STATUS_SUCCESS);
      KeAcquireSpinLock(&FirstLock, &Old);
      return STATUS_SUCCESS;
    case 6: /* deadlock with function 7 on another actor */
      TakeBoth(&FirstLock, &SecondLock);
      break;
    case 7:
      TakeBoth(&SecondLock, &FirstLock);
      break;
    case 8: /* fault: a null pointer */
      *Nowhere = 1;
      break;
    case 9: /* irql: a wait at DISPATCH_LEVEL */
      KeAcquireSpinLock(&FirstLock, &Old);
      KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL);
      KeReleaseSpinLock(&FirstLock, Old);
      break;
    case 10: /* irp-after-completion */
      Finished = Irp;
      Complete(Irp, STATUS_SUCCESS);
      Finished->IoStatus.Information = 1;
      return STATUS_SUCCESS;
    case 11: /* overrun */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 20, TAG);
      Memory[20] = 1;
      ExFreePoolWithTag((PVOID)Memory, TAG);
      break;
    case 140: /* wild-access: far behind the last allocation that there is */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 20, TAG);
      Code = Memory[4096];
      ExFreePoolWithTag((PVOID)Memory, TAG);
      break;
    case 12: /* cancel-routine-left-set */
      IoSetCancelRoutine(Irp, CancelNothing);
      break;
    case 13: /* pending-mismatch */
      Complete(Irp, STATUS_SUCCESS);
      return STATUS_PENDING;
    case 14: /* not-completed */
      return STATUS_SUCCESS;
    case 15: /* irp-never-completed, seen at unload */
      IoMarkIrpPending(Irp);
      return STATUS_PENDING;
    case 16: /* lock-not-held: a spin lock */
      KeReleaseSpinLock(&FirstLock, PASSIVE_LEVEL);
      break;
    case 17: /* resource-without-critical-region */
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      ExReleaseResourceLite(&Resource);
      break;
    case 18: /* wrong-tag */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 32, TAG);
      ExFreePoolWithTag((PVOID)Memory, 'gnrW');
      break;
    case 19: /* uninitialized-lock */
      KeEnterCriticalRegion();
      Memory = ExAllocatePoolWithTag(NonPagedPool, sizeof(ERESOURCE), TAG);
      ExAcquireResourceExclusiveLite((PERESOURCE)Memory, TRUE);
      break;
    case 20: /* deadlock with itself */
      KeAcquireSpinLock(&FirstLock, &Old);
      KeAcquireSpinLock(&FirstLock, &Old);
      break;
    case 21: /* fault: int 29h, as RtlFailFast does */
      __asm__ volatile("int $0x29");
      break;
    case 22: /* fault: endless recursion is a stack overflow; jump into nowhere is quicker to show */
      ((VOID(*)(VOID))(ULONG_PTR)0x7)();
      break;
    case 23: /* unreleased-lock: a resource */
      KeEnterCriticalRegion();
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      break;
    case 24: /* resource-deleted-while-held */
      KeEnterCriticalRegion();
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      ExDeleteResourceLite(&Resource);
      break;
    case 25: /* livelock */
      for (;;) {
        Finished = Irp;
      }
      break;
    case 26: /* wild-free */
      ExFreePoolWithTag(&FirstLock, TAG);
      break;
    case 27: /* hang, if nobody sets the event */
      KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL);
      break;
    case 28: /* bugcheck */
      KeBugCheckEx(0x27, 0, 0, 0, 0);
      break;
    case 29: /* semaphore-limit */
      KeReleaseSemaphore(&Full, IO_NO_INCREMENT, 1, FALSE);
      break;
    case 30: /* object-underflow */
      ObDereferenceObject(PsGetCurrentThread());
      break;
    case 31: /* wild-access: what is completed is no request */
      IoCompleteRequest((PIRP)&FirstLock, IO_NO_INCREMENT);
      break;
    case 32: /* completed-with-pending */
      return Complete(Irp, STATUS_PENDING);
    case 33: /* too-many-locks */
      KeEnterCriticalRegion();
      for (Code = 0; Code < 40; ++Code) ExAcquireResourceExclusiveLite(&Resource, TRUE);
      break;
    case 34: /* freed-while-in-use: a timer that is set */
      Memory = ExAllocatePoolWithTag(NonPagedPool, sizeof(KTIMER), TAG);
      KeInitializeTimer((PKTIMER)Memory);
      Time.QuadPart = -10000000;
      KeSetTimer((PKTIMER)Memory, Time, NULL);
      ExFreePoolWithTag((PVOID)Memory, TAG);
      break;
    case 35: /* uninitialized-object: a timer */
      Time.QuadPart = 0;
      KeSetTimer(&Timer, Time, NULL);
      break;
    case 36: /* work-item-queued-twice */
      ExInitializeWorkItem(&WorkItem, Work, NULL);
      ExQueueWorkItem(&WorkItem, DelayedWorkQueue);
      ExQueueWorkItem(&WorkItem, DelayedWorkQueue);
      break;
    case 37: /* unreleased-lock: in a DPC */
      KeInitializeDpc(&Dpc, LockingDpc, NULL);
      KeInsertQueueDpc(&Dpc, NULL, NULL);
      break;
    case 38: /* leak: a timer that is set, seen at unload */
      KeInitializeTimer(&Timer);
      Time.QuadPart = -10000000;
      KeSetTimer(&Timer, Time, NULL);
      break;
    case 39: /* underrun */
      Memory = ExAllocatePoolWithTag(NonPagedPool, 32, TAG);
      Memory = ExAllocatePoolWithTag(NonPagedPool, 32, TAG);
      Memory[-1] = 1;
      break;
    case 40: /* zero-allocation */
      Memory = ExAllocatePoolWithTag(NonPagedPool, Zero, TAG);
      break;
    case 41: /* paged-access */
      Memory = ExAllocatePoolWithTag(PagedPool, 32, TAG);
      Memory[8] = 1; /* allowed */
      KeAcquireSpinLock(&FirstLock, &Old);
      Memory[8] = 2;
      break;
    case 42: /* irql: paged pool freed at DISPATCH_LEVEL */
      Memory = ExAllocatePoolWithTag(PagedPool, 32, TAG);
      KeAcquireSpinLock(&FirstLock, &Old);
      ExFreePoolWithTag((PVOID)Memory, TAG);
      break;
    case 43: /* completed-with-lock */
      KeAcquireSpinLock(&FirstLock, &Old);
      Complete(Irp, STATUS_SUCCESS);
      KeReleaseSpinLock(&FirstLock, Old);
      return STATUS_SUCCESS;
    case 44: /* cancel-lock-held */
      IoMarkIrpPending(Irp);
      IoSetCancelRoutine(Irp, CancelAndKeepLock);
      IoCancelIrp(Irp);
      return STATUS_PENDING;
    case 45: /* completed-while-cancelling */
      IoMarkIrpPending(Irp);
      IoSetCancelRoutine(Irp, CancelAndCompleteFirst);
      IoCancelIrp(Irp);
      return STATUS_PENDING;
    case 46: /* marked-pending-late */
      ExInitializeWorkItem(&WorkItem, Touch, Irp);
      ExQueueWorkItem(&WorkItem, DelayedWorkQueue);
      KeWaitForSingleObject(&Touched, Executive, KernelMode, FALSE, NULL);
      IoMarkIrpPending(Irp);
      Complete(Irp, STATUS_SUCCESS);
      return STATUS_PENDING;
    case 47: /* lock-order: without a deadlock */
      TakeBoth(&FirstLock, &SecondLock);
      TakeBoth(&SecondLock, &FirstLock);
      break;
    case 48: /* wrong-irql-restored */
      KeAcquireSpinLock(&FirstLock, &Old);
      KeReleaseSpinLock(&FirstLock, APC_LEVEL);
      break;
    case 49: /* wrong-irql-restored: another lock is still held */
      KeAcquireSpinLock(&FirstLock, &Old);
      KeAcquireSpinLockAtDpcLevel(&SecondLock);
      KeReleaseSpinLock(&FirstLock, Old);
      KeReleaseSpinLockFromDpcLevel(&SecondLock);
      break;
    case 50: /* critical-region-left */
      KeEnterCriticalRegion();
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      KeLeaveCriticalRegion();
      ExReleaseResourceLite(&Resource);
      break;
    case 51: /* initialized-twice */
      ExInitializeResourceLite(&Resource);
      break;
    case 52: /* device-deleted-in-use */
      IoDeleteDevice(Device);
      break;
    case 53: /* deadlock with function 54 on another actor */
      KeEnterCriticalRegion();
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL);
      break;
    case 54:
      KeEnterCriticalRegion();
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      KeSetEvent(&Never, IO_NO_INCREMENT, FALSE);
      break;
    case 55: /* freed-while-in-use: a resource that was not deleted */
      Memory = ExAllocatePoolWithTag(NonPagedPool, sizeof(ERESOURCE), TAG);
      ExInitializeResourceLite((PERESOURCE)Memory);
      ExFreePoolWithTag((PVOID)Memory, TAG);
      break;
    case 56: /* none: locks that are released in the order in which they were taken */
      KeAcquireSpinLock(&FirstLock, &Old);
      KeAcquireSpinLock(&SecondLock, &Inner);
      KeReleaseSpinLock(&FirstLock, Inner);
      KeReleaseSpinLock(&SecondLock, Old);
      break;
    case 57: /* none: a lock that is only tried makes no order */
      KeEnterCriticalRegion();
      ExAcquireResourceExclusiveLite(&Resource, TRUE);
      TakeBoth(&FirstLock, &SecondLock);
      ExReleaseResourceLite(&Resource);
      ExAcquireResourceSharedLite(&Resource, TRUE);
      ExAcquireResourceExclusiveLite(&OtherResource, TRUE);
      if (ExAcquireResourceExclusiveLite(&Resource, FALSE)) ExReleaseResourceLite(&Resource);
      ExReleaseResourceLite(&OtherResource);
      ExReleaseResourceLite(&Resource);
      KeLeaveCriticalRegion();
      break;
    case 58: /* deadlock: a fast mutex is not recursive */
      ExAcquireFastMutex(&FastMutex);
      ExAcquireFastMutex(&FastMutex);
      break;
    case 59: /* lock-not-held: a fast mutex */
      ExReleaseFastMutex(&FastMutex);
      break;
    case 60: /* fast-mutex-wrong-release */
      ExAcquireFastMutex(&FastMutex);
      ExReleaseFastMutexUnsafe(&FastMutex);
      break;
    case 61: /* fast-mutex-without-critical-region */
      ExAcquireFastMutexUnsafe(&FastMutex);
      break;
    case 62: /* uninitialized-lock: a fast mutex */
      ExAcquireFastMutex(&Uninitialized.FastMutex);
      break;
    case 63: /* unreleased-lock: a fast mutex */
      ExAcquireFastMutex(&FastMutex);
      break;
    case 64: /* lock-not-held: a mutex */
      KeReleaseMutex(&Mutex, FALSE);
      break;
    case 65: /* uninitialized-object: a mutex */
      KeReleaseMutex(&Uninitialized.Mutex, FALSE);
      break;
    case 66: /* unreleased-lock: a mutex, acquired twice and released once */
      KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
      KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL);
      KeReleaseMutex(&Mutex, FALSE);
      break;
    case 67: /* uninitialized-object: a queue */
      KeInsertQueue(&Uninitialized.Queue, &Entry);
      break;
    case 68: /* lock-not-held: an owner pointer */
      ExReleaseResourceForThreadLite(&Resource, 0x1003);
      break;
    case 69: /* lock-not-held: a conversion */
      ExConvertExclusiveToSharedLite(&Resource);
      break;
    case 70: /* resource-deleted-while-held: by an owner that is no thread */
      KeEnterCriticalRegion();
      ExAcquireResourceSharedLite(&Resource, TRUE);
      ExSetResourceOwnerPointer(&Resource, (PVOID)(ULONG_PTR)0x1003);
      KeLeaveCriticalRegion();
      break;
    case 71: /* critical-region-left: with an unsafe fast mutex */
      KeEnterCriticalRegion();
      ExAcquireFastMutexUnsafe(&FastMutex);
      KeLeaveCriticalRegion();
      break;
    default:
      if (!MisuseOwnership(Code) && !PassDownWrongly(Code, Irp) && !RaiseWrongly(Code)) MisuseRequests(Code, Irp);
      break;
  }
  return Complete(Irp, STATUS_SUCCESS);
}

static VOID Unload(PDRIVER_OBJECT DriverObject) {
  UNREFERENCED_PARAMETER(DriverObject);
  ExDeleteResourceLite(&Resource);
  ExDeleteResourceLite(&OtherResource);
  IoDeleteDevice(Device);
  DeleteLayers();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING Name = RTL_CONSTANT_STRING(L"\\Device\\faulty");
  NTSTATUS Status;

  UNREFERENCED_PARAMETER(RegistryPath);
#ifdef FAULTY_ENTRY
  *Nowhere = 1; /* crashes in DriverEntry */
#endif
  KeInitializeSpinLock(&FirstLock);
  KeInitializeSpinLock(&SecondLock);
  ExInitializeFastMutex(&FastMutex);
  KeInitializeMutex(&Mutex, 0);
  ExInitializeResourceLite(&Resource);
  ExInitializeResourceLite(&OtherResource);
  KeInitializeEvent(&Touched, NotificationEvent, FALSE);
  KeInitializeEvent(&Never, NotificationEvent, FALSE);
  KeInitializeSemaphore(&Full, 1, 1);
  DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  DriverObject->DriverUnload = Unload;
  Status = CreateLayers(DriverObject);
  if (!NT_SUCCESS(Status)) return Status;
  return IoCreateDevice(DriverObject, 0, &Name, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
}
