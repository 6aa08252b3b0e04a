/* SPDX-License-Identifier: Apache-2.0
 *
 * BEGIN and GO, and how a thread stops for the harness. While GO is answered and the next has not come, the thread that
 * stopped keeps its turn, so nothing runs in the drivers.
 */
#include "gate.h"

static UCHAR GateInput[16384];

ULONG GateFillStop(RXGATE_STOP* Stop, ULONG Room, ULONG Reason, GATE_THREAD* Me) {
    UCHAR* to = (UCHAR*)(Stop + 1);
    ULONG left;

    if (Room < sizeof(*Stop)) return 0;
    left = Room - sizeof(*Stop);
    *Stop = Gate.Stop;
    RtlZeroMemory(&Gate.Stop, sizeof(Gate.Stop));
    Stop->Reason = Reason;
    Stop->Actor = Me == NULL ? 0 : Me->Number;
    Stop->ChoicesMet = Gate.NextChoice;
    Stop->LeftSchedule = Gate.LeftSchedule;
    Stop->Switches = Gate.Switches;
    Stop->Points = Gate.Points;
    if (Reason == RxGateBoundary && Me->Work.Operation < RXGATE_MAX_OPERATIONS) {
        const USHORT number = Gate.Operations[Me->Work.Operation].Request;

        if (number != 0) {
            const GATE_REQUEST* request = &Gate.Requests[number - 1];

            Stop->Status = (ULONG)request->Status;
            if (request->Completed && request->OutputLength <= left) Stop->OutputLength = request->OutputLength;
        }
    }
    left -= Stop->OutputLength;
    for (; Gate.EventFirst != Gate.EventLast && left >= sizeof(RXGATE_EVENT); left -= sizeof(RXGATE_EVENT)) {
        RtlCopyMemory(to, &Gate.Events[Gate.EventFirst++ % RXGATE_MAX_OPERATIONS], sizeof(RXGATE_EVENT));
        to += sizeof(RXGATE_EVENT);
        ++Stop->EventCount;
    }
    Stop->MoreEvents = Gate.EventFirst != Gate.EventLast;
    if (Stop->OutputLength != 0)
        RtlCopyMemory(to, Gate.Requests[Gate.Operations[Me->Work.Operation].Request - 1].Buffer, Stop->OutputLength);
    return (ULONG)(to - (UCHAR*)Stop) + Stop->OutputLength;
}

