// SPDX-License-Identifier: Apache-2.0
//
// A program's own lines, as .rxp and .rxh share them: title, connections, paths, variants, low memory, operations. The
// grammar is in docs/format-rxp.md. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/program.h"
#include "harness/core/result.h"
#include "harness/core/text_file.h"

namespace rxcheck {

// "X:", or the remote name of a connection without a device; "X:@2" in logon session 2.
std::string name_of(const Connection& connection);
std::string_view name_of(Routine routine);  // "NULL", "A", "B", "C"

// Per operation the name of what it produces: f1, f2... for files, t1... for tree handles, r1... for requests, k1...
// for context references; empty for an operation that produces nothing.
std::vector<std::string> resource_names(const Program& program);

// "open X: \file1 -> f1": without actor and expectation. `names` are the program's resource names. REQUIRES: `index` is
// valid.
std::string operation_text(const Program& program, size_t index, const std::vector<std::string>& names);

// Appends the lines of a whole program to `out`. REQUIRES: the program is valid (the environment's operations may be
// there).
void print_program_lines(const Program& program, std::string& out);

// Reads those lines back, one at a time.
class ProgramReader {
 public:
  explicit ProgramReader(uint8_t lowest_actor = 1) : lowest_actor_(lowest_actor) {}

  // Whether the line's first word says that it is one of these lines.
  static bool is_program_line(const TextLine& line);

  // Nothing, or what is wrong with the line; the error has no place yet.
  std::optional<Error> read(const TextLine& line);

  // The operation that produces the resource of this name.
  std::optional<size_t> find(std::string_view name) const;

  const Program& program() const { return program_; }
  Program take() { return std::move(program_); }

 private:
  enum class Section { nothing, title, connections, paths, variants, low_memory, operations };

  std::optional<Error> enter(Section section, std::string_view word);
  std::optional<Error> read_title(const TextLine& line);
  std::optional<Error> read_connection(const TextLine& line);
  std::optional<Error> read_path(const TextLine& line);
  std::optional<Error> read_variants(const TextLine& line);
  std::optional<Error> read_low_memory(const TextLine& line);
  std::optional<Error> read_operation(const TextLine& line);
  std::optional<Error> read_operands(const std::vector<std::string_view>& words, Operation& op);
  std::optional<Error> take_connection(std::string_view word, Operation& op);
  std::optional<Error> take_slot(std::string_view word, Operation& op);
  std::optional<Error> take_path(std::string_view word, Operation& op);
  std::optional<Error> bind(std::string_view name, const Operation& op);

  uint8_t lowest_actor_;
  Section section_ = Section::nothing;
  Program program_;
  std::map<std::string, size_t, std::less<>> names_;
};

}  // namespace rxcheck
