// SPDX-License-Identifier: Apache-2.0
//
// The line `stored MODEL [regression|known]` of a program file: the file is part of a corpus, and the models of that
// version gave the verdict that its `expect` line names (docs/corpora.md). Since version 2 of the format. Pure.
#pragma once

#include <string>

#include "harness/core/result.h"
#include "harness/core/text_file.h"

namespace rxcheck {

// What a corpus keeps the file for.
enum class Keeping : uint8_t {
  behaviour,   // what it shows, as long as no smaller file shows it too
  regression,  // it has shown a defect once: always
  known,       // it shows what somebody else's code does otherwise: always, apart from all others
};

struct Stored {
  std::string model;  // digest of the models' version: twelve lower-case hexadecimal digits
  Keeping keeping = Keeping::behaviour;

  friend bool operator==(const Stored&, const Stored&) = default;
};

// The whole line, with its LF.
std::string stored_line(const Stored& stored);
// REQUIRES: the line's first word is `stored`. The error has no place yet.
Result<Stored> read_stored(const TextLine& line);

}  // namespace rxcheck
