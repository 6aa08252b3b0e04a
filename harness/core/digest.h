// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 over bytes and files, and SHA-1 where others name files by it, through OpenSSL.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/result.h"

namespace rxcheck {

// An incremental SHA-256. Not thread-safe. After `hex` the object may not be used again.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void update(std::string_view bytes);
  void update(std::span<const uint64_t> words);  // little-endian
  std::string hex();                             // 64 lower-case digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
std::string sha1_hex(std::string_view bytes);  // 40 digits
Result<std::string> sha256_of_file(const std::string& path);

}  // namespace rxcheck
