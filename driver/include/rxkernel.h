/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernel headers, and the annotations that the sources use. With the WDK the annotations come from its own headers;
 * where a compiler does not know them they vanish.
 */
#ifndef RXKERNEL_H
#define RXKERNEL_H

#ifndef POOL_TAGGING
#define POOL_TAGGING 1 /* else mingw-w64 turns ExAllocatePoolWithTag into ExAllocatePool, and tags are lost */
#endif
#include <ntifs.h>

#ifndef _In_
#define _In_
#endif
#ifndef _In_opt_
#define _In_opt_
#endif
#ifndef _Out_
#define _Out_
#endif
#ifndef _Outptr_
#define _Outptr_
#endif
#ifndef _Inout_
#define _Inout_
#endif
#ifndef _Must_inspect_result_
#define _Must_inspect_result_
#endif
#ifndef _IRQL_requires_max_
#define _IRQL_requires_max_(irql)
#endif
#ifndef _IRQL_requires_
#define _IRQL_requires_(irql)
#endif
#ifndef _Requires_lock_held_
#define _Requires_lock_held_(lock)
#endif
#ifndef _Requires_exclusive_lock_held_
#define _Requires_exclusive_lock_held_(lock) _Requires_lock_held_(lock)
#endif
#ifndef _Requires_lock_not_held_
#define _Requires_lock_not_held_(lock)
#endif
#ifndef _Acquires_lock_
#define _Acquires_lock_(lock)
#endif
#ifndef _Releases_lock_
#define _Releases_lock_(lock)
#endif
#ifndef _Guarded_by_
#define _Guarded_by_(lock)
#endif

#ifndef FILE_CREATE_TREE_CONNECTION
#define FILE_CREATE_TREE_CONNECTION 0x00000080
#endif
#ifndef FO_CLEANUP_COMPLETE
#define FO_CLEANUP_COMPLETE 0x00004000
#endif
#ifndef RDR_FILE_SYSTEM
#define RDR_FILE_SYSTEM 0x27 /* what KeBugCheckEx is told by a redirector */
#endif
#ifndef IRP_MN_NOTIFY_CHANGE_DIRECTORY
#define IRP_MN_NOTIFY_CHANGE_DIRECTORY 0x02
#endif
#ifndef STATUS_REDIRECTOR_HAS_OPEN_HANDLES
#define STATUS_REDIRECTOR_HAS_OPEN_HANDLES ((NTSTATUS)0x80000023L)
#endif
#ifndef STATUS_REDIRECTOR_STARTED
#define STATUS_REDIRECTOR_STARTED ((NTSTATUS)0xC00000FCL)
#endif
#ifndef STATUS_NETWORK_CREDENTIAL_CONFLICT
#define STATUS_NETWORK_CREDENTIAL_CONFLICT ((NTSTATUS)0xC0000195L)
#endif
#ifndef STATUS_REDIRECTOR_NOT_STARTED
#define STATUS_REDIRECTOR_NOT_STARTED ((NTSTATUS)0xC00000FBL)
#endif

/* A function whose accesses are not reported to the hook: only where they are to memory of one line. */
#if defined(__GNUC__)
#define RX_UNOBSERVED __attribute__((no_sanitize("thread")))
#else
#define RX_UNOBSERVED
#endif

/* A pool tag that reads "RxCx" in a dump: the first letter is the lowest byte. */
#define RX_TAG(a, b, c, d) ((ULONG)(a) | (ULONG)(b) << 8 | (ULONG)(c) << 16 | (ULONG)(d) << 24)

#endif
