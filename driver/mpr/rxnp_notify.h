/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the two files of rxnp.dll.
 */
#pragma once

#include <windows.h>

/* Says one line about a call, with the name of this copy of the file before it. */
void RxnpSay(const WCHAR* Text);
