// SPDX-License-Identifier: Apache-2.0
//
// The reading half of mpr_program_text.h.
#include <algorithm>
#include <map>

#include "harness/core/mpr_program_text.h"
#include "harness/core/operation_text.h"
#include "harness/core/program_text.h"
#include "harness/core/text_file.h"
#include "harness/core/win32_error.h"

namespace rxcheck::mpr {

namespace {

constexpr std::string_view kKnownFaults = "ignores-force, ignores-open-files, cancels-share";

std::string usage_of(OpKind kind) {
  switch (kind) {
    case OpKind::add:
      return "1 netadd X: [WNetAddConnection2A]";
    case OpKind::cancel:
      return "1 netcancel X: FALSE|TRUE [WNetCancelConnection2A]";
    case OpKind::open:
      return "1 netopen X: [current] -> f1";
    case OpKind::close:
      return "1 netclose f1";
    case OpKind::list:
      break;
  }
  return "1 netlist X:";
}

bool is_file_name(std::string_view name) {
  constexpr size_t kMaxName = 32;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return name.size() <= kMaxName && letter(name[0]) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

Error misshapen(OpKind kind) {
  return {std::string(name_of(kind)) + " is written otherwise", "", "write `" + usage_of(kind) + "`"};
}

using Words = std::vector<std::string_view>;

class Reader {
 public:
  std::optional<Error> read(const TextLine& line);
  ProgramFile take() { return std::move(file_); }

 private:
  enum class Part { nothing, surface, title, providers, notifyees, connections, operations, expectation };

  std::optional<Error> enter(Part part, std::string_view word);
  std::optional<Error> read_title(const TextLine& line);
  std::optional<Error> read_provider(const Words& words);
  std::optional<Error> read_notifyee(const Words& words);
  std::optional<Error> read_connection(const Words& words);
  std::optional<Error> read_operation(Words words);
  std::optional<Error> read_operands(const Words& words, Operation& op);
  // What has just been added breaks a rule.
  std::optional<Error> check(std::string remedy) const {
    if (auto why = why_invalid(file_.program)) return Error{*why, "", std::move(remedy)};
    return std::nullopt;
  }

  Part part_ = Part::nothing;
  ProgramFile file_;
  std::map<std::string, size_t, std::less<>> files_;
};

std::optional<Error> Reader::enter(Part part, std::string_view word) {
  const bool once = part == Part::title || part == Part::surface || part == Part::expectation;
  if (part_ == Part::nothing && part != Part::surface)
    return Error{"this is a program of the kernel's surface", "",
                 "leave out --surface mpr, or write `surface mpr` first"};
  if (part < part_ || (once && part == part_))
    return Error{quoted(word) + " comes too late", "",
                 "order: surface, title, providers, notifyees, connections, operations, expect"};
  part_ = part;
  return std::nullopt;
}

std::optional<Error> Reader::read_title(const TextLine& line) {
  if (line.words.size() < 2) return Error{"the title is empty", "", "write one, or remove the line"};
  file_.program.title = line.text.substr(static_cast<size_t>(line.words[1].data() - line.text.data()));
  return check("write one line of at most 200 printable characters");
}

std::optional<Error> Reader::read_provider(const Words& words) {
  const Error shape{"a provider is written otherwise", "", "write `provider NAME [serves \\\\SERVER] [FAULT...]`"};
  if (words.size() < 2) return shape;
  Provider provider{std::string(words[1]), "", {}};
  size_t at = 2;
  if (at < words.size() && words[at] == "serves") {
    if (words.size() < 4) return shape;
    provider.server = words[3];
    at = 4;
  }
  for (; at < words.size(); ++at) {
    const auto fault = std::ranges::find_if(kFaults, [&](Fault each) { return name_of(each) == words[at]; });
    if (fault == kFaults.end())
      return Error{quoted(words[at]) + " is not a fault of a provider", "", "known are: " + std::string(kKnownFaults)};
    provider.faults.push_back(*fault);
  }
  file_.program.providers.push_back(std::move(provider));
  return check("name each once, and its faults in the order " + std::string(kKnownFaults));
}

std::optional<Error> Reader::read_notifyee(const Words& words) {
  if (words.size() != 2) return Error{"a notifyee is written otherwise", "", "write `notifyee NAME`"};
  file_.program.notifyees.emplace_back(words[1]);
  return check("name each once, in small letters and digits");
}

std::optional<Error> Reader::read_connection(const Words& words) {
  const bool drive = words.size() == 3 && words[1].size() == 2 && words[1][1] == ':';
  if (!drive && words.size() != 2)
    return Error{"a connection is written otherwise", "",
                 "write `connection X: \\\\server\\share` or `connection \\\\server\\share`"};
  Connection connection;
  connection.device = drive ? words[1][0] : '\0';
  connection.remote = words.back();
  file_.program.connections.push_back(std::move(connection));
  return check("name each connection once, as `X: \\\\server\\share`");
}

std::optional<Error> Reader::read_operands(const Words& words, Operation& op) {
  if (words.size() < 3) return misshapen(op.kind);
  size_t at = 3;
  if (op.kind == OpKind::close) {
    const auto found = files_.find(words[2]);
    if (found == files_.end())
      return Error{"nothing above opens " + quoted(words[2]), "",
                   "open it with `netopen X: -> " + std::string(words[2]) + "` first"};
    op.slot = static_cast<int32_t>(found->second);
  } else {
    const auto& connections = file_.program.connections;
    const auto found =
        std::ranges::find_if(connections, [&](const Connection& each) { return rxcheck::name_of(each) == words[2]; });
    if (found == connections.end())
      return Error{"there is no connection " + quoted(words[2]), "",
                   "declare it above the operations with a `connection` line"};
    op.connection = static_cast<uint8_t>(found - connections.begin());
  }
  if (op.kind == OpKind::cancel) {
    if (at >= words.size() || (words[at] != "FALSE" && words[at] != "TRUE")) return misshapen(op.kind);
    op.force = words[at++] == "TRUE";
  }
  if (op.kind == OpKind::open && at < words.size() && words[at] == "current") op.current = true, ++at;
  const auto take_function = [&](const auto& functions) {
    const auto found = at < words.size() ? std::ranges::find(functions, words[at]) : functions.end();
    if (found == functions.end()) return;
    op.function = static_cast<uint8_t>(found - functions.begin());
    ++at;
  };
  if (op.kind == OpKind::add) take_function(kAddFunctions);
  if (op.kind == OpKind::cancel) take_function(kCancelFunctions);
  if (at != words.size()) return misshapen(op.kind);
  return std::nullopt;
}

std::optional<Error> Reader::read_operation(Words words) {
  if (words[0] != "1") return Error{quoted(words[0]) + " is not an actor", "", "this surface has actor 1 only"};
  if (words.size() < 2) return Error{"the operation is missing", "", "write one after the actor, as `1 netlist X:`"};
  const auto kind = std::ranges::find_if(kOpKinds, [&](OpKind each) { return name_of(each) == words[1]; });
  if (kind == kOpKinds.end())
    return Error{quoted(words[1]) + " is not an operation of this surface", "",
                 "use netadd, netcancel, netopen, netclose or netlist"};
  Operation op;
  op.kind = *kind;
  if (words.size() > 3 && words[words.size() - 2] == "=>") {
    op.expected = win32::parse(words.back());
    if (!op.expected)
      return Error{quoted(words.back()) + " is not a Win32 error", "", "write a name as ERROR_OPEN_FILES, or 2401"};
    words.resize(words.size() - 2);
  }
  std::string_view name;
  if (words.size() > 3 && words[words.size() - 2] == "->") {
    name = words.back();
    words.resize(words.size() - 2);
  }
  if (name.empty() != (op.kind != OpKind::open)) return misshapen(op.kind);
  if (auto error = read_operands(words, op)) return error;
  if (!name.empty() && !is_file_name(name))
    return Error{quoted(name) + " is not a name", "", "use a letter, then letters, digits or _"};
  if (!name.empty() && !files_.try_emplace(std::string(name), file_.program.operations.size()).second)
    return Error{quoted(name) + " is already used", "", "give what is opened another name"};
  file_.program.operations.push_back(op);
  return std::nullopt;
}

std::optional<Error> Reader::read(const TextLine& line) {
  const Words& words = line.words;
  const std::string_view word = words[0];
  const auto part = word == "surface"                                                ? Part::surface
                    : word == "title"                                                ? Part::title
                    : word == "provider"                                             ? Part::providers
                    : word == "notifyee"                                             ? Part::notifyees
                    : word == "connection"                                           ? Part::connections
                    : word == "expect"                                               ? Part::expectation
                    : word.find_first_not_of("0123456789") == std::string_view::npos ? Part::operations
                                                                                     : Part::nothing;
  if (part == Part::nothing)
    return Error{quoted(word) + " begins no line of a program of this surface", "", "see docs/format-rxp.md"};
  if (auto error = enter(part, word)) return error;
  switch (part) {
    case Part::surface:
      if (words.size() == 2 && words[1] == "mpr") return std::nullopt;
      return Error{"this surface is not known", "", "write `surface mpr`"};
    case Part::title:
      return read_title(line);
    case Part::providers:
      return read_provider(words);
    case Part::notifyees:
      return read_notifyee(words);
    case Part::connections:
      return read_connection(words);
    case Part::operations:
      return read_operation(words);
    case Part::expectation: {
      Result<Expectation> expectation = read_expectation(line);
      if (!expectation) return expectation.error();
      file_.expectation = std::move(*expectation);
      return std::nullopt;
    }
    case Part::nothing:
      break;
  }
  return std::nullopt;
}

}  // namespace

Result<ProgramFile> parse_program(std::string_view text, const std::string& name) {
  const auto lines = read_lines(text, name, "rxp", {kRouterFormatVersion, kRouterFormatVersion}, kMaxProgramFileBytes);
  if (!lines) return lines.error();
  Reader reader;
  for (const TextLine& line : lines.value())
    if (auto error = reader.read(line)) return at_line(std::move(*error), name, line.number);
  ProgramFile file = reader.take();
  if (lines->empty()) return Error{"the program is empty", name, "write `surface mpr` and operations"};
  if (const auto why = why_invalid(file.program)) return Error{*why, name, "see docs/format-rxp.md"};
  return file;
}

Result<ProgramFile> load_program(const std::string& path) {
  const auto text = read_text_file(path, kMaxProgramFileBytes);
  if (!text) return text.error();
  return parse_program(text.value(), path);
}

}  // namespace rxcheck::mpr
