// SPDX-License-Identifier: Apache-2.0
//
// An open file that is closed when it goes out of scope.
#pragma once

#include <cstdio>
#include <memory>

namespace rxcheck {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

}  // namespace rxcheck
