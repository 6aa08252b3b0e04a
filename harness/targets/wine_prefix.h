// SPDX-License-Identifier: Apache-2.0
//
// A Wine prefix of our own: a private folder in which Wine keeps its registry and its drive C:, away from the user's.
// Making one takes Wine ten seconds and 700 MB, so one template is made and kept in the user's cache folder
// ($XDG_CACHE_HOME/rxcheck, else ~/.cache/rxcheck, else the temporary folder), and a prefix is a copy of it: of the
// registry, and of links to the files of drive C:. The folder goes away with the object; those of harnesses
// that were killed go when the next one is made.
#pragma once

#include <filesystem>
#include <string>

#include "harness/core/result.h"
#include "harness/targets/child_process.h"

namespace rxcheck {

// $XDG_CACHE_HOME/rxcheck, else ~/.cache/rxcheck, else a folder among the temporary ones.
std::filesystem::path cache_folder();

// The Wine that would be used, or nothing if none is installed.
std::optional<std::string> find_wine();

class WinePrefix {
 public:
  // Makes the template first, if it is not there. Several harnesses may do so side by side.
  static Result<WinePrefix> make(const std::string& wine);
  WinePrefix(WinePrefix&& other) noexcept
      : path_(std::exchange(other.path_, {})), wine_(std::move(other.wine_)), owner_(std::exchange(other.owner_, -1)) {}
  WinePrefix& operator=(WinePrefix&& other) noexcept;
  ~WinePrefix();

  const std::string& path() const { return path_; }
  // For every program of Wine that uses it: no display, no sound, no messages but of crashes.
  ChildProcess::Variables environment() const;
  // Ends Wine's server and all that runs in the prefix.
  void end();

 private:
  WinePrefix() = default;

  std::string path_;
  std::string wine_;
  int owner_ = -1;  // a lock that says that the folder is in use
};

}  // namespace rxcheck
