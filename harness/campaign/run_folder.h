// SPDX-License-Identifier: Apache-2.0
//
// The folder that a campaign leaves behind: run.json and a repro for each finding. Nothing of another run is
// ever overwritten.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace rxcheck {

class RunFolder {
 public:
  // `out` must be free or an empty folder, and is made at once. If it is "", a free name in the current folder is made
  // from the seed when the first file is written: a clean run leaves nothing.
  static Result<RunFolder> open(const std::string& out, uint64_t seed);

  // The folder of a run that goes on: what it had written is written again, in the place of the old.
  static RunFolder reopen(const std::string& path);

  // Writes a new file and returns its path.
  Result<std::string> write(const std::string& name, std::string_view text);
  // The same for what must not be lost: a text that cannot be written is given to `note` whole, behind the reason, and
  // the path is "". unwritten() then holds the first reason.
  std::string keep(const std::string& name, std::string_view text, const std::function<void(const std::string&)>& note);
  const std::optional<Error>& unwritten() const { return unwritten_; }
  // Something else that belongs into the folder could not be written.
  void lacks(const Error& error) {
    if (!unwritten_) unwritten_ = error;
  }
  const std::string& path() const { return path_; }  // "" if nothing has been made yet
  std::string path_of(const std::string& name) const;

 private:
  std::string path_;
  uint64_t seed_ = 0;
  bool replaces_ = false;
  std::optional<Error> unwritten_;
};

// An error if there is something at `path` already, for commands that write one file (-o).
std::optional<Error> why_not_free(const std::string& path);

// "C46-1f2e3d4c": a clause and a short hash of the fingerprint, as a file name.
std::string name_of_finding(std::string_view clause, std::string_view fingerprint);

// The fingerprints that the .rxp files of a folder expect.
Result<std::set<std::string>> load_known(const std::string& folder);

}  // namespace rxcheck
