// SPDX-License-Identifier: Apache-2.0
//
// The printing half of mpr_program_text.h; the reading half is in mpr_program_reader.cc.
#include "harness/core/mpr_program_text.h"

#include <algorithm>

#include "harness/core/operation_text.h"
#include "harness/core/program_text.h"
#include "harness/core/win32_error.h"

namespace rxcheck::mpr {

namespace {

// The name of the file that the operation opens: f1, f2...
std::string file_name(const Program& program, size_t index) {
  const auto begin = program.operations.begin();
  return "f" + std::to_string(1 + std::count_if(begin, begin + static_cast<ptrdiff_t>(index),
                                                [](const Operation& op) { return op.kind == OpKind::open; }));
}

}  // namespace

std::string operation_text(const Program& program, size_t index) {
  const Operation& op = program.operations[index];
  std::string out = std::string(name_of(op.kind)) + " ";
  out += op.kind == OpKind::close ? file_name(program, static_cast<size_t>(op.slot))
                                  : rxcheck::name_of(program.connections[op.connection]);
  if (op.kind == OpKind::cancel) out += op.force ? " TRUE" : " FALSE";
  if (op.current) out += " current";
  if (op.function != 0) out += " " + std::string(function_of(op));
  if (op.kind == OpKind::open) out += " -> " + file_name(program, index);
  return out;
}

std::string print(const ProgramFile& file) {
  const Program& program = file.program;
  std::string out = "rxp " + std::to_string(kRouterFormatVersion) + "\nsurface mpr\n";
  if (!program.title.empty()) out += "title " + program.title + "\n";
  for (const Provider& provider : program.providers) {
    out += "provider " + provider.name;
    if (!provider.server.empty()) out += " serves " + provider.server;
    for (const Fault fault : provider.faults) out += " " + std::string(name_of(fault));
    out += "\n";
  }
  for (const std::string& name : program.notifyees) out += "notifyee " + name + "\n";
  for (const Connection& connection : program.connections) {
    out += "connection ";
    if (connection.device != 0) out += rxcheck::name_of(connection) + " ";
    out += connection.remote + "\n";
  }
  for (size_t i = 0; i < program.operations.size(); ++i) {
    out += "1 " + operation_text(program, i);
    if (const auto& expected = program.operations[i].expected) out += " => " + win32::name_of(*expected);
    out += "\n";
  }
  if (file.expectation) out += expectation_line(*file.expectation);
  return out + "end\n";
}

}  // namespace rxcheck::mpr
