// SPDX-License-Identifier: Apache-2.0
//
// Clauses of WNetCancelConnection, which a mini-redirector's own requests cannot show: they belong to the router of
// network providers and to these. Those with scenarios are judged by models/mpr; the others are here so that the
// catalogue is whole.
#include "models/reference/clause_texts.h"

namespace rxcheck::models::reference {

std::vector<Clause> clauses_of_providers() {
  return {
      {74,
       "A cancel with fForce FALSE fails with ERROR_OPEN_FILES or ERROR_DEVICE_IN_USE while files are open on the "
       "connection, and the connection stays.",
       "WNetCancelConnection page, parameter fForce and Return value",
       "open a file, cancel, list",
       {},
       ""},
      {75,
       "The name of a redirected device cancels that redirection and no other: other drives, and connections without a "
       "device, to the same share survive.",
       "WNetCancelConnection page, parameter lpName",
       "three connections to one share, one cancel, list",
       {},
       ""},
      {76,
       "The name of a network resource cancels connections to it that have no device, and no others: drives survive.",
       "WNetCancelConnection page, parameter lpName",
       "a drive and a connection without one to the same share, one cancel, list",
       {},
       ""},
      {77,
       "Cancelling a name that is not connected answers ERROR_NOT_CONNECTED.",
       "WNetCancelConnection page, Return value",
       "WNetCancelConnection's result for a name that was never connected, or no longer is",
       {},
       ""},
      {78,
       "With fForce TRUE a cancel succeeds in spite of open files; with FALSE it never closes one.",
       "WNetCancelConnection page, parameter fForce",
       "an open file, a cancel with either value, the file's close",
       {},
       ""},
      {88,
       "At every cancel attempt, also one that fails, a notifyee is called with NOTIFY_PRE before the operation and, "
       "if "
       "it then sets lpContext, once more with NOTIFY_POST and the same lpContext after it.",
       "CancelConnectNotify page; NOTIFYINFO page, members dwNotifyStatus and lpContext",
       "the calls that a notifyee gets, and the providers' calls between them",
       {},
       ""},
      {98,
       "ERROR_DEVICE_IN_USE says that an active process uses the device, ERROR_OPEN_FILES that files or jobs are open "
       "and "
       "the cancel is not forced; which of them, when both hold, is open.",
       "WNetCancelConnection page, Return value",
       "WNetCancelConnection's result",
       {},
       "outside: the two Win32 errors are a provider's; below it there is FILES_OPEN and CONNECTION_IN_USE (C3)"},
      {99,
       "Open print jobs count like open files for a cancel that is not forced.",
       "WNetCancelConnection page, parameter fForce",
       "WNetCancelConnection's result on a print connection",
       {},
       "outside: a job is the spooler's and its provider's; the mini-redirector sees an open file (C2)"},
      {102,
       "WNetCancelConnection's answer agrees with what RxFinalizeConnection answered underneath.",
       "WNetCancelConnection page; RxFinalizeConnection page, Return value",
       "the logs of both layers in one history",
       {},
       "outside: it needs both layers in one history, and the upper one is a provider"},
  };
}

}  // namespace rxcheck::models::reference
