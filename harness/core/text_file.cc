// SPDX-License-Identifier: Apache-2.0
#include "harness/core/text_file.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/core/file.h"

namespace rxcheck {

std::string quoted(std::string_view word) { return "`" + std::string(word) + "`"; }

namespace {

constexpr uint64_t kMaxFormatVersion = 1'000'000;

void split(std::string_view text, std::vector<std::string_view>& words) {
  for (size_t at = text.find_first_not_of(' '); at != std::string_view::npos; at = text.find_first_not_of(' ', at)) {
    const size_t next = std::min(text.find(' ', at), text.size());
    words.push_back(text.substr(at, next - at));
    at = next;
  }
}

std::optional<Error> check_header(const std::vector<std::string_view>& words, std::string_view format,
                                  FormatVersions versions) {
  const std::string oldest = std::to_string(versions.oldest);
  const auto version = words.size() == 2 ? parse_number(words[1], kMaxFormatVersion) : std::nullopt;
  if (words.size() != 2 || words[0] != format || !version)
    return Error{"the first line is not `" + std::string(format) + " " + oldest + "`", "",
                 "check that this is a ." + std::string(format) + " file"};
  if (*version >= versions.oldest && *version <= versions.newest) return std::nullopt;
  const std::string read = versions.oldest == versions.newest
                               ? "version " + oldest
                               : "versions " + oldest + " to " + std::to_string(versions.newest);
  return Error{"this is version " + std::string(words[1]) + " of the format", "", "this rxcheck reads " + read};
}

std::optional<Error> check_characters(std::string_view line) {
  for (const char c : line) {
    if (c >= ' ' && c <= '~') continue;
    char code[5];
    std::snprintf(code, sizeof code, "0x%02x", static_cast<unsigned char>(c));
    return Error{std::string("the line holds the byte ") + code, "", "use printable ASCII, and LF to end a line"};
  }
  return std::nullopt;
}

}  // namespace

Error at_line(Error error, const std::string& name, unsigned number) {
  error.place = name + ":" + std::to_string(number);
  return error;
}

std::optional<uint64_t> parse_number(std::string_view word, uint64_t max) {
  uint64_t value = 0;
  const char* last = word.data() + word.size();
  if (word.empty() || (word.size() > 1 && word[0] == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(word.data(), last, value);
  if (error != std::errc() || end != last || value > max) return std::nullopt;
  return value;
}

Result<std::vector<TextLine>> read_lines(std::string_view text, const std::string& name, std::string_view format,
                                         FormatVersions versions, size_t max_bytes) {
  if (text.size() > max_bytes)
    return Error{"the file is larger than " + std::to_string(max_bytes >> 20) + " MiB", name, "split it"};
  std::vector<TextLine> lines;
  bool over = false;
  unsigned number = 0;
  for (size_t at = 0; at < text.size() || number == 0;) {
    const size_t next = std::min(text.find('\n', at), text.size());
    TextLine line{++number, text.substr(at, next - at), {}};
    at = next + 1;
    if (over) return at_line({"there is something after `end`", "", "end the file there"}, name, number);
    if (auto error = check_characters(line.text)) return at_line(std::move(*error), name, number);
    split(line.text, line.words);
    if (number == 1) {
      if (auto error = check_header(line.words, format, versions)) return at_line(std::move(*error), name, number);
      continue;
    }
    if (line.words.empty() || line.words[0][0] == '#') continue;
    over = line.text == "end";
    if (!over) lines.push_back(std::move(line));
  }
  if (!over) return at_line({"the last line is not `end`", "", "add it, or get the whole file"}, name, number);
  return lines;
}

unsigned format_version(std::string_view text) {
  std::vector<std::string_view> words;
  split(text.substr(0, text.find('\n')), words);
  if (words.size() != 2) return 0;
  return static_cast<unsigned>(parse_number(words[1], kMaxFormatVersion).value_or(0));
}

Result<std::string> read_text_file(const std::string& path, size_t max_bytes) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) return Error{"the file cannot be opened", path, "check the name and the permissions"};
  std::string text;
  std::array<char, 1 << 14> block;
  while (const size_t got = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), got);
    if (text.size() > max_bytes)
      return Error{"the file is larger than " + std::to_string(max_bytes >> 20) + " MiB", path, "split it"};
  }
  if (std::ferror(file.get())) return Error{"the file cannot be read", path, "check that it is a regular file"};
  return text;
}

std::optional<Error> write_text_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp";
  const Error cannot{"the file cannot be written", path, "check the folder, its permissions and the free space"};
  File file(std::fopen(temporary.c_str(), "wb"));
  if (!file) return cannot;
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  const bool closed = std::fclose(file.release()) == 0;
  if (written && closed && std::rename(temporary.c_str(), path.c_str()) == 0) return std::nullopt;
  std::remove(temporary.c_str());
  return cannot;
}

}  // namespace rxcheck
