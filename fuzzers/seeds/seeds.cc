// SPDX-License-Identifier: Apache-2.0
//
// Seeds. Program files as seeds of the target `program`: each as the first input that has its operations. What it was
// that the file's own schedule showed is the fuzzer's to find again; `rxcheck corpus export` looks for it, which takes
// a driver. And files as seeds of `formats`: rxp, those of the router's surface, rxh, each behind the number of its
// reader, and run records.
//
//   fuzz_seeds program FOLDER FILE.rxp...
//   fuzz_seeds formats FOLDER FILE...
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "fuzzers/formats/formats.h"
#include "fuzzers/program/from_program.h"
#include "fuzzers/seeds/run_seeds.h"
#include "harness/core/program_text.h"
#include "harness/core/text_file.h"

namespace {

using namespace rxcheck;

constexpr size_t kMostBytes = 64u << 20;

std::optional<Error> write(const std::string& folder, const std::string& name, std::string_view bytes) {
  return write_text_file((std::filesystem::path(folder) / name).string(), bytes);
}

std::optional<Error> write_program(const std::string& folder, const std::string& path) {
  const auto file = load_program(path);
  if (!file) return file.error();
  const auto inputs = fuzz::inputs_like(file->program);
  if (inputs.empty()) return std::nullopt;
  const auto bytes = fuzz::encode(inputs.front());
  return write(folder, std::filesystem::path(path).stem().string(), std::string(bytes.begin(), bytes.end()));
}

std::string as_input(unsigned format, std::string_view bytes) { return static_cast<char>(format) + std::string(bytes); }

std::optional<Error> write_file(const std::string& folder, const std::string& path) {
  const auto text = read_text_file(path, kMostBytes);
  if (!text) return text.error();
  const std::filesystem::path file(path);
  const bool history = file.extension() == ".rxh", router = text->find("\nsurface mpr\n") != std::string::npos;
  const unsigned format = fuzz::format_named(history ? "rxh" : router ? "rxp of the router" : "rxp");
  return write(folder, (router ? "mpr-" : "") + file.filename().string(), as_input(format, *text));
}

std::optional<Error> write_runs(const std::string& folder) {
  for (const fuzz::FormatSeed& seed : fuzz::run_seeds())
    if (auto failed = write(folder, seed.name, as_input(seed.format, seed.bytes))) return failed;
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view target = argc > 1 ? argv[1] : "";
  if (argc < 4 || (target != "program" && target != "formats")) {
    std::fprintf(stderr, "usage: fuzz_seeds program|formats FOLDER FILE...\n");
    return 64;
  }
  std::optional<Error> failed;
  if (target == "formats") failed = write_runs(argv[2]);
  for (int i = 3; i < argc && !failed; ++i)
    failed = target == "program" ? write_program(argv[2], argv[i]) : write_file(argv[2], argv[i]);
  if (!failed) return 0;
  std::fprintf(stderr, "fuzz_seeds: %s\n", failed->text().c_str());
  return 65;
}
