// SPDX-License-Identifier: Apache-2.0
//
// Reads a PE32+ file into a PeImage. Every offset is checked against the file or the image before it is used: a damaged
// file gives an error, never a fault.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/nt/pe_image.h"

namespace rxcheck::nt {

class PeReader {
 public:
  explicit PeReader(PeImage& image) : image_(image) {}

  // Fills the image, or says what is wrong with the file.
  std::optional<Error> read(const std::string& path);

 private:
  std::optional<Error> read_headers();
  std::optional<Error> map_sections();
  std::optional<Error> relocate();
  std::optional<Error> read_imports();
  std::optional<Error> read_exports();
  void read_symbols();

  Error wrong(const std::string& what) const;
  // Reads a T of the file, or of the mapped image; nothing if it lies outside.
  template <typename T>
  std::optional<T> file_at(uint64_t offset) const;
  template <typename T>
  std::optional<T> image_at(uint64_t rva) const;
  std::optional<std::string> image_string(uint64_t rva) const;

  PeImage& image_;
  std::vector<uint8_t> file_;
  uint64_t optional_header_ = 0;
  uint64_t section_headers_ = 0;
  uint16_t section_count_ = 0;
  uint32_t symbol_table_ = 0;
  uint32_t symbol_count_ = 0;
  uint64_t preferred_base_ = 0;
  uint32_t headers_size_ = 0;
};

}  // namespace rxcheck::nt
