// SPDX-License-Identifier: Apache-2.0
#include "harness/core/program_rules.h"

#include <algorithm>

#include "harness/core/text_file.h"

namespace rxcheck {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_name_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '$';
}

bool is_name(std::string_view name) { return !name.empty() && std::ranges::all_of(name, is_name_character); }

}  // namespace

std::optional<std::string> why_bad_title(std::string_view title) {
  if (title.size() > kMaxTitle) return "the title is longer than " + std::to_string(kMaxTitle) + " characters";
  if (!std::ranges::all_of(title, [](char c) { return c >= ' ' && c <= '~'; }))
    return "the title is not printable ASCII";
  if (!title.empty() && (title.front() == ' ' || title.back() == ' ')) return "the title begins or ends with a blank";
  return std::nullopt;
}

std::optional<std::string> why_bad_remote(std::string_view remote) {
  if (remote.size() > kMaxRemote) return "the remote name is longer than " + std::to_string(kMaxRemote) + " characters";
  const size_t middle = remote.find('\\', 2);
  if (!remote.starts_with("\\\\") || middle == std::string_view::npos || !is_name(remote.substr(2, middle - 2)) ||
      !is_name(remote.substr(middle + 1)))
    return quoted(remote) + " is not a remote name";
  return std::nullopt;
}

std::optional<std::string> why_bad_path(std::string_view path) {
  if (path.size() > kMaxPath) return "the path is longer than " + std::to_string(kMaxPath) + " characters";
  if (path == "\\") return std::nullopt;
  for (size_t at = 0; at < path.size();) {
    const size_t next = std::min(path.find('\\', at + 1), path.size());
    if (path[at] != '\\' || !is_name(path.substr(at + 1, next - at - 1))) return quoted(path) + " is not a path";
    at = next;
  }
  if (path.empty()) return "a path is empty";
  return std::nullopt;
}

std::optional<std::string> why_bad_connection(const Program& program, size_t index) {
  const Connection& connection = program.connections[index];
  if (index >= kMaxConnections) return "there are more than " + std::to_string(kMaxConnections) + " connections";
  if (connection.device != 0 && (connection.device < 'A' || connection.device > 'Z'))
    return "a device is not a letter from A to Z";
  if (connection.session < 1 || connection.session > kMaxSessions)
    return "logon sessions are numbered from 1 to " + std::to_string(kMaxSessions);
  if (auto why = why_bad_remote(connection.remote)) return why;
  for (size_t i = 0; i < index; ++i) {
    const Connection& other = program.connections[i];
    if (other.device != connection.device || other.session != connection.session) continue;
    if (connection.device != 0) return std::string("there are two connections ") + connection.device + ":";
    if (same_share(other, connection)) return "there are two connections " + connection.remote;
  }
  return std::nullopt;
}

