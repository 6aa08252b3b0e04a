// SPDX-License-Identifier: Apache-2.0
//
// The program file, .rxp: a program, the schedule under which it is to run, and for a finding where it came from and
// what it shows. The grammar is in docs/format-rxp.md. parse(print(file)) == file for every valid program. Older
// versions are read as what they are in the newest. Pure but for `load`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/expectation_text.h"
#include "harness/core/program.h"
#include "harness/core/result.h"
#include "harness/core/schedule.h"
#include "harness/core/stored_text.h"

namespace rxcheck {

// Where a program came from: `from seed 7 program 123 schedule 4`.
struct Provenance {
  uint64_t seed = 0;
  uint64_t program = 0;                // its index in the campaign
  std::optional<uint64_t> schedule{};  // the index of the schedule that failed, within the program

  friend bool operator==(const Provenance&, const Provenance&) = default;
};

struct ProgramFile {
  Program program;
  Schedule schedule;
  std::optional<Provenance> provenance{};
  std::optional<Expectation> expectation{};
  std::optional<Stored> stored{};

  friend bool operator==(const ProgramFile&, const ProgramFile&) = default;
};

// A file without a line `stored` is written as version 1, which older versions of rxcheck read, too.
inline constexpr unsigned kOldestProgramFormat = 1;
inline constexpr unsigned kNewestProgramFormat = 2;
inline constexpr size_t kMaxProgramFileBytes = 1 << 20;

// The canonical text. REQUIRES: the program is valid.
std::string print(const ProgramFile& file);
// `name` is the file's, for the place of an error ("NAME:7").
Result<ProgramFile> parse_program(std::string_view text, const std::string& name);
Result<ProgramFile> load_program(const std::string& path);

}  // namespace rxcheck