static VOID GateAnswer(PIRP Irp, ULONG Reason, GATE_THREAD* Me) {
    const ULONG room = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength;

    Irp->IoStatus.Information = GateFillStop(Irp->AssociatedIrp.SystemBuffer, room, Reason, Me);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static PIRP GateTakeGo(VOID) {
    KIRQL irql;
    PIRP irp;

    KeAcquireSpinLock(&Gate.Lock, &irql);
    irp = Gate.Go;
    Gate.Go = NULL;
    Gate.Commanded = 0;
    KeReleaseSpinLock(&Gate.Lock, irql);
    return irp;
}

BOOLEAN GateStop(GATE_THREAD* Me, ULONG Reason) {
    PIRP irp = GateTakeGo();
    ULONG round = 0;

    if (irp != NULL) GateAnswer(irp, Reason, Me);
    if (Reason == RxGateLost) return FALSE;
    while (Gate.Mode == GateOn && Gate.Commanded == 0)
        GateIdle(Me, &round);
    return Gate.Mode == GateOn;
}

static VOID GateStartActor(ULONG Number) {
    GATE_THREAD* actor = &Gate.Threads[Number];

    actor->Alive = TRUE;
    actor->Wait = RxGateWaitNone;
    actor->Deadline = GATE_NEVER;
    actor->SpinLocks = 0;
    RtlZeroMemory(&actor->Work, sizeof(actor->Work));
    actor->Work.Actor = (UCHAR)Number;
    actor->Work.Operation = RXGATE_NO_OPERATION;
    KeSetEvent(&actor->Wake, IO_NO_INCREMENT, FALSE);
}

/* Nobody runs: who begins. Answers at once if nobody can. */
static NTSTATUS GateStart(PIRP Irp) {
    GATE_THREAD* next = GateFirst();

    IoMarkIrpPending(Irp);
    if (next == NULL) {
        GateTakeGo();
        GateAnswer(Irp, RxGateQuiescent, NULL);
    } else {
        GateHandOver(NULL, next);
    }
    return STATUS_PENDING;
}

NTSTATUS GateAddChoices(const RXGATE_CHOICE* Choices, ULONG Length) {
    const ULONG count = Length / sizeof(*Choices);

    if (Length % sizeof(*Choices) != 0) return STATUS_INVALID_PARAMETER;
    if (Gate.Mode != GateOff || Gate.ChoiceCount + count > RXGATE_MAX_CHOICES) return STATUS_INVALID_DEVICE_STATE;
    RtlCopyMemory(&Gate.Choices[Gate.ChoiceCount], Choices, Length);
    RtlZeroMemory(&Gate.Met[Gate.ChoiceCount], count * sizeof(ULONG));
    Gate.ChoiceCount += count;
    return STATUS_SUCCESS;
}

NTSTATUS GateBegin(PIRP Irp, const RXGATE_BEGIN* Begin, ULONG Length) {
    if (Length != sizeof(*Begin)) return STATUS_INVALID_PARAMETER;
    if (Gate.Mode != GateOff || Gate.Target == NULL) return STATUS_INVALID_DEVICE_STATE;
    if (Gate.Unknown[0] != 0) {
        static const CHAR text[] = "the gate does not know what a driver imports: ";

        GateCopyText(Gate.Stop.Text, sizeof(Gate.Stop.Text), text);
        GateCopyText(Gate.Stop.Text + sizeof(text) - 1, sizeof(Gate.Stop.Text) - sizeof(text) + 1, Gate.Unknown);
        IoMarkIrpPending(Irp);
        GateAnswer(Irp, RxGateLost, NULL);
        return STATUS_PENDING;
    }
    Gate.LowMemory = Begin->LowMemory;
    Gate.Go = Irp;
    Gate.Running = NULL;
    GateStartActor(0);
    Gate.Threads[0].Wait = RxGateWaitCondition;
    Gate.Threads[0].Condition.Kind = RxGateReady;
    Gate.Mode = GateOn;
    return GateStart(Irp);
}

NTSTATUS GateGo(PIRP Irp, const RXGATE_GO* Go, ULONG Length) {
    KIRQL irql;
    ULONG i;

    if (Length < sizeof(*Go) || Go->InputLength != Length - sizeof(*Go) || Go->InputLength > sizeof(GateInput) ||
        Go->OutputLength > sizeof(GateInput) ||
        (Go->Operation != RXGATE_NO_OPERATION && Go->Operation >= RXGATE_MAX_OPERATIONS) ||
        (Go->Target != RXGATE_NO_OPERATION && Go->Target >= RXGATE_MAX_OPERATIONS))
        return STATUS_INVALID_PARAMETER;
    if (Gate.Mode != GateOn || Gate.Go != NULL || Gate.Over) return STATUS_INVALID_DEVICE_STATE;
    Gate.Ready = Go->Ready;
    Gate.Exploring = Go->Exploring != 0;
    for (i = 1; i < RXGATE_ACTORS; ++i)
        if ((Go->Start >> i & 1) != 0) GateStartActor(i);
    Gate.Command = *Go;
    RtlCopyMemory(GateInput, Go + 1, Go->InputLength);
    Gate.Input = GateInput;
    KeAcquireSpinLock(&Gate.Lock, &irql);
    Gate.Go = Irp;
    KeReleaseSpinLock(&Gate.Lock, irql);
    if (Gate.Running == NULL) return GateStart(Irp);
    IoMarkIrpPending(Irp);
    Gate.Commanded = 1;
    KeSetEvent(&Gate.Running->Wake, IO_NO_INCREMENT, FALSE);
    return STATUS_PENDING;
}

VOID GateLeave(VOID) {
    ULONG i;

    Gate.Mode = GateFree;
    for (i = 0; i < GATE_THREADS; ++i)
        KeSetEvent(&Gate.Threads[i].Wake, IO_NO_INCREMENT, FALSE);
}

VOID GateReset(VOID) {
    ULONG i;

    Gate.Mode = GateOff;
    Gate.Running = NULL;
    for (i = 0; i < GATE_THREADS; ++i)
        Gate.Threads[i].Alive = Gate.Threads[i].Kept = FALSE;
    Gate.Target = NULL;
    Gate.ImageCount = 0;
    Gate.Unknown[0] = 0;
    Gate.ChoiceCount = Gate.NextChoice = 0;
    Gate.LeftSchedule = Gate.Exploring = Gate.Over = FALSE;
    Gate.Switches = Gate.Points = Gate.Ready = Gate.LowMemory = Gate.Counted = 0;
    Gate.WaitCounter = 0;
    Gate.Now = 1ull << 56;
    Gate.Cancelling = NULL;
    Gate.RequestCount = 0;
    Gate.EventFirst = Gate.EventLast = 0;
    RtlZeroMemory(Gate.Operations, RXGATE_MAX_OPERATIONS * sizeof(GATE_OPERATION));
    RtlZeroMemory(&Gate.Stop, sizeof(Gate.Stop));
    GateMemoryReset();
    GateTablesReset();
    GateTimersReset();
}