std::optional<std::string> why_bad_operation(const Program& program, size_t index, uint8_t lowest_actor) {
  const Operation& op = program.operations[index];
  if (static_cast<unsigned>(op.kind) >= kOpKinds) return "it is of no known kind";
  if (op.actor < lowest_actor || op.actor > kMaxActors)
    return "actors are numbered from " + std::to_string(lowest_actor) + " to " + std::to_string(kMaxActors);

  if (uses_connection(op.kind) ? op.connection >= program.connections.size() : op.connection != 0)
    return "it names no connection";
  if (uses_path(op) ? op.path >= program.paths.size() : op.path != 0) return "it names no path";

  if (!needs_slot(op.kind)) {
    if (op.slot != kNoSlot) return "it uses a resource but needs none";
  } else {
    if (op.slot < 0 || static_cast<size_t>(op.slot) >= index)
      return "it uses a resource that nothing before it produces";
    if (!slot_fits(op, program.operations[static_cast<size_t>(op.slot)])) return "it uses a resource of the wrong kind";
  }

  const bool deletes = is_delete(op.kind);
  const bool forced = op.level == Level::forced && op.kind == OpKind::finalize_view;
  if (deletes ? name_of(op.level) == "?" : op.level != Level::not_forced && !forced)
    return "it has a level that means nothing";
  if (op.redirector != Redirector::own && (op.kind != OpKind::disconnect || op.level != Level::forced))
    return "only disconnect with level TRUE can be like nfs41's, vboxsf's or nulmrx's";
  if (op.kind == OpKind::set_routine ? op.routine > Routine::c : op.routine != Routine::none)
    return "it has a routine that means nothing";
  if (op.hold && op.kind != OpKind::connect && op.kind != OpKind::open) return "only connect and open can be held";
  if (op.asynchronous && !deletes && op.kind != OpKind::connect && op.kind != OpKind::close)
    return "only connect, close, finalize and disconnect produce a request by choice";
  if (op.nowait && !deletes) return "only finalize and disconnect can be told not to wait";
  if (op.leftover && op.kind != OpKind::connect) return "only connect can go on with a path";
  const bool raw = op.kind == OpKind::raw_add || op.kind == OpKind::raw_del;
  if (op.length > (raw ? kMaxRawLength : 0))
    return "a bare name that is too short has 0 to " + std::to_string(kMaxRawLength) + " bytes";
  if (op.bare && op.kind != OpKind::read && op.kind != OpKind::notify) return "only read and notify can be bare";
  if (op.keep && op.kind != OpKind::open) return "only what is opened can be kept";
  if (op.kind == OpKind::tick ? op.seconds == 0 || op.seconds > kMaxSeconds : op.seconds != 0)
    return "a tick is from 1 to " + std::to_string(kMaxSeconds) + " seconds, and nothing else is one";
  if (op.directory && op.kind != OpKind::open) return "only what is opened can be a directory";
  if (op.kind == OpKind::open && !op.directory && program.paths[op.path] == "\\")
    return "the root of a share is a directory: it lacks `dir`";
  if (op.sync && op.kind != OpKind::read && op.kind != OpKind::notify) return "only read and notify can be sync";
  if (op.sync && op.bare) return "what the server answers at once is neither bare nor not";
  if (op.transport && (op.kind != OpKind::disconnect || op.redirector != Redirector::own))
    return "only disconnect in the own way can be told of the transport";
  if (op.retry && op.kind != OpKind::open) return "only open can be retried";
  if (op.cancelled && op.kind != OpKind::connect && op.kind != OpKind::open && op.kind != OpKind::write &&
      op.kind != OpKind::read && op.kind != OpKind::notify)
    return "only connect, open, write, read and notify can be cancelled before they are dispatched";
  return std::nullopt;
}

std::optional<std::string> why_invalid(const Program& program, size_t environment) {
  if (auto why = why_bad_title(program.title)) return why;
  for (size_t i = 0; i < program.connections.size(); ++i)
    if (auto why = why_bad_connection(program, i)) return "connection " + std::to_string(i + 1) + ": " + *why;
  if (program.paths.size() > kMaxPaths) return "there are more than " + std::to_string(kMaxPaths) + " paths";
  for (size_t i = 0; i < program.paths.size(); ++i) {
    if (auto why = why_bad_path(program.paths[i])) return why;
    const auto here = program.paths.begin() + static_cast<ptrdiff_t>(i);
    if (std::find(program.paths.begin(), here, *here) != here)
      return "the path " + quoted(program.paths[i]) + " is there twice";
  }
  const size_t count = program.operations.size();
  if (std::min(environment, count) > kMaxOperations || count > kMaxHistoryOperations)
    return "there are too many operations";
  for (size_t i = 0; i < count; ++i) {
    auto why = why_bad_operation(program, i, i < environment ? 1 : 0);
    if (!why && i >= environment && program.operations[i].actor != 0)
      why = "it follows the environment's but is not of actor 0";
    if (why)
      return "operation " + std::to_string(i + 1) + " (" + std::string(name_of(program.operations[i].kind)) +
             "): " + *why;
  }
  return std::nullopt;
}

std::optional<std::string> why_invalid(const Program& program) {
  return why_invalid(program, program.operations.size());
}

}  // namespace rxcheck
