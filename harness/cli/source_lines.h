// SPDX-License-Identifier: Apache-2.0
//
// Source lines of places in the loaded drivers, by DWARF: NAME.debug beside NAME.sys (driver/build.sh), or NAME.sys
// itself. Read by addr2line of the GNU binutils as a child; without it, or without DWARF, there are no lines.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/nt/pe_image.h"

namespace rxcheck::cli {

struct SourceLine {
  std::string function;      // as written in the source: inlined ones too
  std::string path;          // as the compiler was given it, absolute
  unsigned line = 0;         // 0: unknown
  std::string text() const;  // "cancel.c:27", "" if unknown
};

class SourceLines {
 public:
  SourceLines() = default;
  // Return addresses: the line is that of the call or access before it.
  SourceLines(const std::vector<nt::PeImage*>& images, const std::vector<uint64_t>& sites);
  // An unknown line if there is none.
  SourceLine at(uint64_t site) const;

 private:
  std::map<uint64_t, SourceLine> lines_;
};

// The file with a driver's DWARF.
std::string debug_file_of(const nt::PeImage& image);
// The address that its headers ask for, which DWARF goes by.
uint64_t preferred_base_of(const nt::PeImage& image);
// The first of these programs that is in $PATH; "" if none is.
std::string find_program(const std::vector<std::string>& names);

}  // namespace rxcheck::cli
