/* SPDX-License-Identifier: Apache-2.0
 *
 * How to talk to rxprobe.sys: one IOCTL an operation, on \Device\rxprobe (\\.\rxprobe). Every request is
 * METHOD_BUFFERED, carries an RXPROBE_REQUEST and returns an RXPROBE_REPLY (LIST and LOG return their own structures).
 * A request that may wait is marked pending and done by a worker thread; COMPLETE, SET_ROUTINE, REFERENCE, DEREFERENCE,
 * RELEASE, CE_CANCEL, TEAR_DOWN, QUERY_VARIANTS and QUERY_LOG never wait and are done in the dispatch routine. Plain C,
 * no kernel types beyond the CTL_CODE arithmetic: included by the driver, the harness and the guest agent alike.
 */
#ifndef RXPROBE_PROTOCOL_H
#define RXPROBE_PROTOCOL_H

#include "rxcheck_events.h"
#include "rxcheck_variants.h"

/* CTL_CODE(FILE_DEVICE_NETWORK_FILE_SYSTEM, 0x900 + n, METHOD_BUFFERED, FILE_ANY_ACCESS) */
#define RXPROBE_IOCTL(n) ((0x14u << 16) | ((0x900u + (n)) << 2))

#define IOCTL_RXPROBE_CONNECT RXPROBE_IOCTL(0) /* Name (+ path), Flags HOLD. Reply: Serial */
#define IOCTL_RXPROBE_TREE RXPROBE_IOCTL(1)    /* Name, Handle = new key. Reply: Serial */
#define IOCTL_RXPROBE_OPEN \
    RXPROBE_IOCTL(2) /* Name + path, Handle = new key, Flags HOLD, DIRECTORY, KEEP. Reply: Serial */
#define IOCTL_RXPROBE_CLEANUP RXPROBE_IOCTL(3)  /* Handle (file or tree) */
#define IOCTL_RXPROBE_CLOSE RXPROBE_IOCTL(4)    /* Handle; REQUIRES: CLEANUP has completed, nothing outstanding on it */
#define IOCTL_RXPROBE_WRITE RXPROBE_IOCTL(5)    /* Handle */
#define IOCTL_RXPROBE_READ RXPROBE_IOCTL(6)     /* Handle, Flags BARE. Pends */
#define IOCTL_RXPROBE_NOTIFY RXPROBE_IOCTL(7)   /* Handle (file or tree), Flags BARE. Pends */
#define IOCTL_RXPROBE_FINALIZE RXPROBE_IOCTL(8) /* Handle of a tree, Argument = level */
#define IOCTL_RXPROBE_DISCONNECT RXPROBE_IOCTL(9) /* Name, Argument = level, Flags LIKE */
#define IOCTL_RXPROBE_COMPLETE RXPROBE_IOCTL(10)  /* Target. NOT_FOUND if no longer pending, or decided by another */
#define IOCTL_RXPROBE_SET_ROUTINE \
    RXPROBE_IOCTL(11) /* Target, Argument = routine. Status of RxSetMinirdrCancelRoutine; NOT_FOUND */
#define IOCTL_RXPROBE_REFERENCE RXPROBE_IOCTL(12) /* Target, Handle = new key. NOT_FOUND */
#define IOCTL_RXPROBE_DEREFERENCE \
    RXPROBE_IOCTL(13) /* Handle = key of a reference. Reply: Value = 1 if CANCELLED was set */
#define IOCTL_RXPROBE_CE_CANCEL RXPROBE_IOCTL(14) /* Name. Status of RxCeCancelConnectRequest */
#define IOCTL_RXPROBE_RELEASE \
    RXPROBE_IOCTL(15) /* Name. Lets a held connect or open on this name go on, or answers an upcall; NOT_FOUND */
#define IOCTL_RXPROBE_LIST RXPROBE_IOCTL(16)      /* Reply: RXPROBE_LIST, of one's own logon session */
#define IOCTL_RXPROBE_QUERY_LOG RXPROBE_IOCTL(17) /* Argument = first entry wanted. Reply: RXPROBE_LOG */
#define IOCTL_RXPROBE_LETTERS \
    RXPROBE_IOCTL(40) /* Name. Whether its letter is in the table; else NOT_FOUND, DEVICE_BUSY */
/* RXCHECK_VARIANT_ bits. CHOOSE: Argument = those to be in force, before the first connection; else CONNECTION_ACTIVE.
 * QUERY: reply Value = those that are. */
#define IOCTL_RXPROBE_CHOOSE_VARIANTS RXPROBE_IOCTL(44)
#define IOCTL_RXPROBE_QUERY_VARIANTS RXPROBE_IOCTL(45)
/* A bare name: what follows the header, to the end of the input, is the name and its terminator. NameLength is 0. */
#define IOCTL_RXPROBE_RAW_ADD RXPROBE_IOCTL(41)
#define IOCTL_RXPROBE_RAW_DEL RXPROBE_IOCTL(42)
#define IOCTL_RXPROBE_POLL RXPROBE_IOCTL(43) /* Name. Visits the files that are open on the connection */

#define IOCTL_RXPROBE_FINALIZE_VIEW \
    RXPROBE_IOCTL(28) /* Handle of a tree, Argument = force. Reply: Value = what RxFinalizeVNetRoot returned */
