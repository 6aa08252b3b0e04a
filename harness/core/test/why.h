// SPDX-License-Identifier: Apache-2.0
//
// For the message of an assertion on a Result.
#pragma once

#include <string>

#include "harness/core/result.h"

namespace rxcheck {

template <typename T>
std::string why(const Result<T>& result) {
  return result.ok() ? "" : result.error().text();
}

}  // namespace rxcheck
