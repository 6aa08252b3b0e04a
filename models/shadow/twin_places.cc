// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "harness/core/status.h"
#include "models/shadow/twin.h"

namespace rxcheck::models::shadow {
namespace {

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

}  // namespace

// Of a remote name `\\server\share`, from its third character on: the server, and what the network does not have.
void Twin::begin_routes(const Program& program) {
  routes_.fill({});
  servers_.fill({});
  shares_.fill({});
  last_place_serial_ = 0;
  for (uint8_t i = 0; i < routes_.size(); ++i) routes_[i].server = routes_[i].share = routes_[i].alike = i;
  std::vector<std::string> remotes, servers;
  for (const Connection& connection : program.connections) {
    if (remotes.size() == kMaxConnections) break;
    remotes.push_back(lower(connection.remote));
    servers.push_back(remotes.back().substr(0, remotes.back().find('\\', 2)));
    Route& route = routes_[remotes.size() - 1];
    route.share = static_cast<uint8_t>(std::ranges::find(remotes, remotes.back()) - remotes.begin());
    route.server = static_cast<uint8_t>(std::ranges::find(servers, servers.back()) - servers.begin());
    for (route.alike = 0; route.alike + 1U < remotes.size(); ++route.alike)
      if (remotes[route.alike] == remotes.back() && program.connections[route.alike].device == connection.device) break;
    const std::string share = remotes.back().substr(std::min(servers.back().size() + 1, remotes.back().size()));
    if (servers.back().starts_with("\\\\nowhere")) route.server_status = status::kBadNetworkPath;
    if (share.starts_with("bad")) route.share_status = status::kBadNetworkName;
    route.conflicts = share.starts_with("conflict");
    if (share.starts_with("locked")) route.view_status = status::kAccessDenied;
  }
}

bool Twin::share_stands_on(uint8_t server) const {
  for (size_t i = 0; i < kMaxConnections; ++i)
    if (routes_[i].server == server && (shares_[i].there || shares_[i].building)) return true;
  return false;
}

// The server, or the view, of a connection could not be built, as memory was short: who waits for it fails.
void Twin::starve(const Route& failed, bool server) {
  for (Route& route : routes_)
    route.starved = route.starved || (server ? route.server == failed.server : route.alike == failed.alike);
}

// Callouts that build, the answers to them, and the end of a construction that failed.
void Twin::fill_construction(Op& op, Made& made) {
  Event& event = made.event;
  const bool no_memory = op.low_memory && event.status == status::kInsufficientResources;
  made.possible = op.connection < kMaxConnections;
  if (!made.possible) return;
  const Route& route = routes_[op.connection];
  Place& server = servers_[route.server];
  Place& share = shares_[route.share];
  switch (event.kind) {
    case EventKind::create_srv_call:
      made.clause = 63;
      made.possible = event.value == 0 || (!server.building && !share_stands_on(route.server));
      op.asked_server = op.owes_server = true;
      op.asked_share = op.asked_view = false;
      server.serial = event.value;
      server.building = true;
      server.there = false;
      break;
    case EventKind::create_net_root:
      made.clause = 63;
      made.possible = !share.building && !share.there;
      op.asked_share = true;
      share.serial = event.value;
      share.building = true;
      break;
    case EventKind::create_v_net_root: {
      made.possible = find(event.value) == kNobody;
      op.asked_view = op.owes_view = true;
      if (!made.possible) return;
      View view;
      view.serial = event.value;
      view.connection = op.connection;
      views_.push_back(view);
      break;
    }
    case EventKind::answered:
      made.clause = 65;
      made.possible = op.owes_server || op.owes_view;
      if (op.owes_server) {
        if (no_memory) starve(route, true);
        event.status = no_memory ? event.status : route.server_status;
        server.building = false;
        server.there = event.status == status::kSuccess;
        op.owes_server = false;
      } else {
        if (no_memory) starve(route, false);
        const uint32_t asked = event.status;
        event.status = route.view_status != 0 ? route.view_status : route.share_status;
        if (route.conflicts && !op.conflicted) event.status = status::kNetworkCredentialConflict;
        if (no_memory) event.status = asked;
        if (op.asked_share && share.building) {
          share.building = false;
          share.there = route.share_status == status::kSuccess;
        }
        op.owes_view = false;
      }
      break;
    default: {  // bad
      const uint32_t asked = event.status;
      event.status = status::kBadNetworkPath;
      made.clause = 67;
      if (has(67)) event.status = status::kBadNetworkName;
      if (op.asked_server && route.server_status != 0) event.status = route.server_status;
      if (op.asked_share && route.share_status != 0) event.status = route.share_status;
      if (op.asked_view && route.view_status != 0) event.status = route.view_status;
      made.possible = route.server_status != 0 || route.share_status != 0 || route.view_status != 0 || route.starved;
      if (no_memory) event.status = asked;
      op.answer = event.status;
      if (route.conflicts && !no_memory && !(route.starved && event.status == asked)) {  // and tries once more
        made.possible = op.asked_view && !op.conflicted;
        op.conflicted = true;
        op.asked_server = op.asked_share = op.asked_view = false;
        event.status = status::kNetworkCredentialConflict;
      }
      const uint16_t index = find(event.value);
      if (index == kNobody || views_[index].connection != op.connection) break;
      views_[index].failed = true;
      views_[index].building = views_[index].named = false;
      break;
    }
  }
}

}  // namespace rxcheck::models::shadow
