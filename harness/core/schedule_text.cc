// SPDX-License-Identifier: Apache-2.0
#include "harness/core/schedule_text.h"

#include <limits>

#include "harness/core/program.h"

namespace rxcheck {
namespace {

constexpr std::string_view kWorker = "/worker";
constexpr std::string_view kHexDigits = "0123456789abcdef";

// One word that stands for `text`, whatever `text` holds.
std::string as_word(std::string_view text) {
  if (text.empty()) return "-";
  std::string word;
  for (const char c : text) {
    if (c > ' ' && c <= '~' && c != '%' && text != "-") {
      word += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    word += '%';
    word += kHexDigits[byte >> 4];
    word += kHexDigits[byte & 15];
  }
  return word;
}

std::optional<std::string> from_word(std::string_view word) {
  std::string text;
  if (word == "-") return text;
  for (size_t i = 0; i < word.size(); ++i) {
    if (word[i] != '%') {
      text += word[i];
      continue;
    }
    if (i + 2 >= word.size()) return std::nullopt;
    const size_t high = kHexDigits.find(word[i + 1]);
    const size_t low = kHexDigits.find(word[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    text += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return text;
}

std::optional<Access> parse_access(std::string_view word) {
  for (const Access access : {Access::read, Access::write, Access::atomic, Access::call, Access::block})
    if (name_of(access) == word) return access;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Access access) {
  switch (access) {
    case Access::read:
      return "read";
    case Access::write:
      return "write";
    case Access::atomic:
      return "atomic";
    case Access::call:
      return "call";
    case Access::block:
      return "block";
  }
  return "?";
}

std::string text_of(const Line& line) {
  std::string text = "a" + std::to_string(line.actor);
  if (line.operation != 0) text += "." + std::to_string(line.operation);
  if (line.worker != 0) text += kWorker;
  if (line.worker > 1) text += std::to_string(line.worker);
  return text;
}

std::optional<Line> parse_line(std::string_view word) {
  Line line;
  if (const size_t at = word.find(kWorker); at != std::string_view::npos) {
    const std::string_view number = word.substr(at + kWorker.size());
    const auto worker = number.empty() ? std::optional<uint64_t>(1) : parse_number(number, kMaxWorkers);
    if (!worker || (!number.empty() && *worker < 2)) return std::nullopt;
    line.worker = static_cast<uint8_t>(*worker);
    word = word.substr(0, at);
  }
  if (!word.starts_with('a')) return std::nullopt;
  word.remove_prefix(1);
  const size_t dot = word.find('.');
  const auto actor = parse_number(word.substr(0, dot), kMaxActors);
  if (!actor) return std::nullopt;
  line.actor = static_cast<uint8_t>(*actor);
  if (dot == std::string_view::npos) return line;
  const auto operation = parse_number(word.substr(dot + 1), std::numeric_limits<uint16_t>::max());
  if (!operation || *operation == 0) return std::nullopt;
  line.operation = static_cast<uint16_t>(*operation);
  return line;
}

std::string text_of(const Choice& choice) {
  std::string text = choice.kind == Choice::Kind::pick ? "pick " : "switch ";
  text += text_of(choice.at.line) + " " + as_word(choice.at.function) + " ";
  text += name_of(choice.at.access);
  text += " " + as_word(choice.at.object) + " #" + std::to_string(choice.at.occurrence) + " -> " + text_of(choice.to);
  return text;
}

Result<Choice> parse_choice(const TextLine& line) {
  const Error shape{"this is not a choice", "",
                    "write `switch a2.1 FUNCTION read|write|atomic|call|block OBJECT #1 -> a3`"};
  const auto& words = line.words;
  if (words.size() != 8 || words[6] != "->" || !words[5].starts_with('#')) return shape;
  Choice choice;
  if (words[0] == "pick")
    choice.kind = Choice::Kind::pick;
  else if (words[0] != "switch")
    return shape;

  const auto at = parse_line(words[1]);
  const auto to = parse_line(words[7]);
  if (!at || !to)
    return Error{"`" + std::string(at ? words[7] : words[1]) + "` is not a line", "",
                 "write `a2.1`, `a2.1/worker` or `a2`"};
  const auto function = from_word(words[2]);
  const auto access = parse_access(words[3]);
  const auto object = from_word(words[4]);
  const auto occurrence = parse_number(words[5].substr(1), std::numeric_limits<uint32_t>::max());
  if (!function || !access || !object || !occurrence || *occurrence == 0) return shape;
  choice.at = {*at, *function, *access, *object, static_cast<uint32_t>(*occurrence)};
  choice.to = *to;
  return choice;
}

}  // namespace rxcheck
