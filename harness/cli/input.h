// SPDX-License-Identifier: Apache-2.0
//
// The files that commands read and write, told apart by their ending.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "harness/core/history_text.h"
#include "harness/core/program_text.h"

namespace rxcheck::cli {

using Input = std::variant<ProgramFile, History>;

// A .rxp or .rxh file. Throws Failure.
Input load(const std::string& path);
// For commands that take programs only.
ProgramFile load_program_only(const std::string& path, std::string_view command);

// Writes a new file. Throws Failure if there is one already.
void write_new(const std::string& path, std::string_view text);

}  // namespace rxcheck::cli
