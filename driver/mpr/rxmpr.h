/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the two files of rxmpr.exe.
 */
#pragma once

#include "rxnp.h"

#define MAX_PROVIDERS 8

/* Copies the provider's file `Source` under that name and loads it; it is registered with the others. NO_ERROR or why
 * not. */
DWORD ProvidersAdd(const WCHAR* Source, const WCHAR* Name, const WCHAR* Server, DWORD Faults, BOOL Notifyee);
/* Writes the order of providers and the list of notifyees, as the router reads them when it is loaded. */
DWORD ProvidersRegister(void);

/* What is asked of the providers themselves, past the router: the first that knows the name or file answers. */
DWORD ProvidersOpen(const WCHAR* Name, DWORD File, BOOL Current);
DWORD ProvidersClose(DWORD File);
DWORD ProvidersList(const WCHAR* Name);
