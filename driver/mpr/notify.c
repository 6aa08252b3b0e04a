/* SPDX-License-Identifier: Apache-2.0
 *
 * A copy of rxnp.dll that is named under NetworkProvider\Notifyees hears of connections that are made and cancelled. It
 * says what it hears, and sets lpContext before a cancel, so that it must hear of its end as well.
 */
#include "rxnp_notify.h"

#include <npapi.h>
#include <stdio.h>

/* Of the process: each cancel attempt gets a context of its own. */
static ULONG_PTR LastContext;

static const WCHAR* PhaseOf(const NOTIFYINFO* Info) {
    return Info->dwNotifyStatus == NOTIFY_PRE ? L"PRE" : Info->dwNotifyStatus == NOTIFY_POST ? L"POST" : L"?";
}

DWORD WINAPI AddConnectNotify(LPNOTIFYINFO Info, LPNOTIFYADD Added) {
    WCHAR text[256];

    _snwprintf(text, ARRAYSIZE(text) - 1, L"AddConnectNotify %ls %ls %lu 0", PhaseOf(Info),
               Added->NetResource.lpRemoteName != NULL ? Added->NetResource.lpRemoteName : L"-",
               Info->dwOperationStatus);
    text[ARRAYSIZE(text) - 1] = 0;
    RxnpSay(text);
    return NO_ERROR;
}

DWORD WINAPI CancelConnectNotify(LPNOTIFYINFO Info, LPNOTIFYCANCEL Cancelled) {
    WCHAR text[256];

    if (Info->dwNotifyStatus == NOTIFY_PRE) Info->lpContext = (LPVOID)++LastContext;
    _snwprintf(text, ARRAYSIZE(text) - 1, L"CancelConnectNotify %ls %ls %lu %lu", PhaseOf(Info),
               Cancelled->lpName != NULL ? Cancelled->lpName : L"-", Info->dwOperationStatus,
               (DWORD)(ULONG_PTR)Info->lpContext);
    text[ARRAYSIZE(text) - 1] = 0;
    RxnpSay(text);
    return NO_ERROR;
}
