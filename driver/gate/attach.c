/* SPDX-License-Identifier: Apache-2.0
 *
 * A driver that has been mapped and has not begun: its imports are bound to the gate, and its access hook is set. Only
 * drivers that have such a hook (driver/hook) are touched. Microsoft PE/COFF specification, revision 11. The import
 * table of our own drivers is writable; one that is not would have to be mapped anew.
 */
#include "gate.h"

#define MAX_THUNKS 128

static RX_HOOK_TABLE GateHook;

static struct {
    const CHAR* Name;
    PVOID Target;
} GateThunkTargets[MAX_THUNKS];
static ULONG GateThunkCount;

extern UCHAR GateThunks[];

/* Each thunk is 16 bytes: its number in eax, then what saves the arguments around GateEnter and goes on to the target.
 */
__asm__(
    ".text\n"
    ".balign 16\n"
    "GateThunks:\n"
    ".set number, 0\n"
    ".rept 128\n"
    "  mov $number, %eax\n"
    "  jmp GateThunk\n"
    ".balign 16\n"
    ".set number, number + 1\n"
    ".endr\n"
    "GateThunk:\n"
    "  push %rcx\n"
    "  push %rdx\n"
    "  push %r8\n"
    "  push %r9\n"
    "  mov %eax, %ecx\n"
    "  mov 32(%rsp), %rdx\n"
    "  sub $0x28, %rsp\n"
    "  call GateEnter\n"
    "  add $0x28, %rsp\n"
    "  pop %r9\n"
    "  pop %r8\n"
    "  pop %rdx\n"
    "  pop %rcx\n"
    "  jmp *%rax\n");

static BOOLEAN GateIsName(const CHAR* A, const CHAR* B) {
    for (; *A != 0 && *B != 0; ++A, ++B) {
        const CHAR a = *A >= 'A' && *A <= 'Z' ? (CHAR)(*A + 32) : *A;
        const CHAR b = *B >= 'A' && *B <= 'Z' ? (CHAR)(*B + 32) : *B;

        if (a != b) return FALSE;
    }
    return *A == *B;
}

/* The pages of the engine's routines allow APC_LEVEL; a spin lock raises to DISPATCH_LEVEL, where the system has levels
 * (Wine has none). C97 is of three of them. */
static VOID GateCheckIrql(GATE_THREAD* Me, const CHAR* Name, PVOID Site) {
    const BOOLEAN primary = GateIsName(Name, "RxSetMinirdrCancelRoutine") || GateIsName(Name, "RxFinalizeConnection") ||
                            GateIsName(Name, "RxCeCancelConnectRequest");

    if (Me->SpinLocks != 0 && !GateIsName(Name, "RxEqualNames"))
        GateBreak(Me, primary ? "C97" : "irql", Name, NULL, Site, "it was entered above APC_LEVEL");
}

/* A driver calls another: a yield point. Returns where to go. */
__attribute__((used)) PVOID GateEnter(ULONG Number, PVOID Site) {
    GATE_THREAD* me = GateMe();

    if (me == NULL) {
        GateDelay();
    } else {
        GateCheckIrql(me, GateThunkTargets[Number].Name, Site);
        GatePointCall(me, GateThunkTargets[Number].Name, Site);
    }
    return GateThunkTargets[Number].Target;
}

BOOLEAN GatePlaceOfImage(const VOID* Address, RXGATE_PLACE* Place) {
    ULONG i;

    for (i = 0; i < Gate.ImageCount; ++i) {
        const ULONG_PTR offset = (ULONG_PTR)((const UCHAR*)Address - Gate.Images[i].Base);

        if (offset >= Gate.Images[i].Size) continue;
        Place->Where = RxGateImage;
        Place->Which = i;
        Place->Offset = (ULONG)offset;
        return TRUE;
    }
    return FALSE;
}

static const IMAGE_NT_HEADERS64* GateHeaders(const UCHAR* Base) {
    const IMAGE_DOS_HEADER* dos = (const IMAGE_DOS_HEADER*)Base;
    const IMAGE_NT_HEADERS64* headers = (const IMAGE_NT_HEADERS64*)(Base + dos->e_lfanew);

    if (dos->e_magic != IMAGE_DOS_SIGNATURE || headers->Signature != IMAGE_NT_SIGNATURE) return NULL;
    return headers->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR64_MAGIC ? headers : NULL;
}

/* The export of that name; NULL if there is none. Own: what the file calls itself. */
static PVOID GateExport(UCHAR* Base, const IMAGE_NT_HEADERS64* Headers, const CHAR* Name, const CHAR** Own) {
    const IMAGE_DATA_DIRECTORY* directory = &Headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    const IMAGE_EXPORT_DIRECTORY* exports;
    ULONG i;

    if (directory->Size == 0) return NULL;
    exports = (const IMAGE_EXPORT_DIRECTORY*)(Base + directory->VirtualAddress);
    *Own = (const CHAR*)Base + exports->Name;
    for (i = 0; i < exports->NumberOfNames; ++i) {
        const ULONG name = ((const ULONG*)(Base + exports->AddressOfNames))[i];
        const USHORT ordinal = ((const USHORT*)(Base + exports->AddressOfNameOrdinals))[i];

        if (GateIsName((const CHAR*)Base + name, Name))
            return Base + ((const ULONG*)(Base + exports->AddressOfFunctions))[ordinal];
    }
    return NULL;
}

