// SPDX-License-Identifier: Apache-2.0
#include "harness/campaign/corpus_folder.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "harness/core/digest.h"
#include "harness/core/history_text.h"
#include "harness/core/text_file.h"

namespace rxcheck {

namespace {

namespace fs = std::filesystem;

constexpr size_t kNameDigits = 16;

std::string name_by(const std::string& digest, const std::string& extension) {
  return digest.substr(0, kNameDigits) + extension;
}

Result<CorpusFile> parse_file(const std::string& name, std::string text, const std::string& place) {
  CorpusFile file;
  file.name = name;
  file.text = std::move(text);
  if (name.ends_with(".rxh")) {
    auto history = parse_history(file.text, place);
    if (!history) return history.error();
    file.digest = sha256_hex(print(*history));
    file.history = std::move(*history);
    return file;
  }
  auto program = parse_program(file.text, place);
  if (!program) return program.error();
  file.program = std::move(*program);
  file.digest = digest_of(file.program);
  return file;
}

}  // namespace

Keeping CorpusFile::keeping() const {
  if (history) return Keeping::regression;
  return program.stored ? program.stored->keeping : Keeping::behaviour;
}

Expectation CorpusFile::expectation() const { return program.expectation.value_or(Expectation{"clean", "", ""}); }

CorpusFile corpus_file_of(const ProgramFile& program) {
  CorpusFile file;
  file.text = print(program);
  file.digest = digest_of(program);
  file.name = name_by(file.digest, ".rxp");
  file.program = program;
  return file;
}

Result<CorpusFile> load_corpus_file(const std::string& path) {
  auto text = read_text_file(path, path.ends_with(".rxh") ? kMaxHistoryFileBytes : kMaxProgramFileBytes);
  if (!text) return text.error();
  return parse_file(fs::path(path).filename().string(), std::move(*text), path);
}

std::string digest_of(const ProgramFile& file) {
  ProgramFile bare{file.program, file.schedule};
  bare.program.title.clear();
  return sha256_hex(print(bare));
}

std::string stamped(std::string_view text, const Stored& stored, const Expectation& expectation) {
  std::string out = "rxp " + std::to_string(kNewestProgramFormat) + "\n";
  bool first = true;
  for (size_t at = 0; at < text.size();) {
    const size_t next = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, next - at);
    at = next + 1;
    const size_t word = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view rest = line.substr(word);
    const bool stamp = rest.starts_with("stored ") || rest.starts_with("expect ");
    if (!std::exchange(first, false) && !stamp && line != "end") out.append(line).append("\n");
  }
  return out + stored_line(stored) + expectation_line(expectation) + "end\n";
}

Result<CorpusFolder> CorpusFolder::open(const std::string& path, bool make) {
  CorpusFolder folder;
  folder.path_ = path;
  std::error_code error;
  if (make) fs::create_directories(path, error);
  if (error) return Error{"cannot make this folder: " + error.message(), path, "name another"};
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".rxp") || name.ends_with(".rxh")) names.push_back(name);
  }
  if (error) return Error{error.message(), path, "name a folder of .rxp files"};
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const std::string place = folder.place_of(name);
    auto file = load_corpus_file(place);
    if (!file) return file.error();
    folder.files_.push_back(std::move(*file));
  }
  if (folder.is_known() && !std::ranges::all_of(folder.files_, [](const CorpusFile& file) {
        return file.history.has_value() || file.keeping() == Keeping::known;
      }))
    return Error{"what is known of other people's code stands among other files", path, "keep it in a folder apart"};
  return folder;
}

std::string CorpusFolder::place_of(const std::string& name) const { return (fs::path(path_) / name).string(); }

bool CorpusFolder::holds(std::string_view digest) const {
  return std::ranges::find(files_, digest, &CorpusFile::digest) != files_.end();
}

bool CorpusFolder::is_known() const {
  return std::ranges::any_of(files_, [](const CorpusFile& file) { return file.keeping() == Keeping::known; });
}

Result<std::string> CorpusFolder::add(CorpusFile file) {
  const auto there = std::ranges::find(files_, file.digest, &CorpusFile::digest);
  if (there != files_.end()) return there->name;
  if (std::ranges::find(files_, file.name, &CorpusFile::name) != files_.end())
    file.name = name_by(file.digest, fs::path(file.name).extension().string());
  if (auto failed = write_text_file(place_of(file.name), file.text)) return *failed;
  std::string name = file.name;
  files_.insert(std::ranges::lower_bound(files_, name, {}, &CorpusFile::name), std::move(file));
  return name;
}

std::optional<Error> CorpusFolder::rewrite(const std::string& name, const std::string& text) {
  const auto there = std::ranges::find(files_, name, &CorpusFile::name);
  if (there == files_.end() || there->text == text) return std::nullopt;
  auto file = parse_file(name, text, place_of(name));
  if (!file) return file.error();
  if (auto failed = write_text_file(place_of(name), text)) return failed;
  *there = std::move(*file);
  return std::nullopt;
}

std::optional<Error> CorpusFolder::remove(const std::string& name) {
  if (std::remove(place_of(name).c_str()) != 0)
    return Error{"the file cannot be removed", place_of(name), "check the folder's permissions"};
  std::erase_if(files_, [&](const CorpusFile& file) { return file.name == name; });
  return std::nullopt;
}

}  // namespace rxcheck
