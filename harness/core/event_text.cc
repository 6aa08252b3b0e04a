// SPDX-License-Identifier: Apache-2.0
#include "harness/core/event_text.h"

#include <limits>
#include <vector>

#include "harness/core/history_text.h"
#include "harness/core/status.h"

namespace rxcheck {
namespace {

constexpr uint32_t kAnyWord = std::numeric_limits<uint32_t>::max();

// What an event of a kind always says in a word of its own. Status and value of other kinds are written `status=X` and
// `value=N` when they are not zero.
struct Shape {
  enum class Status : uint8_t { none, status, level } status = Status::none;
  bool routine = false;  // `value` is one, unless it is none of the three
};

Shape shape_of(EventKind kind) {
  switch (kind) {
    case EventKind::ret:
    case EventKind::completed:
    case EventKind::start:
    case EventKind::submit:
    case EventKind::finish:
    case EventKind::lookup:
    case EventKind::bad:
    case EventKind::answered:
    case EventKind::is_valid_directory:
    case EventKind::acquire:
    case EventKind::share_busy:
      return {Shape::Status::status, false};
    case EventKind::finalize:
      return {Shape::Status::level, false};
    case EventKind::set:
    case EventKind::cancel_routine:
    case EventKind::set_enter:
      return {Shape::Status::none, true};
    case EventKind::set_leave:
      return {Shape::Status::status, true};
    default:
      return {};
  }
}

bool is_routine(uint32_t value) { return value <= static_cast<uint32_t>(Routine::c); }

std::string_view level_name(uint32_t value) {
  return value <= 0xff ? name_of(static_cast<Level>(value)) : std::string_view("?");
}

std::optional<EventKind> parse_event_kind(std::string_view group, std::string_view word) {
  for (unsigned number = 1; number < 128; ++number) {
    const auto kind = static_cast<EventKind>(number);
    if (name_of(kind) == word && group_of(kind) == group) return kind;
  }
  return std::nullopt;
}

std::optional<uint32_t> parse_status(std::string_view word, Shape::Status shape) {
  if (shape == Shape::Status::level)
    for (const Level level : {Level::not_forced, Level::forced, Level::drop_reference, Level::other})
      if (name_of(level) == word) return static_cast<uint32_t>(level);
  return status::parse(word);
}

std::optional<uint32_t> parse_routine(std::string_view word) {
  for (const Routine routine : {Routine::none, Routine::a, Routine::b, Routine::c})
    if (name_of(routine) == word) return static_cast<uint32_t>(routine);
  return std::nullopt;
}

}  // namespace

std::string_view group_of(EventKind kind) {
  if (kind < EventKind::start) return "";
  if (kind < EventKind::create_srv_call) return "effect";
  return kind < EventKind::set_enter ? "callout" : "upcall";
}

std::string text_of(const Event& event, const OperationNames& names) {
  const auto line_of = [&](uint16_t operation) -> std::string {
    if (operation == kNoOperation) return "-";
    return operation < names.lines.size() ? names.lines[operation] : "?" + std::to_string(operation);
  };
  std::string text = line_of(event.operation) + " ";
  if (const std::string_view group = group_of(event.kind); !group.empty()) (text += group) += " ";
  text += name_of(event.kind);
  if (event.target != kNoOperation) {
    const bool produces = event.target < names.resources.size() && !names.resources[event.target].empty();
    text += " " + (produces ? names.resources[event.target] : line_of(event.target));
  }
  const Shape shape = shape_of(event.kind);
  const bool routine = shape.routine && is_routine(event.value);
  if (routine) (text += " ") += name_of(static_cast<Routine>(event.value));
  if (shape.status == Shape::Status::level && level_name(event.status) != "?")
    (text += " ") += level_name(event.status);
  else if (shape.status != Shape::Status::none)
    text += " " + status::name_of(event.status);
  else if (event.status != 0)
    text += " status=" + status::name_of(event.status);
  if (!routine && event.value != 0) text += " value=" + std::to_string(event.value);
  return text;
}

EventReader::EventReader(const ProgramReader& operations) : operations_(operations) {
  const OperationNames names = operation_names(operations.program());
  for (size_t i = 0; i < names.lines.size(); ++i) lines_[names.lines[i]] = static_cast<uint16_t>(i);
}

std::optional<uint16_t> EventReader::parse_operation(std::string_view word) const {
  if (word == "-") return kNoOperation;
  if (const auto line = lines_.find(word); line != lines_.end()) return line->second;
  if (const auto producer = operations_.find(word)) return static_cast<uint16_t>(*producer);
  return std::nullopt;
}

// From the back: value=, status=, the words that the kind demands; then a target may be left.
Result<Event> EventReader::read(const TextLine& line) const {
  std::vector<std::string_view> words = line.words;
  const auto wrong = [](std::string_view word, const char* what, const char* remedy) {
    return Error{"`" + std::string(word) + "` is " + what, "", remedy};
  };
  const auto take = [&] {
    const std::string_view word = words.back();
    words.pop_back();
    return word;
  };

  Event event;
  const auto operation = parse_operation(words[0]);
  if (!operation) return wrong(words[0], "no operation of this history", "write `a1.2`, or - for none");
  event.operation = *operation;
  const bool grouped = words.size() > 1 && (words[1] == "effect" || words[1] == "callout" || words[1] == "upcall");
  const size_t head = grouped ? 3 : 2;
  if (words.size() < head) return Error{"the event is missing", "", "write one, as `a1.2 call`"};
  const auto kind = parse_event_kind(grouped ? words[1] : "", words[head - 1]);
  if (!kind) return wrong(words[head - 1], "no such event", "see docs/format-rxh.md");
  event.kind = *kind;

  const Shape shape = shape_of(event.kind);
  bool routine = shape.routine;
  if (words.size() > head && words.back().starts_with("value=")) {
    const auto value = parse_number(take().substr(6), kAnyWord);
    if (!value || *value == 0 || (routine && is_routine(static_cast<uint32_t>(*value))))
      return Error{"the value is written otherwise", "",
                   "write `value=N`; leave out 0 and name a routine A, B, C or NULL"};
    event.value = static_cast<uint32_t>(*value);
    routine = false;
  }
  if (shape.status != Shape::Status::none) {
    if (words.size() == head) return Error{"the status is missing", "", "write it last, as SUCCESS"};
    const std::string_view word = take();
    const auto value = parse_status(word, shape.status);
    if (!value) return wrong(word, "not a status", "write a name as FILES_OPEN or 0xC0000107");
    event.status = *value;
  } else if (words.size() > head && words.back().starts_with("status=")) {
    const std::string_view word = take();
    const auto value = status::parse(word.substr(7));
    if (!value || *value == 0) return wrong(word, "not a status", "write `status=NAME`; leave out SUCCESS");
    event.status = *value;
  }
  if (routine) {
    const auto value = words.size() > head ? parse_routine(take()) : std::nullopt;
    if (!value) return Error{"the routine is missing", "", "write A, B, C or NULL"};
    event.value = *value;
  }
  if (words.size() == head) return event;
  const std::string_view word = take();
  const auto target = parse_operation(word);
  if (!target || *target == kNoOperation)
    return wrong(word, "nothing of this history", "write the name of a resource or `a1.2`");
  if (words.size() > head) return Error{"the event has too many words", "", "see docs/format-rxh.md"};
  event.target = *target;
  return event;
}

}  // namespace rxcheck
