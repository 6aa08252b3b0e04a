// SPDX-License-Identifier: Apache-2.0
//
// Program files as seeds of the target `program`: each as the first input that has its operations. What it was that the
// file's own schedule showed is the fuzzer's to find again; `rxcheck corpus export` looks for it, which takes a driver.
//
//   fuzz_seeds FOLDER FILE.rxp...
#include <cstdio>
#include <filesystem>
#include <string>

#include "fuzzers/program/from_program.h"
#include "harness/core/program_text.h"
#include "harness/core/text_file.h"

int main(int argc, char** argv) {
  using namespace rxcheck;
  if (argc < 3) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER FILE.rxp...\n");
    return 64;
  }
  unsigned written = 0;
  for (int i = 2; i < argc; ++i) {
    const auto file = load_program(argv[i]);
    if (!file) {
      std::fprintf(stderr, "fuzz_seeds: %s\n", file.error().text().c_str());
      return 65;
    }
    const auto inputs = fuzz::inputs_like(file->program);
    if (inputs.empty()) continue;
    const auto bytes = fuzz::encode(inputs.front());
    const std::string path = std::string(argv[1]) + "/" + std::filesystem::path(argv[i]).stem().string();
    if (const auto failed = write_text_file(path, std::string(bytes.begin(), bytes.end()))) {
      std::fprintf(stderr, "fuzz_seeds: %s\n", failed->text().c_str());
      return 75;
    }
    ++written;
  }
  return written != 0 ? 0 : 65;
}
