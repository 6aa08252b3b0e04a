// SPDX-License-Identifier: Apache-2.0
//
// Servers and shares by name, and constructions: what is built for a connection, once, and what becomes of those who
// wait for one that fails. Which names the network does not have follows from the program (docs/format-rxp.md).
#include <algorithm>

#include "harness/core/status.h"
#include "models/reference/machine.h"

namespace rxcheck::models::reference {
namespace {

bool begins_with(std::string_view name, std::string_view prefix) {
  return same_name(name.substr(0, prefix.size()), prefix);
}

struct Remote {
  std::string_view server, share;
};

Remote parts_of(const Connection& connection) {
  std::string_view remote = connection.remote;
  remote.remove_prefix(std::min<size_t>(2, remote.size()));
  const size_t middle = std::min(remote.find('\\'), remote.size());
  return {remote.substr(0, middle), remote.substr(std::min(middle + 1, remote.size()))};
}

uint32_t status_of(Answer answer) {
  switch (answer) {
    case Answer::no_server:
      return status::kBadNetworkPath;
    case Answer::no_share:
      return status::kBadNetworkName;
    case Answer::no_view:
      return status::kAccessDenied;
    case Answer::conflict:
      return status::kNetworkCredentialConflict;
    case Answer::yes:
      break;
  }
  return status::kSuccess;
}

// Looks a name up, and waits where it is under construction.
bool looks_up(OpKind kind) {
  return kind == OpKind::connect || kind == OpKind::tree || kind == OpKind::open || kind == OpKind::disconnect;
}

}  // namespace

void Machine::begin_names(const Program& program) {
  servers_.fill({});
  shares_.fill({});
  built_.clear();
  held_ = 0;
  any_bad_ = false;
  const size_t count = std::min<size_t>(program.connections.size(), kMaxConnections);
  for (size_t i = 0; i < count; ++i) {
    const Remote mine = parts_of(program.connections[i]);
    ConnectionState& connection = connections_[i];
    connection.server = connection.share = connection.alike = static_cast<uint8_t>(i);
    connection.device = program.connections[i].device != 0;
    for (size_t j = i; j-- > 0;) {
      if (!same_server(program.connections[i], program.connections[j])) continue;
      connection.server = static_cast<uint8_t>(j);
      if (!same_share(program.connections[i], program.connections[j])) continue;
      connection.share = static_cast<uint8_t>(j);
      if (program.connections[j].device == program.connections[i].device) connection.alike = connections_[j].alike;
    }
    if (begins_with(mine.server, "nowhere"))
      connection.answer = Answer::no_server;
    else if (begins_with(mine.share, "bad"))
      connection.answer = Answer::no_share;
    else if (begins_with(mine.share, "locked"))
      connection.answer = Answer::no_view;
    else if (begins_with(mine.share, "conflict"))
      connection.answer = Answer::conflict;
  }
}

// Which clause an operation breaks that gets a view of another connection: that of another logon session is another
// view of the same share, and other sessions neither see nor delete it.
ClauseId Machine::clause_if_foreign(const View& view, const OperationState& op) {
  const ConnectionState& mine = connection_of(op);
  if (mine.alike != connection_of(view).alike) return 66;
  return mine.device && op.kind != OpKind::connect && op.kind != OpKind::open ? 100 : 69;
}

bool Machine::on_create_server(OperationState& op, const Event& event) {
  if (on_callout(op)) return true;
  op.asked_server = true;
  op.asked_share = op.asked_view = false;  // of an earlier attempt
  ++op.questions;
  if (event.value == 0 || op.connection >= kMaxConnections) return false;  // a history that does not tell servers apart
  const uint8_t index = connection_of(op).server;
  Place& server = servers_[index];
  if (server.there) {
    // It keeps its name while it is under construction and while a share stands on it.
    const OperationState& builder = operations_[server.builder];
    const bool needed = (!server.used && builder.finishes == 0) || has_share(index);
    if (needed && refuse(63, index_of(op), "server there", "the server is found, or waited for", "MRxCreateSrvCall"))
      return true;
  }
  server = {event.value, index_of(op), true, false};
  built_.push_back({event.value, index_of(op), index, false, false});
  return false;
}

bool Machine::on_create_share(OperationState& op, const Event& event) {
  if (on_callout(op)) return true;
  op.asked_share = true;
  if (op.connection >= kMaxConnections) return false;
  Place& server = servers_[connection_of(op).server];
  if (server.serial != 0 && !server.there &&
      refuse(38, index_of(op), "server gone", "another server is built: this one has lost its name",
             "a share on a server that was finalized"))
    return true;
  server.used = true;
  Place& share = shares_[connection_of(op).share];
  if (share.there &&
      refuse(63, index_of(op), "share there", "the share is found, or waited for", "MRxCreateVNetRoot for a new share"))
    return true;
  share = {event.value, index_of(op), true, false};
  return false;
}

void Machine::on_finalize_share(const Event& event) {
  for (Place& place : shares_)
    if (place.serial == event.value) place.there = false;
}

bool Machine::has_share(uint8_t server) const {
  for (size_t i = 0; i < kMaxConnections; ++i)
    if (shares_[i].there && connections_[i].server == server && connections_[i].share == i) return true;
  return false;
}

// C38: once, and for a server that no share stands on. Another of that name may be there already.
bool Machine::on_finalize_server(const Event& event) {
  for (size_t i = built_.size(); i-- > 0;) {
    Server& server = built_[i];
    if (server.serial != event.value) continue;
    Place& place = servers_[server.place];
    if (server.finalized &&
        refuse(38, server.builder, "server finalized", "no second MRxFinalizeSrvCall", "it was called again"))
      return true;
    if (place.serial == server.serial && has_share(server.place) &&
        refuse(38, server.builder, "server with a share", "no MRxFinalizeSrvCall while a share stands on the server",
               "it was called"))
      return true;
    server.finalized = true;
    if (place.serial == server.serial) place.there = false;
    return false;
  }
  return false;
}

// The question is still about the server; the share and the view come after it.
bool Machine::asks_server(const OperationState& op) { return op.asked_server && !op.asked_share && !op.asked_view; }

bool Machine::on_answered(OperationState& op, const Event& event) {
  if (op.questions == 0)
    return refuse(65, index_of(op), state_of(op), "one call back for each callout", "called back again");
  --op.questions;
  // The mini-redirector had no memory for the server, or for the view. That is so before the construction ends.
  if (event.status == status::kInsufficientResources && op.low_memory) {
    const ConnectionState& connection = connection_of(op);
    for (ConnectionState& other : connections_)
      if (asks_server(op) ? other.server == connection.server : other.alike == connection.alike) other.starved = true;
  }
  return false;
}

void Machine::on_held(OperationState& op, bool held) {
  if (op.held == held) return;
  op.held = held;
  held ? ++held_ : --held_;
}

bool Machine::asked_for_what_fails(const OperationState& op) {
  switch (connection_of(op).answer) {
    case Answer::no_server:
      return op.asked_server;
    case Answer::no_share:
      return op.asked_share;
    case Answer::no_view:
      return op.asked_view;
    case Answer::conflict:
      return op.asked_view && !op.conflicted;
    case Answer::yes:
      break;
  }
  return false;
}

// The construction on behalf of `op` failed: its own question was answered so, or it found or waited for another's
// server or share, which is Bad.
bool Machine::on_bad(OperationState& op, const Event& event) {
  ConnectionState& connection = connection_of(op);
  const bool asked = asked_for_what_fails(op);
  // The mini-redirector had no memory to answer the question; or it found or waited for what another asked so.
  const bool short_of_memory = event.status == status::kInsufficientResources && op.low_memory;
  const bool after_another = event.status == status::kBadNetworkPath && connection.starved;
  if (short_of_memory || (after_another && connection.answer == Answer::yes)) {
    // as documented
  } else if (connection.answer == Answer::yes) {
    if (refuse(53, index_of(op), state_of(op), "a connection, as the server answered", status::name_of(event.status)))
      return true;
  } else {
    const uint32_t expected = asked ? status_of(connection.answer) : status::kBadNetworkPath;
    if (event.status != expected && refuse(asked ? 53 : 67, index_of(op), "server or share Bad",
                                           status::name_of(expected), status::name_of(event.status)))
      return true;
  }
  any_bad_ = true;
  if (!short_of_memory && asked && connection.answer == Answer::conflict) {
    op.conflicted = true;
    op.asked_server = op.asked_share = op.asked_view = false;
  } else {
    op.bad = true;
    op.bad_status = event.status;
  }
  if (short_of_memory ? asks_server(op) : asked && connection.answer == Answer::no_server) {
    servers_[connection.server].there = false;
    const auto newest = std::find_if(built_.rbegin(), built_.rend(),
                                     [&](const Server& server) { return server.builder == index_of(op); });
    if (newest != built_.rend()) newest->failed = true;
  }
  if (!short_of_memory && asked && connection.answer == Answer::no_share) shares_[connection.share].there = false;
  for (ConnectionState& other : connections_)
    if (other.server == connection.server) other.construction_failed = now_;
  const uint16_t index = views_.find(event.value);
  if (index == kNone || views_[index].creator != index_of(op)) return false;
  views_[index].failed = true;
  lose_name(views_[index]);
  return false;
}

// Built for a connect whose path was refused, and never used by anybody.
bool Machine::is_left_over(const View& view) const {
  return view.name == Name::building && view.creator < count_ && operations_[view.creator].denied &&
         operations_[view.creator].kind == OpKind::connect && operations_[view.creator].finishes != 0;
}

// At the end: every server was finalized.
bool Machine::judge_servers() {
  for (const Server& server : built_)
    if (!server.failed && !server.finalized &&
        refuse(38, server.builder, "server without shares", "MRxFinalizeSrvCall", "it was never called"))
      return true;
  return false;
}

bool Machine::ends_badly(const OperationState& op, uint32_t status) {
  const bool starved = connection_of(op).starved && status == (op.bad ? op.bad_status : status::kBadNetworkPath);
  if (starved) return true;
  if (connection_of(op).answer == Answer::yes) return false;
  if (connection_of(op).answer == Answer::conflict && connection_of(op).construction_failed <= op.called) return false;
  return status == (op.bad ? op.bad_status : status::kBadNetworkPath);
}

// C64, at a moment at which no line can go on and the server withholds nothing: nobody waits for a construction.
bool Machine::judge_waiters() {
  if (held_ != 0 || !any_bad_) return false;
  for (OperationState& op : operations_) {
    if (!op.started || op.finishes != 0 || !looks_up(op.kind)) continue;
    if (op.connected || op.got_tree || op.opened || op.missing || op.bad || op.finalize_seen) continue;
    if (connection_of(op).construction_failed > op.called &&
        refuse(64, index_of(op), state_of(op), "failed: what it waited for ended Bad", "still waiting"))
      return true;
  }
  return false;
}

}  // namespace rxcheck::models::reference
