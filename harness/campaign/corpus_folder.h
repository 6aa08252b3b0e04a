// SPDX-License-Identifier: Apache-2.0
//
// A corpus on disk: a flat folder of program files (.rxp) and histories (.rxh); whatever else stands in it is left
// alone. Every file is whole by itself, there is no list of them: a folder that files were added to or taken from is a
// corpus, and so is one whose writer was killed. Files are written beside and renamed. The stamp of a file (the lines
// `stored` and `expect`) is part of it, its comments stay.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/history.h"
#include "harness/core/program_text.h"
#include "harness/core/result.h"

namespace rxcheck {

struct CorpusFile {
  std::string name;    // in its folder
  std::string text;    // as it is read
  std::string digest;  // of what runs: program and schedule, or the history. In hex
  ProgramFile program;
  std::optional<History> history;  // of a .rxh file, which has no program

  Keeping keeping() const;
  // What it is said to show: `clean` if it says nothing.
  Expectation expectation() const;
};

// As it is written, named by its digest.
CorpusFile corpus_file_of(const ProgramFile& file);
// One that stands somewhere, named as it is there.
Result<CorpusFile> load_corpus_file(const std::string& path);

// SHA-256 of program and schedule, without title, origin, stamp and comments.
std::string digest_of(const ProgramFile& file);

// The text of a program file with another stamp, otherwise as it is; in the newest version of the format.
// REQUIRES: the text can be parsed.
std::string stamped(std::string_view text, const Stored& stored, const Expectation& expectation);

class CorpusFolder {
 public:
  // Reads all of it, by name. With `make`, a folder that is not there is made.
  static Result<CorpusFolder> open(const std::string& path, bool make = false);

  const std::string& path() const { return path_; }
  const std::vector<CorpusFile>& files() const { return files_; }
  bool holds(std::string_view digest) const;
  // Whether it keeps what somebody else's code does otherwise.
  bool is_known() const;

  // A new file by its name, or by its digest where that is taken. Nothing is written if its content is there already.
  // Returns its name.
  Result<std::string> add(CorpusFile file);
  // Another text for the file of that name.
  std::optional<Error> rewrite(const std::string& name, const std::string& text);
  std::optional<Error> remove(const std::string& name);

 private:
  std::string place_of(const std::string& name) const;

  std::string path_;
  std::vector<CorpusFile> files_;  // by name
};

}  // namespace rxcheck
