// SPDX-License-Identifier: Apache-2.0
//
// Clauses of WNetCancelConnection that a mini-redirector's own requests cannot show: they belong to network providers,
// which this version does not run. They are here so that the catalogue is whole.
#include "models/reference/clause_texts.h"

namespace rxcheck::models::reference {

std::vector<Clause> clauses_of_providers() {
  return {
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
