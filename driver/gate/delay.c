/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads that race: delays at yield points, so that orders come about that an undisturbed machine hardly ever shows.
 * Which points are delayed follows from the seed; which thread meets which point does not.
 */
#include "gate.h"

VOID GateDelay(VOID) {
    const ULONG period = Gate.DelayPeriod;
    LARGE_INTEGER time;
    ULONGLONG chance;

    if (period == 0 || Gate.Mode != GateFree) return;
    /* splitmix64 (Steele, Lea, Flood, OOPSLA 2014), one step a point */
    chance = ((ULONGLONG)Gate.DelaySeed << 32) + 0x9e3779b97f4a7c15ull * (ULONG)InterlockedIncrement(&Gate.Delays);
    chance = (chance ^ (chance >> 30)) * 0xbf58476d1ce4e5b9ull;
    chance = (chance ^ (chance >> 27)) * 0x94d049bb133111ebull;
    chance ^= chance >> 31;
    if (chance % period != 0 || KeGetCurrentIrql() >= DISPATCH_LEVEL) return;
    if ((chance >> 40 & 1) != 0) {
        ZwYieldExecution();
        return;
    }
    time.QuadPart = -10ll * (LONGLONG)(100 + (chance >> 41) % 1900); /* 0.1 to 2 ms */
    KeDelayExecutionThread(KernelMode, FALSE, &time);
}
