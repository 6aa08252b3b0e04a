// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "harness/core/digest.h"
#include "harness/core/program_text.h"
#include "harness/core/text_file.h"

namespace rxcheck {

namespace fs = std::filesystem;

Result<RunFolder> RunFolder::open(const std::string& out, uint64_t seed) {
  RunFolder folder;
  folder.seed_ = seed;
  if (out.empty()) return folder;
  std::error_code error;
  if (fs::exists(out, error) && (!fs::is_directory(out, error) || !fs::is_empty(out, error)))
    return Error{"there is something here already", out, "name a new folder"};
  fs::create_directories(out, error);
  if (error) return Error{"cannot make this folder: " + error.message(), out, "name another"};
  folder.path_ = out;
  return folder;
}

RunFolder RunFolder::reopen(const std::string& path) {
  RunFolder folder;
  folder.path_ = path;
  folder.replaces_ = true;
  return folder;
}

std::string RunFolder::path_of(const std::string& name) const { return (fs::path(path_) / name).string(); }

Result<std::string> RunFolder::write(const std::string& name, std::string_view text) {
  std::error_code error;
  for (unsigned attempt = 1; path_.empty(); ++attempt) {
    std::string free =
        attempt == 1 ? fmt::format("rxcheck-run-{}", seed_) : fmt::format("rxcheck-run-{}-{}", seed_, attempt);
    if (fs::create_directory(free, error))
      path_ = std::move(free);
    else if (error)
      return Error{"cannot make this folder: " + error.message(), free, "name one with --out"};
  }
  std::string path = path_of(name);
  if (!replaces_)
    if (auto taken = why_not_free(path)) return *taken;
  if (auto failed = write_text_file(path, text)) return *failed;
  return path;
}

std::string RunFolder::keep(const std::string& name, std::string_view text,
                            const std::function<void(const std::string&)>& note) {
  const auto written = write(name, text);
  if (written) return *written;
  note(fmt::format("{}; this should be in it:\n{}", written.error().text(), text));
  if (!unwritten_) unwritten_ = written.error();
  return "";
}

std::optional<Error> why_not_free(const std::string& path) {
  std::error_code ignored;
  if (fs::symlink_status(path, ignored).type() == fs::file_type::not_found) return std::nullopt;
  return Error{"there is a file here already, and nothing is overwritten", path, "name another or remove it"};
}

std::string name_of_finding(std::string_view clause, std::string_view fingerprint) {
  return fmt::format("{}-{}", clause, sha256_hex(fingerprint).substr(0, 8));
}

Result<std::set<std::string>> load_known(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".rxp") paths.push_back(entry.path().string());
  if (error) return Error{error.message(), folder, "name a folder of .rxp files"};
  std::ranges::sort(paths);
  std::set<std::string> fingerprints;
  for (const std::string& path : paths) {
    auto file = load_program(path);
    if (!file) return file.error();
    if (!file->expectation || file->expectation->fingerprint.empty())
      return Error{"this file names no fingerprint", path, "add its `expect` line, or take it out of the folder"};
    fingerprints.insert(file->expectation->fingerprint);
  }
  return fingerprints;
}

}  // namespace rxcheck
