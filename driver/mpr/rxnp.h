/* SPDX-License-Identifier: Apache-2.0
 *
 * What the provider (rxnp.c) and the program that has it called (rxmpr.c) agree on beside the documented provider
 * interface: what a provider is told before it is used, what plays the part of an application with open files, and
 * where it says that it was called.
 */
#pragma once

#include <windows.h>

/* What a provider can be made to do wrong, so that a test can see that it is noticed. */
#define RXNP_IGNORES_FORCE 0x1      /* a forced cancel is refused like any other */
#define RXNP_IGNORES_OPEN_FILES 0x2 /* a cancel that is not forced is carried out in spite of open files */
#define RXNP_CANCELS_SHARE 0x4      /* a cancel undoes all connections to the share, whatever their names */

/* Exported by each provider DLL. `Server`: the only one that it has, as \\server; "" for all. */
typedef void(CDECL* RXNP_CONFIGURE)(const WCHAR* Server, DWORD Faults);
/* Opens a file on the connection of that name, under a number of the caller's; `Current`: a process has its current
 * directory there instead. ERROR_NOT_CONNECTED if the provider has no such connection. */
typedef DWORD(CDECL* RXNP_OPEN)(const WCHAR* Name, DWORD File, BOOL Current);
/* ERROR_INVALID_HANDLE if the file is not open, or no longer. */
typedef DWORD(CDECL* RXNP_CLOSE)(DWORD File);
/* NO_ERROR if the provider has the connection, else ERROR_NOT_CONNECTED. */
typedef DWORD(CDECL* RXNP_LIST)(const WCHAR* Name);

/* Exported by rxmpr.exe under the name RxmprSay: takes one line about a call, as it happens. */
typedef void(CDECL* RXMPR_SAY)(const WCHAR* Line);
