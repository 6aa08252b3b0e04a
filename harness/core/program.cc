// SPDX-License-Identifier: Apache-2.0
#include "harness/core/program.h"

#include <algorithm>
#include <array>

#include "harness/core/program_rules.h"

namespace rxcheck {

namespace {

constexpr std::array<std::string_view, kOpKinds> kKindNames = {
    "connect",    "tree",         "open",         "write",    "read",      "notify",      "close",    "finalize",
    "disconnect", "cancel",       "complete",     "set",      "reference", "dereference", "cecancel", "release",
    "await",      "list",         "letters",      "rawadd",   "rawdel",    "poll",        "stop",     "start",
    "teardown",   "finalizeview", "finalizeroot", "forceall", "tick"};

}  // namespace

std::string_view name_of(OpKind kind) {
  const auto index = static_cast<size_t>(kind);
  return index < kKindNames.size() ? kKindNames[index] : "?";
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::not_forced:
      return "FALSE";
    case Level::forced:
      return "TRUE";
    case Level::other:
      return "2";
    case Level::drop_reference:
      return "0xff";
  }
  return "?";
}

bool same_name(std::string_view one, std::string_view other) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(one, other, [&](char a, char b) { return lower(a) == lower(b); });
}

bool same_server(const Connection& one, const Connection& other) {
  const auto server = [](const Connection& connection) {
    return std::string_view(connection.remote).substr(0, connection.remote.find('\\', 2));
  };
  return same_name(server(one), server(other));
}

bool same_share(const Connection& one, const Connection& other) { return same_name(one.remote, other.remote); }

std::string_view name_of(Redirector redirector) {
  switch (redirector) {
    case Redirector::own:
      return "own";
    case Redirector::nfs41:
      return "nfs41";
    case Redirector::vboxsf:
      return "vboxsf";
    case Redirector::nulmrx:
      return "nulmrx";
  }
  return "?";
}

bool is_asynchronous(const Operation& op) {
  return op.kind == OpKind::read || op.kind == OpKind::notify || (op.asynchronous && op.kind != OpKind::close);
}

Resource produced_by(const Operation& op) {
  if (is_asynchronous(op) || (op.kind == OpKind::close && op.asynchronous)) return Resource::request;
  switch (op.kind) {
    case OpKind::open:
      return Resource::file;
    case OpKind::tree:
      return Resource::tree;
    case OpKind::reference:
      return Resource::context;
    default:
      return Resource::none;
  }
}

bool needs_slot(OpKind kind) {
  switch (kind) {
    case OpKind::write:
    case OpKind::read:
    case OpKind::notify:
    case OpKind::close:
    case OpKind::finalize_view:
    case OpKind::finalize_root:
    case OpKind::finalize:
    case OpKind::cancel:
    case OpKind::complete:
    case OpKind::set_routine:
    case OpKind::reference:
    case OpKind::dereference:
    case OpKind::await:
      return true;
    default:
      return false;
  }
}

bool uses_connection(OpKind kind) {
  switch (kind) {
    case OpKind::connect:
    case OpKind::tree:
    case OpKind::open:
    case OpKind::force_all:
    case OpKind::disconnect:
    case OpKind::ce_cancel:
    case OpKind::release:
    case OpKind::teardown:
    case OpKind::list:
    case OpKind::letters:
    case OpKind::raw_add:
    case OpKind::raw_del:
    case OpKind::poll:
      return true;
    default:
      return false;
  }
}

bool uses_path(const Operation& op) { return op.kind == OpKind::open || (op.kind == OpKind::connect && op.leftover); }

bool is_delete(OpKind kind) { return kind == OpKind::finalize || kind == OpKind::disconnect; }

bool adds_connection(const Operation& op) { return op.kind == OpKind::connect || op.redirector != Redirector::own; }

bool has_level(OpKind kind) { return is_delete(kind) || kind == OpKind::finalize_view; }

bool slot_fits(const Operation& user, const Operation& producer) {
  const Resource resource = produced_by(producer);
  switch (user.kind) {
    case OpKind::write:
    case OpKind::read:
      return resource == Resource::file && !producer.directory;
    case OpKind::notify:
    case OpKind::close:
      return resource == Resource::file || resource == Resource::tree;
    case OpKind::finalize_view:
    case OpKind::finalize_root:
    case OpKind::finalize:
      return resource == Resource::tree;
    case OpKind::cancel:
      return resource == Resource::request || producer.kind == OpKind::open;
    case OpKind::await:
      return resource == Resource::request;
    case OpKind::complete:
    case OpKind::set_routine:
    case OpKind::reference:
      return producer.kind == OpKind::read || producer.kind == OpKind::notify;
    case OpKind::dereference:
      return resource == Resource::context;
    default:
      return false;
  }
}

unsigned ordinal_in_actor(const Program& program, size_t index) {
  unsigned ordinal = 0;
  const uint8_t actor = program.operations[index].actor;
  for (size_t i = 0; i <= index; ++i) ordinal += program.operations[i].actor == actor;
  return ordinal;
}

unsigned actors_used(const Program& program) {
  unsigned count = 0;
  std::array<bool, 256> seen{};
  for (const Operation& op : program.operations) {
    count += !seen[op.actor];
    seen[op.actor] = true;
  }
  return count;
}

Program without(const Program& program, std::vector<bool>& remove) {
  const size_t count = program.operations.size();
  std::vector<int32_t> moved(count, kNoSlot);  // old index -> new one
  Program out;
  out.connections = program.connections;
  out.paths = program.paths;
  out.title = program.title;
  out.low_memory = program.low_memory;
  out.variants = program.variants;
  out.operations.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const int32_t slot = program.operations[i].slot;
    if (slot != kNoSlot && remove[static_cast<size_t>(slot)]) remove[i] = true;
    if (remove[i]) continue;
    moved[i] = static_cast<int32_t>(out.operations.size());
    out.operations.push_back(program.operations[i]);
    if (slot != kNoSlot) out.operations.back().slot = moved[static_cast<size_t>(slot)];
  }
  tidy_paths(out);
  return out;
}

void tidy_paths(Program& program) {
  constexpr uint8_t kUnset = 0xff;
  std::array<uint8_t, 256> moved;
  moved.fill(kUnset);
  std::vector<std::string> used;
  for (Operation& op : program.operations) {
    if (!uses_path(op)) continue;
    if (moved[op.path] == kUnset) {
      moved[op.path] = static_cast<uint8_t>(used.size());
      used.push_back(program.paths[op.path]);
    }
    op.path = moved[op.path];
  }
  program.paths = std::move(used);
}

void drop_unused_connections(Program& program) {
  std::array<bool, 256> used{};
  for (const Operation& op : program.operations)
    if (uses_connection(op.kind)) used[op.connection] = true;
  std::array<uint8_t, 256> moved{};
  std::vector<Connection> kept;
  for (size_t i = 0; i < program.connections.size(); ++i) {
    moved[i] = static_cast<uint8_t>(kept.size());
    if (used[i]) kept.push_back(std::move(program.connections[i]));
  }
  program.connections = std::move(kept);
  for (Operation& op : program.operations)
    if (uses_connection(op.kind)) op.connection = moved[op.connection];
}

}  // namespace rxcheck
