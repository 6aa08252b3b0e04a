// SPDX-License-Identifier: Apache-2.0
//
// Values as bytes, for what workers send: numbers as 8 little-endian bytes, texts after their length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rxcheck {

class WireWriter {
 public:
  void number(uint64_t value) {
    for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<char>(value >> (8 * i)));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reading beyond the end gives 0 and ""; `done` then says false.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  uint64_t number() {
    if (rest_.size() < 8) return fail();
    uint64_t value = 0;
    for (size_t i = 8; i-- > 0;) value = value << 8 | static_cast<uint8_t>(rest_[i]);
    rest_.remove_prefix(8);
    return value;
  }
  std::string text() {
    const uint64_t size = number();
    if (size > rest_.size()) return fail(), std::string();
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  void refuse() { fail(); }  // what was read makes no sense
  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }  // everything was read, and was there

 private:
  uint64_t fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace rxcheck
