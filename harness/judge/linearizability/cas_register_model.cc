// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/cas_register_model.h"

#include <fmt/format.h>

namespace rxcheck::linear {

namespace {

RegisterFunction register_function_of(const TimedOperation& operation) {
  return static_cast<RegisterFunction>(operation.function);
}

}  // namespace

Traits CasRegisterModel::traits(const TimedOperation& operation) {
  Traits traits;
  switch (register_function_of(operation)) {
    case RegisterFunction::read:
      traits.pure = true;
      if (operation.result != kUnknown) traits.needs = operation.result;
      break;
    case RegisterFunction::write:
      traits.makes = operation.argument;
      break;
    case RegisterFunction::cas:
      traits.pure = operation.result == kNoMatch;
      if (traits.pure) break;
      traits.makes = operation.argument2;
      if (operation.result == kMatch) traits.needs = operation.argument;
      break;
  }
  return traits;
}

void CasRegisterModel::step(State state, const TimedOperation& operation, const Traits&,
                            std::vector<State>& successors) {
  switch (register_function_of(operation)) {
    case RegisterFunction::read:
      if (operation.result == kUnknown || operation.result == state) successors.push_back(state);
      return;
    case RegisterFunction::write:
      successors.push_back(operation.argument);
      return;
    case RegisterFunction::cas:
      break;
  }
  if (state == operation.argument) {
    if (operation.result != kNoMatch) successors.push_back(operation.argument2);
  } else if (operation.result != kMatch) {
    successors.push_back(state);
  }
}

std::string CasRegisterModel::text_of(const TimedOperation& operation) const {
  const Words& words = history_.words;
  switch (register_function_of(operation)) {
    case RegisterFunction::read:
      if (operation.result == kUnknown) return "read, whose result is not known";
      return fmt::format("read returned {}", words[operation.result]);
    case RegisterFunction::write:
      return fmt::format("write of {}", words[operation.argument]);
    case RegisterFunction::cas:
      break;
  }
  return fmt::format("cas from {} to {}{}", words[operation.argument], words[operation.argument2],
                     operation.result == kMatch     ? " matched"
                     : operation.result == kNoMatch ? " did not match"
                                                    : ", whose result is not known");
}

std::string CasRegisterModel::why_refused(std::span<const TimedOperation>, State state,
                                          const TimedOperation& operation) const {
  return fmt::format("{}, the register holds {}", text_of(operation), history_.words[state]);
}

}  // namespace rxcheck::linear
