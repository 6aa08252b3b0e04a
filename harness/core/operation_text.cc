// SPDX-License-Identifier: Apache-2.0
#include "harness/core/operation_text.h"

#include <algorithm>

#include "harness/core/program_rules.h"
#include "harness/core/status.h"

namespace rxcheck {
namespace {

// Whether reading the operations alone would give the path table; if not, it must be written out.
bool paths_are_in_order_of_use(const Program& program) {
  size_t seen = 0;
  for (const Operation& op : program.operations) {
    if (!uses_path(op)) continue;
    if (op.path > seen) return false;
    seen = std::max<size_t>(seen, op.path + 1U);
  }
  return seen == program.paths.size();
}

// What stands between the kind and the arrow.
void append_operands(const Program& program, const Operation& op, const std::vector<std::string>& names,
                     std::string& out) {
  if (uses_connection(op.kind)) out += " " + name_of(program.connections[op.connection]);
  if (needs_slot(op.kind)) out += " " + names[static_cast<size_t>(op.slot)];
  if (uses_path(op)) out += " " + program.paths[op.path];
  if (has_level(op.kind)) (out += " ") += name_of(op.level);
  if (op.kind == OpKind::set_routine) (out += " ") += name_of(op.routine);
  if (op.kind == OpKind::raw_add || op.kind == OpKind::raw_del) out += " " + std::to_string(op.length);
  if (op.redirector != Redirector::own) (out += " ") += name_of(op.redirector);
  if (op.nowait) out += " nowait";
  if (op.hold) out += " hold";
  if (op.bare) out += " bare";
  if (op.directory) out += " dir";
  if (op.keep) out += " keep";
  if (op.sync) out += " sync";
  if (op.transport) out += " transport";
  if (op.retry) out += " retry";
  if (op.cancelled) out += " cancelled";
  if (op.kind == OpKind::tick) out += " " + std::to_string(op.seconds);
}

}  // namespace

std::string name_of(const Connection& connection) {
  std::string name = connection.device != 0 ? std::string{connection.device, ':'} : connection.remote;
  if (connection.session != 1) name += "@" + std::to_string(connection.session);
  return name;
}

std::string_view name_of(Routine routine) {
  switch (routine) {
    case Routine::none:
      return "NULL";
    case Routine::a:
      return "A";
    case Routine::b:
      return "B";
    case Routine::c:
      return "C";
  }
  return "?";
}

std::vector<std::string> resource_names(const Program& program) {
  unsigned files = 0, trees = 0, requests = 0, contexts = 0;
  std::vector<std::string> names(program.operations.size());
  for (size_t i = 0; i < names.size(); ++i) {
    switch (produced_by(program.operations[i])) {
      case Resource::none:
        break;
      case Resource::file:
        names[i] = "f" + std::to_string(++files);
        break;
      case Resource::tree:
        names[i] = "t" + std::to_string(++trees);
        break;
      case Resource::request:
        names[i] = "r" + std::to_string(++requests);
        break;
      case Resource::context:
        names[i] = "k" + std::to_string(++contexts);
        break;
    }
  }
  return names;
}

std::string operation_text(const Program& program, size_t index, const std::vector<std::string>& names) {
  const Operation& op = program.operations[index];
  std::string text(name_of(op.kind));
  append_operands(program, op, names, text);
  if (!names[index].empty()) text += " -> " + names[index];
  return text;
}

void print_program_lines(const Program& program, std::string& out) {
  constexpr size_t kExpectationColumn = 36;
  if (!program.title.empty()) out += "title " + program.title + "\n";
  for (const Connection& connection : program.connections) {
    out += "connection ";
    if (connection.device != 0) (out += connection.device) += ": ";
    out += connection.remote;
    if (connection.session != 1) out += " user " + std::to_string(connection.session);
    out += "\n";
  }
  if (!paths_are_in_order_of_use(program))
    for (const std::string& path : program.paths) out += "path " + path + "\n";
  if (!program.variants.empty()) out += "variants " + names_of(program.variants) + "\n";
  if (program.low_memory != 0) out += "lowmemory " + std::to_string(program.low_memory) + "\n";
  const std::vector<std::string> names = resource_names(program);
  for (size_t i = 0; i < program.operations.size(); ++i) {
    const Operation& op = program.operations[i];
    std::string line = std::to_string(op.actor) + " " + operation_text(program, i, names);
    if (op.expected) {
      line.resize(std::max(line.size(), kExpectationColumn - 1), ' ');
      line += " => " + status::name_of(*op.expected);
    }
    out += line + "\n";
  }
}

}  // namespace rxcheck
