// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/history_builder.h"

#include <fmt/format.h>

namespace rxcheck::linear {

std::optional<Error> HistoryBuilder::call(TimedOperation operation, unsigned line) {
  const auto open = open_.find(operation.process);
  if (open != open_.end() && !open->second.given_up)
    return Error{fmt::format("process {} calls while its call of line {} is open", operation.process,
                             history_.operations[open->second.operation].call_line),
                 "", "give each process one operation at a time"};
  operation.call = moment_++;
  operation.call_line = line;
  open_[operation.process] = {history_.operations.size()};
  history_.operations.push_back(operation);
  return std::nullopt;
}

Result<TimedOperation*> HistoryBuilder::ret(uint32_t process, uint32_t function, unsigned line) {
  const auto open = open_.find(process);
  if (open == open_.end())
    return Error{fmt::format("process {} returns from no call", process), "",
                 "add the line of the call, or take this one out"};
  TimedOperation& operation = history_.operations[open->second.operation];
  if (operation.function != function)
    return Error{fmt::format("process {} returns from another operation than it called in line {}", process,
                             operation.call_line),
                 "", "let call and return name the same operation"};
  operation.ret = moment_++;
  operation.return_line = line;
  open_.erase(open);
  return &operation;
}

void HistoryBuilder::give_up(uint32_t process) {
  if (const auto open = open_.find(process); open != open_.end()) open->second.given_up = true;
}

}  // namespace rxcheck::linear
