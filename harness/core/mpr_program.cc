// SPDX-License-Identifier: Apache-2.0
#include "harness/core/mpr_program.h"

#include <algorithm>
#include <set>

#include "harness/core/program_rules.h"
#include "harness/core/text_file.h"

namespace rxcheck::mpr {

namespace {

std::optional<std::string> why_bad_installed_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= kMaxInstalledName &&
                    std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
  if (good) return std::nullopt;
  return quoted(name) + " is not a name of 1 to " + std::to_string(kMaxInstalledName) + " small letters and digits";
}

std::optional<std::string> why_bad_installed(const Program& program) {
  if (program.providers.size() > kMaxInstalled || program.notifyees.size() > kMaxInstalled)
    return "there are more than " + std::to_string(kMaxInstalled) + " providers or notifyees";
  std::set<std::string> names;
  for (const Provider& provider : program.providers) {
    if (auto why = why_bad_installed_name(provider.name)) return why;
    if (!names.insert(provider.name).second) return quoted(provider.name) + " is there twice";
    if (!provider.server.empty() && why_bad_remote(provider.server + "\\share"))
      return quoted(provider.server) + " is not a server's name";
    if (!std::ranges::is_sorted(provider.faults) ||
        std::ranges::adjacent_find(provider.faults) != provider.faults.end())
      return "a fault of " + quoted(provider.name) + " is there twice or out of order";
  }
  for (const std::string& name : program.notifyees) {
    if (auto why = why_bad_installed_name(name)) return why;
    if (!names.insert(name).second) return quoted(name) + " is there twice";
  }
  return std::nullopt;
}

std::optional<std::string> why_bad_connections(const Program& program) {
  rxcheck::Program kernel;  // the rules about names are the same
  kernel.connections = program.connections;
  for (size_t i = 0; i < kernel.connections.size(); ++i) {
    if (auto why = rxcheck::why_bad_connection(kernel, i)) return why;
    if (kernel.connections[i].session != 1) return "this surface has one logon session";
  }
  return std::nullopt;
}

std::optional<std::string> why_bad_operation(const Program& program, size_t index) {
  const Operation& op = program.operations[index];
  const bool closes = op.kind == OpKind::close;
  if (closes ? op.connection != 0 : op.connection >= program.connections.size()) return "it names no connection";
  if (closes ? op.slot < 0 || static_cast<size_t>(op.slot) >= index : op.slot != kNoSlot)
    return "it uses a file that nothing before it opens";
  if (closes && program.operations[static_cast<size_t>(op.slot)].kind != OpKind::open)
    return "it closes what is no file";
  if (op.force && op.kind != OpKind::cancel) return "only netcancel has a force";
  if (op.current && op.kind != OpKind::open) return "only netopen has a current directory";
  const size_t functions = op.kind == OpKind::add      ? kAddFunctions.size()
                           : op.kind == OpKind::cancel ? kCancelFunctions.size()
                                                       : 1;
  if (op.function >= functions) return "it calls a function that there is not";
  return std::nullopt;
}

}  // namespace

std::string_view name_of(OpKind kind) {
  switch (kind) {
    case OpKind::add:
      return "netadd";
    case OpKind::cancel:
      return "netcancel";
    case OpKind::open:
      return "netopen";
    case OpKind::close:
      return "netclose";
    case OpKind::list:
      return "netlist";
  }
  return "?";
}

std::string_view name_of(Fault fault) {
  switch (fault) {
    case Fault::ignores_force:
      return "ignores-force";
    case Fault::ignores_open_files:
      return "ignores-open-files";
    case Fault::cancels_share:
      return "cancels-share";
  }
  return "?";
}

std::string_view function_of(const Operation& op) {
  if (op.kind == OpKind::add) return kAddFunctions[op.function];
  if (op.kind == OpKind::cancel) return kCancelFunctions[op.function];
  return "";
}

std::optional<std::string> why_invalid(const Program& program) {
  if (auto why = why_bad_title(program.title)) return why;
  if (auto why = why_bad_installed(program)) return why;
  if (auto why = why_bad_connections(program)) return why;
  if (program.operations.size() > kMaxOperations) return "there are too many operations";
  if (static_cast<size_t>(std::ranges::count(program.operations, OpKind::open, &Operation::kind)) > kMaxFiles)
    return "it opens more than " + std::to_string(kMaxFiles) + " files";
  for (size_t i = 0; i < program.operations.size(); ++i)
    if (auto why = why_bad_operation(program, i))
      return "operation " + std::to_string(i + 1) + " (" + std::string(name_of(program.operations[i].kind)) +
             "): " + *why;
  return std::nullopt;
}

}  // namespace rxcheck::mpr
