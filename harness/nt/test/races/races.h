/* SPDX-License-Identifier: Apache-2.0
 *
 * A drill's two parts, with synchronization or without.
 */
#ifndef RACES_H
#define RACES_H

#include <ntifs.h>

#define TAG 'ecaR'

extern ULONG Shared;        /* what they race for */
extern volatile ULONG Seen; /* what was read of it */

/* lines.c: with a line that the first part sets going; the second does nothing. */
VOID StartLines(VOID);
VOID ByWorkItem(ULONG Part, BOOLEAN Before);
VOID ByThreadStart(ULONG Part, BOOLEAN Before);
VOID ByThreadEnd(ULONG Part, BOOLEAN Waits);
VOID ByDpc(ULONG Part, BOOLEAN Before);

/* memory.c: by how memory is used. */
VOID StartMemory(VOID);
VOID StopMemory(VOID);
VOID Interlocked(ULONG Part, BOOLEAN IsInterlocked);
VOID Marked(ULONG Part, BOOLEAN IsMarked);
VOID Neighbours(ULONG Part, BOOLEAN Different);
VOID ByFree(ULONG Part, BOOLEAN Locked);
VOID ByList(ULONG Part, BOOLEAN TakesOut);

#endif
