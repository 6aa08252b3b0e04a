// SPDX-License-Identifier: Apache-2.0
//
// A rule of the executive that was broken, as the executive sees it.
#pragma once

#include <cstdint>
#include <string>

namespace rxcheck::nt {

struct Broken {
  std::string rule;
  std::string object;
  std::string function;
  std::string text;
  uint16_t operation = 0xffff;
};

}  // namespace rxcheck::nt
