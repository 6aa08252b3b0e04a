// SPDX-License-Identifier: Apache-2.0
#include "models/reference/clause_texts.h"

namespace rxcheck::models::reference {

std::vector<Clause> clauses_about_connects() {
  return {
      {38,
       "A server's name goes before MRxFinalizeSrvCall is called, once, when no share stands on it any more: whoever "
       "connects meanwhile builds another server.",
       "ReactOS rxce.c, RxFinalizeSrvCall",
       "the callouts; connect again while the server is being finalized",
       {},
       ""},
      {63,
       "Connects of one new name at the same time build its server and its share once: whoever finds them under "
       "construction waits for the outcome.",
       "ReactOS rxce.c, RxFindOrConstructVirtualNetRoot and RxFindOrCreateConnections",
       "the number of MRxCreateSrvCall callouts, and of MRxCreateVNetRoot callouts for a new share",
       {},
       ""},
      {64,
       "All who wait for a construction that ends Bad fail; none of them hangs or gets what was not built.",
       "ReactOS rxce.c, RxUpdateCondition",
       "the status of several connects that wait for one",
       {},
       ""},
      {65,
       "The mini-redirector answers MRxCreateSrvCall and MRxCreateVNetRoot with PENDING, and calls back exactly once.",
       "ReactOS rxce.c, RxConstructSrvCall and RxConstructNetRoot",
       "the call backs; the executive: the engine stops the system if another status is returned",
       {},
       "it binds the mini-redirector, whose return value and call back no status shows"},
      {66,
       "Connecting takes the add-connection reference of the view that carries the name, once however many connects "
       "there are: the name is there until one delete undoes them all.",
       "ReactOS rdbss.c, RxCreateTreeConnect",
       "connect twice, delete once, list",
       {},
       ""},
      {67,
       "A share or server that is found Bad, because it could not be built, fails the lookup with BAD_NETWORK_PATH.",
       "ReactOS rxce.c, RxFindOrConstructVirtualNetRoot",
       "the status of a connect to a share that another is building in vain",
       {},
       ""},
      {68,
       "A connect whose name goes on behind the share fails if MRxIsValidDirectory refuses the path, and then leaves "
       "no "
       "add-connection reference.",
       "ReactOS rdbss.c, RxCreateTreeConnect",
       "its status, then a list",
       {},
       ""},
      {69,
       "A connection made under another logon session has another view of the same share.",
       "ReactOS rxce.c, RxCheckVNetRootCredentials",
       "the serial numbers of the views",
       {},
       ""},
      {100,
       "Drive letters belong to a logon session: one that was made under another session is neither listed, nor found, "
       "nor "
       "deleted.",
       "WNetCancelConnection page, Remarks",
       "a list and a delete by a second session",
       {},
       ""},
      {71,
       "RxCeCancelConnectRequest returns NOT_IMPLEMENTED and does not disturb the pending connect.",
       "RxCeCancelConnectRequest page, Return value",
       "its status; the connect still completes",
       {},
       ""},
  };
}

}  // namespace rxcheck::models::reference