static BOOLEAN GateIsCode(const VOID* Address) {
    RXGATE_PLACE place;
    const IMAGE_SECTION_HEADER* section;
    const IMAGE_NT_HEADERS64* headers;
    ULONG i;

    if (!GatePlaceOfImage(Address, &place)) return FALSE;
    headers = GateHeaders(Gate.Images[place.Which].Base);
    section = IMAGE_FIRST_SECTION(headers);
    for (i = 0; i < headers->FileHeader.NumberOfSections; ++i, ++section)
        if (place.Offset - section->VirtualAddress < section->Misc.VirtualSize)
            return (section->Characteristics & IMAGE_SCN_MEM_EXECUTE) != 0;
    return FALSE;
}

/* What an import is bound to; NULL: the gate does not know it. */
static PVOID GateBinding(const CHAR* Library, const CHAR* Name, PVOID Real) {
    static const GATE_SERVICE* const all[] = {GateLockServices, GateWaitServices, GateTimeServices, GateThreadServices,
                                              GateMemoryServices};
    ULONG i;

    for (i = 0; i < Gate.ImageCount; ++i) {
        if (!GateIsName(Library, Gate.Images[i].Name)) continue;
        /* The event log belongs to the harness: a switch before it would part an effect from its entry. */
        if (!GateIsCode(Real) || GateIsName(Name, "RxLogEvent")) return Real;
        if (GateThunkCount == MAX_THUNKS) return NULL;
        GateThunkTargets[GateThunkCount].Name = Name;
        GateThunkTargets[GateThunkCount].Target = Real;
        return GateThunks + 16 * GateThunkCount++;
    }
    for (i = 0; i < ARRAYSIZE(all); ++i) {
        const GATE_SERVICE* service;

        for (service = all[i]; service->Name != NULL; ++service)
            if (GateIsName(service->Name, Name)) return service->Routine == NULL ? Real : service->Routine;
    }
    return NULL;
}

static VOID GateBind(UCHAR* Base, const IMAGE_NT_HEADERS64* Headers) {
    const IMAGE_DATA_DIRECTORY* directory = &Headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
    const IMAGE_IMPORT_DESCRIPTOR* library = (const IMAGE_IMPORT_DESCRIPTOR*)(Base + directory->VirtualAddress);

    for (; directory->Size != 0 && library->Name != 0; ++library) {
        const IMAGE_THUNK_DATA64* name = (const IMAGE_THUNK_DATA64*)(Base + library->OriginalFirstThunk);
        PVOID* slot = (PVOID*)(Base + library->FirstThunk);

        for (; name->u1.AddressOfData != 0; ++name, ++slot) {
            const CHAR* text;
            PVOID bound;

            if ((name->u1.Ordinal >> 63) != 0) {
                GateCopyText(Gate.Unknown, sizeof(Gate.Unknown), "an import by number");
                continue;
            }
            text = (const CHAR*)((const IMAGE_IMPORT_BY_NAME*)(Base + name->u1.AddressOfData))->Name;
            bound = GateBinding((const CHAR*)Base + library->Name, text, *slot);
            if (bound == NULL) {
                GateCopyText(Gate.Unknown, sizeof(Gate.Unknown), text);
            } else {
                *slot = bound;
            }
        }
    }
}

/* PLOAD_IMAGE_NOTIFY_ROUTINE. The first driver with a hook that imports from none of them begins a new program. */
VOID GateImageLoaded(PUNICODE_STRING Name, HANDLE ProcessId, PIMAGE_INFO Info) {
    UCHAR* base = Info->ImageBase;
    const IMAGE_NT_HEADERS64* headers = GateHeaders(base);
    const CHAR* own = "";
    RX_HOOK_TABLE** hook;
    GATE_IMAGE* image;

    UNREFERENCED_PARAMETER(Name);
    if (ProcessId != NULL || headers == NULL) return;
    hook = GateExport(base, headers, "RxHookTable", &own);
    if (hook == NULL) return;
    if (GateExport(base, headers, "RxRegisterMinirdr", &own) != NULL) {
        GateReset();
        GateThunkCount = 0;
    }
    if (Gate.ImageCount == GATE_MAX_IMAGES) return;
    image = &Gate.Images[Gate.ImageCount++];
    image->Base = base;
    image->Size = headers->OptionalHeader.SizeOfImage;
    GateCopyText(image->Name, sizeof(image->Name), own);
    GateBind(base, headers);
    GateHook.Access = GateAccess;
    GateHook.Event = GateEvent;
    GateHook.AccessesLeft = -(1ll << 62); /* so that each access is told (rxcheck_events.h) */
    *hook = &GateHook;
}
