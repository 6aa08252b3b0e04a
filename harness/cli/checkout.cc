// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/checkout.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include "harness/targets/inproc.h"

namespace rxcheck::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kHeadLines = 30;

// The folder of that name in the checkout that the executable was built in: the nearest above it that holds such a
// folder with files of that kind.
std::optional<fs::path> folder_above(const fs::path& name, const fs::path& extension) {
  std::error_code none;
  for (fs::path here = fs::path(beside_executable("x")).parent_path(); !here.empty(); here = here.parent_path()) {
    for (const auto& entry : fs::directory_iterator(here / name, none))
      if (entry.path().extension() == extension) return here / name;
    if (here == here.root_path()) break;
  }
  return std::nullopt;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

// The clauses that a text names, as "C46"; in a file's name "c46" too.
std::set<models::ClauseId> clauses_in(std::string text) {
  std::set<models::ClauseId> ids;
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = ' ';
  for (size_t begin = 0; (begin = text.find_first_not_of(' ', begin)) != std::string::npos;) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    if (const auto id = models::parse_clause(text.substr(begin, end - begin));
        id && models::find_clause(*id) != nullptr)
      ids.insert(*id);
    begin = end;
  }
  return ids;
}

// The comment lines of a scenario, or the description of a patch.
std::string head_of(const fs::path& path, std::string_view prefix) {
  std::ifstream file(path);
  std::string head, line;
  for (int i = 0; i < kHeadLines && std::getline(file, line) && !line.starts_with("--- "); ++i)
    if (line.starts_with(prefix)) head += line + "\n";
  return head;
}

}  // namespace

ByClause scenarios_by_clause() {
  ByClause result;
  const auto folder = folder_above("corpora/scenarios", ".rxp");
  if (!folder) return result;
  for (const fs::path& path : entries_of(*folder)) {
    if (path.extension() != ".rxp") continue;
    std::string name = path.stem().string();
    if (name.starts_with('c')) name = "C" + name.substr(std::min(name.find_first_not_of("c0"), name.size()));
    auto ids = clauses_in(name.substr(0, name.find('-')));
    if (ids.empty()) ids = clauses_in(head_of(path, "# clause"));
    for (const auto id : ids) result[id].push_back(path.filename().string());
  }
  if (const auto router = folder_above("corpora/mpr", ".rxp"))
    for (const fs::path& path : entries_of(*router))
      for (const auto id : clauses_in(head_of(path, "# C"))) result[id].push_back("mpr/" + path.filename().string());
  const auto variants = folder_above("corpora/variants", ".rxp");
  if (!variants) return result;
  for (const fs::path& path : entries_of(*variants))
    for (const auto id : clauses_in(head_of(path, "# C"))) result[id].push_back("variants/" + path.filename().string());
  return result;
}

std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const char* name : {"corpora/scenarios", "corpora/windows", "corpora/seeds"}) {
    const auto folder = folder_above(name, ".rxp");
    if (!folder) continue;
    for (const fs::path& path : entries_of(*folder))
      if (path.extension() == ".rxp") files.push_back(path.string());
  }
  return files;
}

ByClause mutants_by_clause() {
  ByClause result;
  const auto folder = folder_above("driver/mutants", ".patch");
  if (!folder) return result;
  for (const fs::path& path : entries_of(*folder))
    if (path.extension() == ".patch")
      for (const auto clause : clauses_in(head_of(path, ""))) result[clause].push_back(path.stem().string());
  return result;
}

}  // namespace rxcheck::cli
