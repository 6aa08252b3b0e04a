// SPDX-License-Identifier: Apache-2.0
#include "harness/targets/probe_requests.h"

#include <algorithm>
#include <cstring>

namespace rxcheck {

namespace {

uint32_t flags_of(const Operation& op) {
  uint32_t flags = 0;
  if (op.hold) flags |= RXPROBE_FLAG_HOLD;
  if (op.bare) flags |= RXPROBE_FLAG_BARE;
  if (op.sync) flags |= RXPROBE_FLAG_SYNC;
  if (op.directory) flags |= RXPROBE_FLAG_DIRECTORY;
  if (op.retry) flags |= RXPROBE_FLAG_RETRY;
  if (op.keep) flags |= RXPROBE_FLAG_KEEP;
  if (op.nowait) flags |= RXPROBE_FLAG_NOWAIT;
  if (op.transport) flags |= RXPROBE_FLAG_TRANSPORT;
  return flags | static_cast<uint32_t>(op.redirector) << RXPROBE_FLAG_LIKE_SHIFT;
}

// Those that name the request or context by `slot` in Target; all others that use one name a handle.
bool names_target(OpKind kind) {
  return kind == OpKind::complete || kind == OpKind::set_routine || kind == OpKind::reference;
}

// Those whose own number is the key of what they produce.
bool makes_key(OpKind kind) { return kind == OpKind::tree || kind == OpKind::open || kind == OpKind::reference; }

uint32_t code_of(OpKind kind) {
  switch (kind) {
    case OpKind::connect:
      return IOCTL_RXPROBE_CONNECT;
    case OpKind::tree:
      return IOCTL_RXPROBE_TREE;
    case OpKind::open:
      return IOCTL_RXPROBE_OPEN;
    case OpKind::write:
      return IOCTL_RXPROBE_WRITE;
    case OpKind::read:
      return IOCTL_RXPROBE_READ;
    case OpKind::notify:
      return IOCTL_RXPROBE_NOTIFY;
    case OpKind::finalize:
      return IOCTL_RXPROBE_FINALIZE;
    case OpKind::disconnect:
      return IOCTL_RXPROBE_DISCONNECT;
    case OpKind::complete:
      return IOCTL_RXPROBE_COMPLETE;
    case OpKind::set_routine:
      return IOCTL_RXPROBE_SET_ROUTINE;
    case OpKind::reference:
      return IOCTL_RXPROBE_REFERENCE;
    case OpKind::dereference:
      return IOCTL_RXPROBE_DEREFERENCE;
    case OpKind::finalize_view:
      return IOCTL_RXPROBE_FINALIZE_VIEW;
    case OpKind::finalize_root:
      return IOCTL_RXPROBE_FINALIZE_ROOT;
    case OpKind::force_all:
      return IOCTL_RXPROBE_FORCE_ALL;
    case OpKind::ce_cancel:
      return IOCTL_RXPROBE_CE_CANCEL;
    case OpKind::release:
      return IOCTL_RXPROBE_RELEASE;
    case OpKind::list:
      return IOCTL_RXPROBE_LIST;
    case OpKind::letters:
      return IOCTL_RXPROBE_LETTERS;
    case OpKind::poll:
      return IOCTL_RXPROBE_POLL;
    case OpKind::raw_add:
      return IOCTL_RXPROBE_RAW_ADD;
    case OpKind::raw_del:
      return IOCTL_RXPROBE_RAW_DEL;
    case OpKind::teardown:
      return IOCTL_RXPROBE_TEAR_DOWN;
    case OpKind::stop:
      return IOCTL_RXPROBE_STOP;
    case OpKind::start:
      return IOCTL_RXPROBE_START;
    case OpKind::close:
    case OpKind::cancel:
    case OpKind::await:
    case OpKind::tick:
      break;
  }
  return 0;
}

bool is_raw(OpKind kind) { return kind == OpKind::raw_add || kind == OpKind::raw_del; }

}  // namespace

void ProbeRequests::prepare(const Program& program) {
  names_.resize(program.connections.size());
  for (size_t i = 0; i < names_.size(); ++i) {
    const Connection& connection = program.connections[i];
    names_[i].clear();
    if (connection.device != 0) {
      names_[i] = u"\\;?:";
      names_[i][2] = static_cast<char16_t>(connection.device);
    }
    for (char c : connection.remote.substr(1))
      names_[i].push_back(static_cast<char16_t>(static_cast<unsigned char>(c)));
  }
  paths_.resize(program.paths.size());
  for (size_t i = 0; i < paths_.size(); ++i) paths_[i].assign(program.paths[i].begin(), program.paths[i].end());
}

void ProbeRequests::put_name(const Program& program, const Operation& op, RXPROBE_REQUEST& request) const {
  request.Session = program.connections[op.connection].session;
  if (op.kind == OpKind::list) return;  // of all
  if (op.kind == OpKind::teardown) {    // names the server only
    const std::string& remote = program.connections[op.connection].remote;
    const std::u16string server(remote.begin() + 1, remote.begin() + static_cast<ptrdiff_t>(remote.find('\\', 2)));
    std::memcpy(request.Name, server.data(), server.size() * 2);
    request.NameLength = request.ConnectionLength = static_cast<uint16_t>(server.size() * 2);
    return;
  }
  const std::u16string& name = names_[op.connection];
  size_t length = std::min<size_t>(name.size() * 2, RXPROBE_NAME_MAX);
  std::memcpy(request.Name, name.data(), length);
  request.ConnectionLength = static_cast<uint16_t>(length);
  if (uses_path(op)) {
    const std::u16string& path = paths_[op.path];
    const size_t more = std::min<size_t>(path.size() * 2, RXPROBE_NAME_MAX - length);
    std::memcpy(reinterpret_cast<uint8_t*>(request.Name) + length, path.data(), more);
    length += more;
  }
  request.NameLength = static_cast<uint16_t>(length);
  if (is_raw(op.kind)) request.NameLength = request.ConnectionLength = 0;  // the name is what the buffer has room for
}

uint32_t ProbeRequests::encode(const Program& program, uint16_t index, ProbeRequest& out) const {
  const Operation& op = program.operations[index];
  RXPROBE_REQUEST& request = out.request;
  std::memset(&request, 0, sizeof request);
  request.Tag = index + 1u;
  if (uses_connection(op.kind)) put_name(program, op, request);
  const uint32_t slot = op.slot == kNoSlot ? 0 : static_cast<uint32_t>(op.slot) + 1;
  (names_target(op.kind) ? request.Target : request.Handle) = slot;
  if (makes_key(op.kind)) request.Handle = index + 1u;
  request.Flags = flags_of(op);
  if (has_level(op.kind)) request.Argument = static_cast<uint32_t>(op.level);
  if (op.kind == OpKind::set_routine) request.Argument = static_cast<uint32_t>(op.routine);
  return code_of(op.kind);
}

void ProbeRequests::encode_close(uint16_t index, const Operation& op, ProbeRequest& out) {
  std::memset(&out.request, 0, sizeof out.request);
  out.request.Tag = index + 1u;
  out.request.Handle = static_cast<uint32_t>(op.slot) + 1;
}

uint32_t ProbeRequests::input_length(const Operation& op, const ProbeRequest& request) {
  if (is_raw(op.kind)) return RXPROBE_REQUEST_HEADER + op.length;
  return RXPROBE_REQUEST_HEADER + std::max<uint32_t>(request.request.NameLength, 2);
}

std::optional<uint32_t> ProbeRequests::find_in_list(const Operation& op, const RXPROBE_LIST& list) const {
  const std::u16string& name = names_[op.connection];
  for (uint32_t i = 0; i < std::min<uint32_t>(list.Count, RXPROBE_LIST_MAX); ++i) {
    const RXPROBE_LIST_ENTRY& entry = list.Entries[i];
    if (entry.NameLength == name.size() && std::memcmp(entry.Name, name.data(), name.size() * 2) == 0)
      return entry.Serial;
  }
  return std::nullopt;
}

}  // namespace rxcheck
