// SPDX-License-Identifier: Apache-2.0
//
// ProgramReader of operation_text.h.
#include <algorithm>

#include "harness/core/operation_text.h"
#include "harness/core/program_rules.h"
#include "harness/core/status.h"

namespace rxcheck {
namespace {

// How each kind is written; the remedy for one that is written otherwise.
std::string usage(OpKind kind) {
  switch (kind) {
    case OpKind::connect:
      return "1 connect X: [\\dir] [hold] [cancelled] [-> r1]";
    case OpKind::tree:
      return "1 tree X: -> t1";
    case OpKind::open:
      return "1 open X: \\file [hold] [dir] [keep] [retry] [cancelled] -> f1";
    case OpKind::read:
      return "1 read f1 [bare|sync] [cancelled] -> r1";
    case OpKind::notify:
      return "1 notify f1 [bare|sync] [cancelled] -> r1";
    case OpKind::finalize:
      return "1 finalize t1 FALSE|TRUE|0xff|2 [nowait] [-> r1]";
    case OpKind::disconnect:
      return "1 disconnect X: FALSE|TRUE|0xff|2 [nfs41|vboxsf|nulmrx] [nowait] [transport] [-> r1]";
    case OpKind::finalize_view:
      return "1 finalizeview t1 FALSE|TRUE";
    case OpKind::finalize_root:
      return "1 finalizeroot t1";
    case OpKind::set_routine:
      return "1 set r1 A|B|C|NULL";
    case OpKind::reference:
      return "1 reference r1 -> k1";
    case OpKind::dereference:
      return "1 dereference k1";
    case OpKind::close:
      return "1 close f1 [-> r1]";
    case OpKind::raw_add:
      return "1 rawadd X: 0";
    case OpKind::raw_del:
      return "1 rawdel X: 0";
    case OpKind::write:
      return "1 write f1 [cancelled]";
    case OpKind::stop:
    case OpKind::start:
      return "1 " + std::string(name_of(kind));
    case OpKind::tick:
      return "1 tick 10";
    default:
      break;
  }
  return "1 " + std::string(name_of(kind)) + (uses_connection(kind) ? " X:" : " r1");
}

Error misshaped(OpKind kind) {
  return {std::string(name_of(kind)) + " is written otherwise", "", "write `" + usage(kind) + "`"};
}

std::optional<OpKind> parse_kind(std::string_view word) {
  for (unsigned kind = 0; kind < kOpKinds; ++kind)
    if (name_of(static_cast<OpKind>(kind)) == word) return static_cast<OpKind>(kind);
  return std::nullopt;
}

template <typename T>
bool parse_one_of(std::string_view word, std::initializer_list<T> values, T& out) {
  for (const T value : values) {
    if (name_of(value) != word) continue;
    out = value;
    return true;
  }
  return false;
}

bool is_resource_name(std::string_view name) {
  constexpr size_t kMaxName = 32;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && name.size() <= kMaxName && letter(name[0]) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

bool may_be_asynchronous(OpKind kind) {
  return kind == OpKind::connect || kind == OpKind::close || kind == OpKind::finalize || kind == OpKind::disconnect;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool ProgramReader::is_program_line(const TextLine& line) {
  const std::string_view word = line.words[0];
  return word == "title" || word == "connection" || word == "path" || word == "variants" || word == "lowmemory" ||
         is_digit(word[0]);
}

std::optional<Error> ProgramReader::read(const TextLine& line) {
  if (line.words[0] == "title") return read_title(line);
  if (line.words[0] == "connection") return read_connection(line);
  if (line.words[0] == "path") return read_path(line);
  if (line.words[0] == "variants") return read_variants(line);
  if (line.words[0] == "lowmemory") return read_low_memory(line);
  return read_operation(line);
}

std::optional<size_t> ProgramReader::find(std::string_view name) const {
  const auto found = names_.find(name);
  if (found == names_.end()) return std::nullopt;
  return found->second;
}

std::optional<Error> ProgramReader::enter(Section section, std::string_view word) {
  const bool once = section == Section::title || section == Section::variants || section == Section::low_memory;
  if (section < section_ || (once && section == section_))
    return Error{quoted(word) + " comes too late", "",
                 "order: one title, connections, paths, one variants, one lowmemory, operations"};
  section_ = section;
  return std::nullopt;
}

std::optional<Error> ProgramReader::read_title(const TextLine& line) {
  if (auto error = enter(Section::title, "title")) return error;
  if (line.words.size() < 2) return Error{"the title is empty", "", "write one or remove the line"};
  program_.title = line.text.substr(static_cast<size_t>(line.words[1].data() - line.text.data()));
  if (auto why = why_bad_title(program_.title)) return Error{*why, "", "shorten or trim it"};
  return std::nullopt;
}

std::optional<Error> ProgramReader::read_connection(const TextLine& line) {
  if (auto error = enter(Section::connections, "connection")) return error;
  std::vector<std::string_view> words = line.words;
  Connection connection;
  if (words.size() > 3 && words[words.size() - 2] == "user") {
    const auto session = parse_number(words.back(), kMaxSessions);
    if (!session || *session == 0)
      return Error{quoted(words.back()) + " is not a logon session", "",
                   "number them from 1 to " + std::to_string(kMaxSessions)};
    connection.session = static_cast<uint8_t>(*session);
    words.resize(words.size() - 2);
  }
  const bool drive = words.size() == 3 && words[1].size() == 2 && words[1][1] == ':';
  if (!drive && words.size() != 2)
    return Error{"a connection is written otherwise", "",
                 "write `connection X: \\\\server\\share` or `connection \\\\server\\share`, and `user 2` after it for "
                 "another logon session"};
  connection.device = drive ? words[1][0] : '\0';
  connection.remote = words.back();
  program_.connections.push_back(std::move(connection));
  if (auto why = why_bad_connection(program_, program_.connections.size() - 1))
    return Error{*why, "", "name each connection once, as `X: \\\\server\\share`"};
  return std::nullopt;
}

std::optional<Error> ProgramReader::read_path(const TextLine& line) {
  if (auto error = enter(Section::paths, "path")) return error;
  if (line.words.size() != 2) return Error{"a path is written otherwise", "", "write `path \\file`"};
  if (std::ranges::find(program_.paths, line.words[1]) != program_.paths.end())
    return Error{"the path " + quoted(line.words[1]) + " is there twice", "", "remove one"};
  Operation unused;
  return take_path(line.words[1], unused);
}

std::optional<Error> ProgramReader::read_variants(const TextLine& line) {
  if (auto error = enter(Section::variants, "variants")) return error;
  if (line.words.size() < 2) return Error{"no variant is named", "", "name some, or remove the line"};
  for (size_t i = 1; i < line.words.size(); ++i) {
    const auto variant = parse_variant(line.words[i]);
    if (!variant)
      return Error{quoted(line.words[i]) + " is not a variant", "", "known are: " + names_of(VariantSet(~0U))};
    if (program_.variants.has(*variant)) return Error{quoted(line.words[i]) + " is there twice", "", "remove one"};
    program_.variants.add(*variant);
  }
  return std::nullopt;
}

std::optional<Error> ProgramReader::read_low_memory(const TextLine& line) {
  if (auto error = enter(Section::low_memory, "lowmemory")) return error;
  const auto number = line.words.size() == 2 ? parse_number(line.words[1], kMaxLowMemory) : std::optional<uint64_t>();
  if (!number || *number == 0)
    return Error{"lowmemory is written otherwise", "",
                 "write `lowmemory N`, N from 1 to " + std::to_string(kMaxLowMemory)};
  program_.low_memory = static_cast<uint32_t>(*number);
  return std::nullopt;
}

std::optional<Error> ProgramReader::read_operation(const TextLine& line) {
  if (auto error = enter(Section::operations, line.words[0])) return error;
  const size_t limit = lowest_actor_ == 0 ? kMaxHistoryOperations : kMaxOperations;
  if (program_.operations.size() >= limit)
    return Error{"there are more than " + std::to_string(limit) + " operations", "", "split the program"};
  std::vector<std::string_view> words = line.words;
  const auto actor = parse_number(words[0], kMaxActors);
  if (!actor || *actor < lowest_actor_)
    return Error{quoted(words[0]) + " is not an actor", "",
                 "number actors from " + std::to_string(lowest_actor_) + " to " + std::to_string(kMaxActors)};
  if (words.size() < 2) return Error{"the operation is missing", "", "write one after the actor, as `1 list X:`"};
  Operation op;
  op.actor = static_cast<uint8_t>(*actor);
  const auto kind = parse_kind(words[1]);
  if (!kind)
    return Error{quoted(words[1]) + " is not an operation", "", "see docs/format-rxp.md for those that there are"};
  op.kind = *kind;

  if (words.size() > 3 && words[words.size() - 2] == "=>") {
    op.expected = status::parse(words.back());
    if (!op.expected)
      return Error{quoted(words.back()) + " is not a status", "", "write a name as FILES_OPEN or 0xC0000107"};
    words.resize(words.size() - 2);
  }
  std::string_view result;
  if (words.size() > 3 && words[words.size() - 2] == "->") {
    result = words.back();
    words.resize(words.size() - 2);
    op.asynchronous = may_be_asynchronous(op.kind);
  }
  if (auto error = read_operands(words, op)) return error;
  if ((produced_by(op) != Resource::none) == result.empty()) return misshaped(op.kind);
  if (!result.empty())
    if (auto error = bind(result, op)) return error;

  program_.operations.push_back(op);
  if (auto why = why_bad_operation(program_, program_.operations.size() - 1, lowest_actor_))
    return Error{*why, "", "write `" + usage(op.kind) + "`"};
  return std::nullopt;
}

// words: actor, kind, operand... without arrow and expectation.
std::optional<Error> ProgramReader::read_operands(const std::vector<std::string_view>& words, Operation& op) {
  size_t at = 2;
  const auto more = [&] { return at < words.size(); };
  if (!more() && !uses_connection(op.kind) && !needs_slot(op.kind)) return std::nullopt;
  if (!more()) return misshaped(op.kind);
  if (op.kind == OpKind::tick) {
    const auto seconds = parse_number(words[at++], kMaxSeconds);
    if (!seconds || more()) return misshaped(op.kind);
    op.seconds = static_cast<uint16_t>(*seconds);
    return std::nullopt;
  }
  if (auto error = uses_connection(op.kind) ? take_connection(words[at++], op) : take_slot(words[at++], op))
    return error;

  op.leftover = op.kind == OpKind::connect && more() && words[at].starts_with('\\');
  if (uses_path(op)) {
    if (!more()) return misshaped(op.kind);
    if (auto error = take_path(words[at++], op)) return error;
  }
  if (has_level(op.kind)) {
    if (!more() ||
        !parse_one_of(words[at++], {Level::not_forced, Level::forced, Level::drop_reference, Level::other}, op.level))
      return misshaped(op.kind);
  }
  if (op.kind == OpKind::disconnect && more()) {
    at += parse_one_of(words[at], {Redirector::nfs41, Redirector::vboxsf, Redirector::nulmrx}, op.redirector);
  }
  if (op.kind == OpKind::set_routine) {
    if (!more() || !parse_one_of(words[at++], {Routine::none, Routine::a, Routine::b, Routine::c}, op.routine))
      return misshaped(op.kind);
  }
  if (op.kind == OpKind::raw_add || op.kind == OpKind::raw_del) {
    const auto length = more() ? parse_number(words[at++], kMaxRawLength) : std::nullopt;
    if (!length) return misshaped(op.kind);
    op.length = static_cast<uint8_t>(*length);
  }
  const auto flag = [&](std::string_view word, bool fits) {
    const bool set = fits && more() && words[at] == word;
    at += set;
    return set;
  };
  const bool open = op.kind == OpKind::open;
  const bool pends = op.kind == OpKind::read || op.kind == OpKind::notify;
  op.nowait = flag("nowait", is_delete(op.kind));
  op.hold = flag("hold", op.kind == OpKind::connect || open);
  op.bare = flag("bare", pends);
  op.directory = flag("dir", open);
  op.keep = flag("keep", open);
  op.sync = flag("sync", pends);
  op.transport = flag("transport", op.kind == OpKind::disconnect);
  op.retry = flag("retry", open);
  op.cancelled = flag("cancelled", true);
  if (more()) return misshaped(op.kind);
  return std::nullopt;
}

std::optional<Error> ProgramReader::take_connection(std::string_view word, Operation& op) {
  for (size_t i = 0; i < program_.connections.size(); ++i) {
    if (name_of(program_.connections[i]) != word) continue;
    op.connection = static_cast<uint8_t>(i);
    return std::nullopt;
  }
  return Error{"there is no connection " + quoted(word), "",
               "declare it above the operations with a `connection` line"};
}

std::optional<Error> ProgramReader::take_slot(std::string_view word, Operation& op) {
  const auto found = find(word);
  if (!found)
    return Error{"nothing above produces " + quoted(word), "", "produce it with `-> " + std::string(word) + "` first"};
  if (!slot_fits(op, program_.operations[*found]))
    return Error{quoted(word) + " is of the wrong kind for " + std::string(name_of(op.kind)), "",
                 "write `" + usage(op.kind) + "`"};
  op.slot = static_cast<int32_t>(*found);
  return std::nullopt;
}

std::optional<Error> ProgramReader::take_path(std::string_view word, Operation& op) {
  const auto found = std::ranges::find(program_.paths, word);
  op.path = static_cast<uint8_t>(found - program_.paths.begin());
  if (found != program_.paths.end()) return std::nullopt;
  if (auto why = why_bad_path(word)) return Error{*why, "", "write `\\name`, of letters, digits and . _ - $"};
  if (program_.paths.size() == kMaxPaths)
    return Error{"there are more than " + std::to_string(kMaxPaths) + " paths", "", "use fewer"};
  program_.paths.emplace_back(word);
  return std::nullopt;
}

std::optional<Error> ProgramReader::bind(std::string_view name, const Operation& op) {
  if (!is_resource_name(name))
    return Error{quoted(name) + " is not a name", "", "use a letter, then letters, digits or _"};
  if (!names_.try_emplace(std::string(name), program_.operations.size()).second)
    return Error{quoted(name) + " is already used", "",
                 "give what " + std::string(name_of(op.kind)) + " produces another name"};
  return std::nullopt;
}

}  // namespace rxcheck
