// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict.h"

#include <fmt/format.h>

namespace rxcheck {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::clean:
      return "clean";
    case Verdict::divergent:
      return "divergent";
    case Verdict::drift:
      return "drift";
    case Verdict::nondeterministic:
      return "nondeterministic";
    case Verdict::left_schedule:
      return "left-schedule";
    case Verdict::lab_fault:
      return "lab-fault";
    case Verdict::incomplete:
      return "incomplete";
  }
  return "incomplete";
}

std::string label_of(const Program& program, uint16_t operation) {
  if (operation >= program.operations.size()) return "-";
  return fmt::format("a{}.{}", program.operations[operation].actor, ordinal_in_actor(program, operation));
}

std::string_view kind_of(const Program& program, uint16_t operation) {
  return operation < program.operations.size() ? name_of(program.operations[operation].kind) : "-";
}

}  // namespace rxcheck
