// SPDX-License-Identifier: Apache-2.0
//
// Delayed closes, as far as a driver reports them: what was open on the server stays for a while, and holds the view,
// until another open goes on with it, a delete purges it (C10) or enough time has passed (C9).
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

// The scavenger of the documentation runs 10 seconds after it was set, and is set when something becomes dormant.
constexpr uint32_t kEnoughSeconds = 10;

}  // namespace

bool Machine::on_dormant(OperationState& op, const Event& event) {
  View* view = nullptr;
  if (free_handle(op, event, view)) return true;
  if (view == nullptr) return false;
  const OperationState& handle = operations_[event.target];
  if (handle.file != kNone) files_[handle.file].lingers = true;
  const uint16_t opener = handle.server_open == kNone ? event.target : handle.server_open;
  OperationState& server_open = operations_[opener];
  if (server_open.dormant == 0) {
    ++view->dormant;
    dormant_.push_back(opener);
  }
  server_open.dormant = view->dormant_since = now_;
  server_open.idle_seconds = 0;
  settle(*view);
  return false;
}

void Machine::wake(OperationState& server_open, View& view) {
  server_open.dormant = 0;
  if (view.dormant != 0) --view.dormant;
  std::erase(dormant_, index_of(server_open));
}

bool Machine::on_scavenge(const Event& event) {
  OperationState* server_open = at(event.target);
  if (server_open == nullptr || server_open->view == kNone) return false;
  View& view = views_[server_open->view];
  if (server_open->dormant == 0)
    return refuse(18, event.target, state_of(view), "what is dormant is closed once", "closed again, or while in use");
  wake(*server_open, view);
  view.scavenged = true;
  settle(view);
  return false;
}

void Machine::on_collapse(OperationState& op, const Event& event) {
  OperationState* server_open = at(event.target);
  if (server_open == nullptr || server_open->view == kNone) return;
  op.server_open = event.target;
  if (server_open->dormant != 0) wake(*server_open, views_[server_open->view]);
}

// Time passed some moment between the call and the return of a tick: enough for what was dormant before.
void Machine::on_time(const OperationState& tick, uint32_t seconds) {
  for (const uint16_t index : dormant_)
    if (operations_[index].dormant < tick.called) operations_[index].idle_seconds += seconds;
}

bool Machine::judge_dormant() {
  for (const uint16_t index : dormant_) {
    const OperationState& op = operations_[index];
    if (op.idle_seconds < kEnoughSeconds) continue;
    if (refuse(9, index, state_of(views_[op.view]), "closed on the server: nobody has used it for long enough",
               "still dormant"))
      return true;
  }
  return false;
}

}  // namespace rxcheck::models::reference
