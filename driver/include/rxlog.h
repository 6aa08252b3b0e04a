/* SPDX-License-Identifier: Apache-2.0
 *
 * The event log (driver/protocol/rxcheck_events.h), as drivers write it. Any IRQL.
 */
#ifndef RXLOG_H
#define RXLOG_H

#include "rxprocs.h"
#include "rxset.h"
#include "../protocol/rxprobe_protocol.h"

RXAPI VOID RxLogEvent(_In_ ULONG Kind, _In_ ULONG Tag, _In_ ULONG Target, _In_ ULONG Status, _In_ ULONG Value);
/* Copies entries from number First on; returns the bytes of Log that are now valid. REQUIRES: Size >= the header. */
RXAPI ULONG RxReadEventLog(_In_ ULONG First, _Out_ RXPROBE_LOG* Log, _In_ ULONG Size);

#endif
