// SPDX-License-Identifier: Apache-2.0
//
// The program file of the surface `mpr`: an .rxp file that says `surface mpr`. The grammar is in docs/format-rxp.md.
// parse(print(file)) == file for every valid program. Pure but for `load`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/core/expectation_text.h"
#include "harness/core/mpr_program.h"
#include "harness/core/result.h"

namespace rxcheck::mpr {

inline constexpr unsigned kRouterFormatVersion = 1;

struct ProgramFile {
  Program program;
  std::optional<Expectation> expectation{};

  friend bool operator==(const ProgramFile&, const ProgramFile&) = default;
};

// "netcancel X: FALSE", without actor and expectation. REQUIRES: the index is valid.
std::string operation_text(const Program& program, size_t index);

// The canonical text. REQUIRES: the program is valid.
std::string print(const ProgramFile& file);
// `name` is the file's, for the place of an error ("NAME:7").
Result<ProgramFile> parse_program(std::string_view text, const std::string& name);
Result<ProgramFile> load_program(const std::string& path);

}  // namespace rxcheck::mpr
