// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/linearizability/jepsen_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "harness/core/text_file.h"
#include "harness/judge/linearizability/cas_register_model.h"
#include "harness/judge/linearizability/history_builder.h"

namespace rxcheck::linear {

namespace {

constexpr size_t kFirstWord = 3;  // INFO jepsen.util - PROCESS TYPE F ARG
constexpr uint64_t kMaxValue = 0x7fffffffffffffff;
constexpr const char* kShape = "write `INFO jepsen.util - PROCESS TYPE F ARG`";

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<std::string_view> words;
  for (size_t at = line.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kBlanks, end);
  }
  return words;
}

bool is_value(std::string_view word) {
  if (word == kNilWord) return true;
  if (word.starts_with('-')) word.remove_prefix(1);
  return parse_number(word, kMaxValue).has_value();
}

std::optional<RegisterFunction> register_function_named(std::string_view name) {
  if (name == ":read") return RegisterFunction::read;
  if (name == ":write") return RegisterFunction::write;
  if (name == ":cas") return RegisterFunction::cas;
  return std::nullopt;
}

class LogReader {
 public:
  explicit LogReader(TimedHistory& history) : history_(history), builder_(history) {}

  std::optional<Error> read(std::string_view text, unsigned number) {
    const auto words = words_of(text);
    if (words.empty()) return std::nullopt;
    if (words[0] != "INFO" || words.size() < 2 || words[1] != "jepsen.util" || (words.size() > 2 && words[2] != "-"))
      return Error{"this is no line of jepsen.util", "", "keep only those lines of the log"};
    if (words.size() < kFirstWord + 3) return Error{"the line is cut off", "", kShape};
    const auto process = parse_number(words[kFirstWord], kMaxProcess);
    if (words[kFirstWord + 1] == ":info") {
      if (process) builder_.give_up(static_cast<uint32_t>(*process));
      return std::nullopt;
    }
    if (!process) return Error{fmt::format("{} is no process", quoted(words[kFirstWord])), "", "number it from 0"};
    const auto function = register_function_named(words[kFirstWord + 2]);
    if (!function)
      return Error{fmt::format("{} is no operation", quoted(words[kFirstWord + 2])), "", "use :read, :write or :cas"};
    const std::span argument(words.begin() + kFirstWord + 3, words.end());
    if (argument.empty()) return Error{"the line is cut off", "", kShape};
    return read_event(static_cast<uint32_t>(*process), words[kFirstWord + 1], *function, argument, number);
  }

 private:
  using Argument = std::span<const std::string_view>;

  std::optional<Error> read_event(uint32_t process, std::string_view type, RegisterFunction function, Argument argument,
                                  unsigned number) {
    if (type == ":invoke") return read_call(process, function, argument, number);
    if (type != ":ok" && type != ":fail")
      return Error{fmt::format("{} is no type", quoted(type)), "", "use :invoke, :ok, :fail or :info"};
    const bool failed = type == ":fail";
    if (failed && function == RegisterFunction::write)
      return Error{"a write cannot fail", "", "use :info if it is not known whether it took effect"};
    const auto operation = builder_.ret(process, static_cast<uint32_t>(function), number);
    if (!operation) return operation.error();
    return read_return(**operation, failed, argument);
  }

  std::optional<Error> read_call(uint32_t process, RegisterFunction function, Argument argument, unsigned number) {
    TimedOperation operation;
    operation.process = process;
    operation.function = static_cast<uint32_t>(function);
    if (auto error = read_argument(function, argument, operation)) return error;
    if (function == RegisterFunction::read && history_.words[operation.argument] != kNilWord)
      return Error{"an invoked read has a value", "", "write nil"};
    return builder_.call(operation, number);
  }

  std::optional<Error> read_return(TimedOperation& operation, bool failed, Argument argument) {
    const auto function = static_cast<RegisterFunction>(operation.function);
    if (function == RegisterFunction::read && failed) return std::nullopt;  // its argument says why
    TimedOperation returned;
    if (auto error = read_argument(function, argument, returned)) return error;
    if (function == RegisterFunction::read) {
      operation.result = returned.argument;
      return std::nullopt;
    }
    if (returned.argument != operation.argument || returned.argument2 != operation.argument2)
      return Error{fmt::format("the argument is not that of the call in line {}", operation.call_line), "",
                   "let call and return say the same"};
    if (function == RegisterFunction::cas) operation.result = failed ? kNoMatch : kMatch;
    return std::nullopt;
  }

  // A value, or the two of a cas: [1 4].
  std::optional<Error> read_argument(RegisterFunction function, Argument words, TimedOperation& operation) {
    const bool is_cas = function == RegisterFunction::cas;
    const Error wrong{"the argument is not " + std::string(is_cas ? "two values, as [1 4]" : "a number or nil"), "",
                      kShape};
    if (words.size() != (is_cas ? 2 : 1)) return wrong;
    std::string_view first = words.front(), last = words.back();
    if (is_cas) {
      if (!first.starts_with('[') || !last.ends_with(']')) return wrong;
      first.remove_prefix(1);
      last.remove_suffix(1);
    }
    if (!is_value(first) || !is_value(last)) return wrong;
    operation.argument = history_.words.number_of(first);
    operation.argument2 = is_cas ? history_.words.number_of(last) : 0;
    return std::nullopt;
  }

  TimedHistory& history_;
  HistoryBuilder builder_;
};

}  // namespace

Result<TimedHistory> read_jepsen_log(std::string_view text, const std::string& name) {
  TimedHistory history;
  history.words.number_of(kNilWord);
  LogReader reader(history);
  unsigned number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t next = std::min(text.find('\n', at), text.size());
    ++number;
    if (auto error = reader.read(text.substr(at, next - at), number)) return at_line(std::move(*error), name, number);
    at = next + 1;
  }
  return history;
}

}  // namespace rxcheck::linear
