// SPDX-License-Identifier: Apache-2.0
//
// A name for a folder of its own for each test; what is there is gone afterwards.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>

namespace rxcheck::test {

struct Scratch {
  Scratch() {
    static int number = 0;
    path = std::filesystem::temp_directory_path() /
           ("rxcheck-test-" + std::to_string(::getpid()) + "-" + std::to_string(number++));
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string operator/(const std::string& name) const { return (path / name).string(); }

  std::filesystem::path path;
};

}  // namespace rxcheck::test
