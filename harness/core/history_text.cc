// SPDX-License-Identifier: Apache-2.0
#include "harness/core/history_text.h"

#include <array>

#include "harness/core/event_text.h"
#include "harness/core/operation_text.h"
#include "harness/core/schedule_text.h"
#include "harness/core/text_file.h"

namespace rxcheck {

OperationNames operation_names(const Program& program) {
  std::array<uint16_t, 256> last{};
  OperationNames names;
  names.lines.reserve(program.operations.size());
  for (const Operation& op : program.operations)
    names.lines.push_back(text_of(Line{op.actor, false, ++last[op.actor]}));
  names.resources = resource_names(program);
  return names;
}

std::string canonical_trace(const History& history) {
  const OperationNames names = operation_names(history.program);
  std::string out;
  out.reserve(history.events.size() * 32);
  for (const Event& event : history.events) (out += text_of(event, names)) += '\n';
  return out;
}

std::string print(const History& history) {
  std::string out = "rxh " + std::to_string(kHistoryFormatVersion) + "\n";
  print_program_lines(history.program, out);
  return out + "events\n" + canonical_trace(history) + "end\n";
}

Result<History> parse_history(std::string_view text, const std::string& name) {
  const auto lines =
      read_lines(text, name, "rxh", {kHistoryFormatVersion, kHistoryFormatVersion}, kMaxHistoryFileBytes);
  if (!lines) return lines.error();
  History history;
  ProgramReader operations(0);
  auto line = lines->begin();
  for (; line != lines->end() && line->text != "events"; ++line) {
    if (!ProgramReader::is_program_line(*line))
      return at_line(
          {"`" + std::string(line->words[0]) + "` begins no line before `events`", "", "see docs/format-rxh.md"}, name,
          line->number);
    if (auto error = operations.read(*line)) return at_line(std::move(*error), name, line->number);
    const auto& read = operations.program().operations;
    if (read.empty() || read.back().actor == 0) continue;
    if (++history.program_operations != read.size())
      return at_line({"an operation of a program follows the environment's", "", "put those of actor 0 last"}, name,
                     line->number);
  }
  if (line == lines->end()) return Error{"there is no line `events`", name, "put it between operations and events"};

  EventReader events(operations);
  for (++line; line != lines->end(); ++line) {
    Result<Event> event = events.read(*line);
    if (!event) return at_line(event.error(), name, line->number);
    history.events.push_back(*event);
  }
  history.program = operations.take();
  return history;
}

Result<History> load_history(const std::string& path) {
  const auto text = read_text_file(path, kMaxHistoryFileBytes);
  if (!text) return text.error();
  return parse_history(text.value(), path);
}

}  // namespace rxcheck
