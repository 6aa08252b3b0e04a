// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/porcupine_kv.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/core/text_file.h"
#include "harness/judge/linearizability/history_builder.h"
#include "harness/judge/linearizability/kv_model.h"

namespace rxcheck::linear {

namespace {

// A line's values; of each at most one.
struct Line {
  std::optional<uint32_t> process;
  std::optional<std::string_view> type, function;
  std::optional<std::string> key, value;
  bool has_value = false;  // also nil
};

Error cut_off() { return {"the line ends within its map", "", "get the whole file, or take the line out"}; }

// Reads the few kinds of EDN that the format has. Blanks and commas separate.
class MapReader {
 public:
  explicit MapReader(std::string_view text) : rest_(text) {}

  std::optional<Error> read(Line& line) {
    skip_blanks();
    if (!take('{')) return Error{"the line is not a map", "", "begin it with {, or check the format of the file"};
    for (skip_blanks(); !take('}'); skip_blanks()) {
      if (rest_.empty()) return cut_off();
      if (auto error = read_pair(line)) return error;
    }
    skip_blanks();
    if (!rest_.empty()) return Error{"there is something after the map", "", "write one map a line"};
    return std::nullopt;
  }

 private:
  std::optional<Error> read_pair(Line& line) {
    const std::string_view name = take_word();
    skip_blanks();
    if (rest_.empty()) return cut_off();
    bool twice = false;
    if (name == ":process") {
      const auto number = parse_number(take_word(), kMaxProcess);
      if (!number) return Error{"`:process` is not a number", "", "number the processes from 0"};
      twice = line.process.has_value();
      line.process = static_cast<uint32_t>(*number);
    } else if (name == ":type" || name == ":f") {
      auto& word = name == ":f" ? line.function : line.type;
      twice = word.has_value();
      word = take_word();
    } else if (name == ":key") {
      twice = line.key.has_value();
      if (rest_[0] != '"') return Error{"`:key` is not a text", "", "write it between double quotes"};
      return twice ? said_twice(name) : take_text(line.key);
    } else if (name == ":value") {
      twice = line.has_value;
      line.has_value = true;
      if (twice) return said_twice(name);
      if (rest_[0] == '"') return take_text(line.value);
      if (take_word() != "nil")
        return Error{"`:value` is neither nil nor a text", "", "write it between double quotes"};
    } else {
      return Error{fmt::format("{} is not one of :process :type :f :key :value", quoted(name)), "", "take it out"};
    }
    return twice ? said_twice(name) : std::nullopt;
  }

  static std::optional<Error> said_twice(std::string_view name) {
    return Error{fmt::format("{} stands twice in the map", quoted(name)), "", "leave one"};
  }

  bool take(char character) {
    if (rest_.empty() || rest_[0] != character) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t,\r"), rest_.size())); }

  std::string_view take_word() {
    const size_t length = std::min(rest_.find_first_of(" \t,\r{}\""), rest_.size());
    const std::string_view word = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return word;
  }

  std::optional<Error> take_text(std::optional<std::string>& text) {
    text.emplace();
    for (size_t at = 1; at < rest_.size(); ++at) {
      char character = rest_[at];
      if (character == '"') {
        rest_.remove_prefix(at + 1);
        return std::nullopt;
      }
      if (character == '\\') {
        constexpr std::string_view kEscapes = "\"\\ntr", kMeant = "\"\\\n\t\r";
        if (++at == rest_.size()) break;
        const size_t escape = kEscapes.find(rest_[at]);
        if (escape == std::string_view::npos)
          return Error{fmt::format("`\\{}` is no escape", rest_[at]), "", "use \\\" \\\\ \\n \\t or \\r"};
        character = kMeant[escape];
      }
      text->push_back(character);
    }
    return cut_off();
  }

  std::string_view rest_;
};

std::optional<Error> missing(std::string_view name) {
  return Error{fmt::format("`{}` is missing", name), "", "see docs/checker.md for the format"};
}

std::optional<KvFunction> kv_function_named(std::string_view name) {
  if (name == ":get") return KvFunction::get;
  if (name == ":put") return KvFunction::put;
  if (name == ":append") return KvFunction::append;
  return std::nullopt;
}

std::optional<Error> add(const Line& line, unsigned number, TimedHistory& history, HistoryBuilder& builder) {
  if (!line.process) return missing(":process");
  if (!line.type) return missing(":type");
  if (!line.function) return missing(":f");
  if (!line.key) return missing(":key");
  if (!line.has_value) return missing(":value");
  const auto function = kv_function_named(*line.function);
  if (!function)
    return Error{fmt::format("{} is no operation", quoted(*line.function)), "", "use :get, :put or :append"};
  const bool is_call = *line.type == ":invoke";
  if (!is_call && *line.type != ":ok")
    return Error{fmt::format("{} is no type", quoted(*line.type)), "",
                 "use :invoke or :ok, and leave out the return of an operation whose end is not known"};
  const bool has_text = *function != KvFunction::get || !is_call;
  if (has_text && !line.value) return Error{"`:value` is nil where a text is needed", "", "write the text"};
  if (!has_text && line.value) return Error{"an invoked get has a text", "", "write nil"};

  if (is_call) {
    TimedOperation operation;
    operation.process = *line.process;
    operation.function = static_cast<uint32_t>(*function);
    operation.key = history.keys.number_of(*line.key);
    if (has_text) operation.argument = history.words.number_of(*line.value);
    return builder.call(operation, number);
  }
  const auto operation = builder.ret(*line.process, static_cast<uint32_t>(*function), number);
  if (!operation) return operation.error();
  const auto differs = [&](std::string_view what) {
    return Error{fmt::format("{} is not that of the call in line {}", what, (*operation)->call_line), "",
                 "let call and return say the same"};
  };
  if (history.keys[(*operation)->key] != *line.key) return differs("the key");
  if (*function == KvFunction::get)
    (*operation)->result = history.words.number_of(*line.value);
  else if (history.words[(*operation)->argument] != *line.value)
    return differs("the text");
  return std::nullopt;
}

}  // namespace

Result<TimedHistory> read_porcupine_kv(std::string_view text, const std::string& name) {
  TimedHistory history;
  HistoryBuilder builder(history);
  unsigned number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t next = std::min(text.find('\n', at), text.size());
    const std::string_view content = text.substr(at, next - at);
    at = next + 1;
    ++number;
    if (content.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Line line;
    if (auto error = MapReader(content).read(line)) return at_line(std::move(*error), name, number);
    if (auto error = add(line, number, history, builder)) return at_line(std::move(*error), name, number);
  }
  return history;
}

}  // namespace rxcheck::linear