#define IOCTL_RXPROBE_FINALIZE_ROOT RXPROBE_IOCTL(29) /* Handle of a tree. Reply: Value, of RxFinalizeNetRoot */
#define IOCTL_RXPROBE_FORCE_ALL RXPROBE_IOCTL(30)     /* Name. RxForceFinalizeAllVNetRoots of its share */
#define IOCTL_RXPROBE_STOP RXPROBE_IOCTL(34)          /* Status of RxStopMinirdr */
#define IOCTL_RXPROBE_START RXPROBE_IOCTL(35)         /* Status of RxStartMinirdr */
#define IOCTL_RXPROBE_TEAR_DOWN \
    RXPROBE_IOCTL(              \
        36) /* Name of a server, `\server`. Status of RxCeTearDownConnection for its connection; never waits */

#define RXPROBE_LEVEL_NOT_FORCED 0u
#define RXPROBE_LEVEL_FORCED 1u
#define RXPROBE_LEVEL_DROP_REFERENCE 0xffu

#define RXPROBE_ROUTINE_NONE 0u
#define RXPROBE_ROUTINE_A 1u
#define RXPROBE_ROUTINE_B 2u
#define RXPROBE_ROUTINE_C 3u /* opens and closes a file before it ends the request */

/* The tag of what routine C does on its own; it is nobody's request. */
#define RXPROBE_TAG_ROUTINE 0xfffffffeu

#define RXPROBE_FLAG_HOLD 0x1u         /* CONNECT: do not answer before RELEASE. OPEN: nor MRxCreate */
#define RXPROBE_FLAG_BARE 0x2u         /* READ, NOTIFY: do not set a cancel routine */
#define RXPROBE_FLAG_SYNC 0x1000u      /* READ, NOTIFY: the server answers at once; nothing is left pending */
#define RXPROBE_FLAG_RETRY 0x2000u     /* OPEN: the server answers SHARING_VIOLATION the first time */
#define RXPROBE_FLAG_TRANSPORT 0x4000u /* DISCONNECT: the transport to the server is down when it returns */

#define RXPROBE_FLAG_DIRECTORY 0x100u /* OPEN: of a directory */
#define RXPROBE_FLAG_KEEP 0x200u      /* OPEN: may collapse onto another, and its last close be delayed */
#define RXPROBE_MAX_CLOSE_DELAYED 2u  /* ...of so many files a server at a time */
#define RXPROBE_FLAG_NOWAIT 0x40u     /* FINALIZE, DISCONNECT: the deletion may not wait for a lock */
/* DISCONNECT, Argument TRUE: like the delete-connection request of a real mini-redirector; 0: the probe's own. */
#define RXPROBE_FLAG_LIKE_SHIFT 4
#define RXPROBE_FLAG_LIKE_MASK 0x30u
#define RXPROBE_LIKE_NFS41 0x10u
#define RXPROBE_LIKE_VBOXSF 0x20u
#define RXPROBE_LIKE_NULMRX 0x30u

/* The network that the probe plays has every server, share and path, file or directory as it is asked for, but those
 * that begin so. */
#define RXPROBE_NOWHERE_SERVER "nowhere"  /* no such server: BAD_NETWORK_PATH */
#define RXPROBE_BAD_SHARE "bad"           /* no such share: BAD_NETWORK_NAME */
#define RXPROBE_LOCKED_SHARE "locked"     /* a share of which nobody gets a view: ACCESS_DENIED */
#define RXPROBE_CONFLICT_SHARE "conflict" /* to each request, the first time: NETWORK_CREDENTIAL_CONFLICT */
#define RXPROBE_DENIED_PATH "\\denied"    /* ACCESS_DENIED */
/* Servers whose name begins so are mounted by a daemon: a mount waits until RELEASE answers it, an unmount does not. */
#define RXPROBE_DAEMON_SERVER "daemon"

/*
 * Name is UTF-16, without a terminator: `\server\share` or, with a device, `\;X:\server\share`; for OPEN (and CONNECT)
 * followed by the path. Session is the caller's logon session, for requests with a name and for LIST. Tag is chosen by
 * the caller, not zero, and unique among the requests of a session.
 */
typedef struct _RXPROBE_REQUEST {
    unsigned int Tag;
    unsigned int Handle;
    unsigned int Target;
    unsigned int Argument;
    unsigned int Flags;
    unsigned int Session;
    unsigned short ConnectionLength; /* bytes of Name that name the connection */
    unsigned short NameLength;       /* bytes of Name in all */
    unsigned short Name[1];
} RXPROBE_REQUEST;

#define RXPROBE_REQUEST_HEADER 28u /* bytes before Name */
#define RXPROBE_NAME_MAX 512u      /* bytes */

typedef struct _RXPROBE_REPLY {
    unsigned int Serial; /* of the view (V_NET_ROOT), given at its creation, from 1 */
    unsigned int Value;
} RXPROBE_REPLY;

#define RXPROBE_LIST_MAX 8u
#define RXPROBE_LIST_NAME_MAX 64u /* characters */

typedef struct _RXPROBE_LIST_ENTRY {
    unsigned int Serial;
    unsigned int AdditionalReference; /* 0 or 1 */
    unsigned int NumberOfFobxs;
    unsigned int NameLength; /* characters */
    unsigned short Name[RXPROBE_LIST_NAME_MAX];
} RXPROBE_LIST_ENTRY;

typedef struct _RXPROBE_LIST {
    unsigned int Count;
    unsigned int NumberOfActiveContexts; /* without that of the LIST request itself */
    RXPROBE_LIST_ENTRY Entries[RXPROBE_LIST_MAX];
} RXPROBE_LIST;

#define RXPROBE_LOG_MAX 256u

typedef struct _RXPROBE_LOG {
    unsigned int Total; /* entries made since the driver was started; the oldest may be lost */
    unsigned int First; /* number of Entries[0] */
    unsigned int Count;
    RXCHECK_EVENT Entries[1];
} RXPROBE_LOG;

#endif
