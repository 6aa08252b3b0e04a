// SPDX-License-Identifier: Apache-2.0
//
// What all of rxcheck's text formats have in common. A file is lines of printable ASCII that end in LF; the first names
// format and version ("rxp 1"), the last is "end" and nothing follows it. Lines that begin with # are comments; they
// and blank lines may stand anywhere between. Words are separated by blanks. Pure functions but for the two that touch
// files.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.h"

namespace rxcheck {

// A line that says something. The views point into the text that was read.
struct TextLine {
  unsigned number = 0;  // from 1
  std::string_view text;
  std::vector<std::string_view> words;  // at least one
};

// The versions of a format that are read, all from the oldest to the newest.
struct FormatVersions {
  unsigned oldest = 1;
  unsigned newest = 1;
};

// The lines between the first and `end`, without comments. `name` is the file's, for the place of an error.
Result<std::vector<TextLine>> read_lines(std::string_view text, const std::string& name, std::string_view format,
                                         FormatVersions versions, size_t max_bytes);

// The version that a text says it has, if its first line says one; 0 otherwise.
unsigned format_version(std::string_view text);

// An error about a line; `error.place` becomes "NAME:LINE".
Error at_line(Error error, const std::string& name, unsigned number);

// A word of the input, as messages show it.
std::string quoted(std::string_view word);

// Decimal without sign or leading zero, not above `max`.
std::optional<uint64_t> parse_number(std::string_view word, uint64_t max);

// A file of at most `max_bytes`.
Result<std::string> read_text_file(const std::string& path, size_t max_bytes);
// Writes through a temporary file beside it, so that the file is never half written.
std::optional<Error> write_text_file(const std::string& path, std::string_view text);

}  // namespace rxcheck
