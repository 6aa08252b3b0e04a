/* SPDX-License-Identifier: Apache-2.0
 *
 * Included by force before every file whose accesses are reported. The compiler sees Interlocked* and the list macros;
 * the few that mingw-w64 writes in assembly it does not, so they are redefined here.
 */
#ifndef RX_HOOKINC_H
#define RX_HOOKINC_H

#define POOL_TAGGING 1
#include <ntifs.h>

#undef InterlockedBitTestAndSet
#define InterlockedBitTestAndSet(base, bit) \
    ((UCHAR)((__atomic_fetch_or((base), 1l << ((bit)&31), __ATOMIC_SEQ_CST) >> ((bit)&31)) & 1))
#undef InterlockedBitTestAndReset
#define InterlockedBitTestAndReset(base, bit) \
    ((UCHAR)((__atomic_fetch_and((base), ~(1l << ((bit)&31)), __ATOMIC_SEQ_CST) >> ((bit)&31)) & 1))

#endif
